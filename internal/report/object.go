package report

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// member is one member of a JSON object: what the schema says of it, and how it
// is written. Every member is always there.
type member[T any] struct {
	name  string
	doc   string
	shape shape
	write func(dst []byte, v *T) []byte
}

// object is the table of an object's members, in the order in which they are
// written.
type object[T any] []member[T]

// append appends v as JSON.
func (o object[T]) append(dst []byte, v *T) []byte {
	dst = append(dst, '{')
	for i, m := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(diag.AppendQuote(dst, m.name), ':')
		dst = m.write(dst, v)
	}
	return append(dst, '}')
}

// text is a member that is a string.
func text[T any](name, doc string, of func(*T) string) member[T] {
	return member[T]{name, doc, shape{kind: "string"}, func(dst []byte, v *T) []byte {
		return diag.AppendQuote(dst, of(v))
	}}
}

// word is a member that is one of a few strings.
func word[T any](name, doc string, of func(*T) string, words []string) member[T] {
	m := text(name, doc, of)
	m.shape.words = words
	return m
}

// count is a member that is a number from 0 on.
func count[T any](name, doc string, of func(*T) int) member[T] {
	return member[T]{name, doc, shape{kind: "integer"}, func(dst []byte, v *T) []byte {
		return strconv.AppendInt(dst, int64(of(v)), 10)
	}}
}

// boolean is a member that is true or false.
func boolean[T any](name, doc string, of func(*T) bool) member[T] {
	return member[T]{name, doc, shape{kind: "boolean"}, func(dst []byte, v *T) []byte {
		return strconv.AppendBool(dst, of(v))
	}}
}

// texts is a member that is an array of strings.
func texts[T any](name, doc string, of func(*T) []string) member[T] {
	items := shape{kind: "string"}
	return member[T]{name, doc, shape{kind: "array", items: &items}, func(dst []byte, v *T) []byte {
		return appendArray(dst, of(v), "", diag.AppendQuote)
	}}
}

// part is a member that is an object.
func part[T, P any](name, doc string, o object[P], of func(*T) P) member[T] {
	return member[T]{name, doc, o.shape(), func(dst []byte, v *T) []byte {
		p := of(v)
		return o.append(dst, &p)
	}}
}

// parts is a member that is an array of objects, each on a line of its own.
func parts[T, P any](name, doc string, o object[P], of func(*T) []P) member[T] {
	items := o.shape()
	return member[T]{name, doc, shape{kind: "array", items: &items}, func(dst []byte, v *T) []byte {
		return appendArray(dst, of(v), "\n  ", func(dst []byte, p P) []byte { return o.append(dst, &p) })
	}}
}

func appendArray[P any](dst []byte, list []P, before string, write func([]byte, P) []byte) []byte {
	dst = append(dst, '[')
	for i, p := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = write(append(dst, before...), p)
	}
	return append(dst, ']')
}

// fixed is a member that is always the same number.
func fixed[T any](name, doc string, n int) member[T] {
	m := count(name, doc, func(*T) int { return n })
	m.shape = shape{constant: strconv.Itoa(n)}
	return m
}

// names turns named values into their names.
func names[V interface{ String() string }](values []V) []string {
	list := make([]string, 0, len(values))
	for _, v := range values {
		list = append(list, v.String())
	}
	return list
}
