package policy

import "strconv"

// value is a key's value on its way out: into YAML, JSON and the digest.
type value struct {
	form   valueForm
	text   string  // of a scalar
	items  []value // of a list
	fields []field // of a mapping, in order
}

type valueForm uint8

const (
	formAbsent  valueForm = iota // a key that is not printed: a name that nobody gave
	formWord                     // a word of the language: text that never needs quotes
	formLiteral                  // true, false or a number
	formText                     // text, in quotes where YAML needs them
	formList
	formMap
)

type field struct {
	name  string
	value value
}

func word(s string) value           { return value{form: formWord, text: s} }
func text(s string) value           { return value{form: formText, text: s} }
func list(items []value) value      { return value{form: formList, items: items} }
func mapping(fields ...field) value { return value{form: formMap, fields: fields} }

// node is the value as if it had been written, without a place; nil where there is
// none.
func (v value) node() *Node {
	n := &Node{Kind: KindText, Text: v.text, Plain: v.form != formText}
	switch v.form {
	case formAbsent:
		return nil
	case formLiteral:
		n.Kind = KindNumber
		if v.text == "true" || v.text == "false" {
			n.Kind = KindBool
		}
	case formList:
		n.Kind = KindList
	case formMap:
		n.Kind = KindMap
	}
	for _, item := range v.items {
		n.Items = append(n.Items, item.node())
	}
	for _, f := range v.fields {
		n.Pairs = append(n.Pairs, Pair{text(f.name).node(), f.value.node()})
	}
	return n
}

// number is a decimal number.
func number[N int | uint32](n N) value {
	return value{form: formLiteral, text: strconv.FormatInt(int64(n), 10)}
}

// chosen is the word of an enumeration.
func chosen[E ~uint8](k *Key, e E) value {
	if k.boolean() {
		return value{form: formLiteral, text: k.Words[e].Text}
	}
	return word(k.Words[e].Text)
}

// optional is text, or nothing where it is empty.
func optional(s string) value {
	if s == "" {
		return value{}
	}
	return text(s)
}

// listOrNone is a list of texts, or the word none where it is empty.
func listOrNone[T any](items []T, write func(T) value) value {
	if len(items) == 0 {
		return word("none")
	}
	out := make([]value, len(items))
	for i, item := range items {
		out[i] = write(item)
	}
	return list(out)
}
