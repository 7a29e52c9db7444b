package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/netjail/netjail/internal/inet"
)

// literal writes v as a Go expression for package profiles. Fields that hold
// their zero value are left out.
func literal(b *strings.Builder, v reflect.Value) {
	if p, ok := v.Interface().(inet.Prefix); ok {
		prefix(b, p)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		b.WriteByte('&')
		literal(b, v.Elem())
	case reflect.Struct:
		structure(b, v)
	case reflect.Slice, reflect.Array:
		elements(b, v)
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	default:
		fmt.Fprintf(b, "%v", v.Interface())
	}
}

// typeName is a type's name as package profiles writes it.
func typeName(t reflect.Type) string { return t.String() }

func structure(b *strings.Builder, v reflect.Value) {
	b.WriteString(typeName(v.Type()))
	fields(b, v, "\n")
}

// fields writes {name: value, …}, with sep before each field.
func fields(b *strings.Builder, v reflect.Value, sep string) {
	b.WriteString("{")
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			continue
		}
		b.WriteString(sep + v.Type().Field(i).Name + ": ")
		value(b, v.Field(i))
		b.WriteString(",")
	}
	b.WriteString(sep + "}")
}

// value writes a field; numbers of a named type as numbers, which Go converts.
func value(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		fmt.Fprintf(b, "%d", v.Uint())
	case reflect.Int:
		fmt.Fprintf(b, "%d", v.Int())
	default:
		literal(b, v)
	}
}

// elements writes a list, structures one to a line.
func elements(b *strings.Builder, v reflect.Value) {
	b.WriteString(typeName(v.Type()) + "{")
	for i := range v.Len() {
		e := v.Index(i)
		if _, ok := e.Interface().(inet.Prefix); !ok && e.Kind() == reflect.Struct {
			b.WriteString("\n")
			fields(b, e, " ")
		} else {
			value(b, e)
		}
		b.WriteString(",")
	}
	b.WriteString("}")
}

func prefix(b *strings.Builder, p inet.Prefix) {
	b.WriteString("inet.PrefixFrom(inet.AddrFrom")
	if a := p.Addr(); a.Is4() {
		fmt.Fprintf(b, "4(%#v)", a.As4())
	} else {
		fmt.Fprintf(b, "16(%#v)", a.As16())
	}
	fmt.Fprintf(b, ", %d)", p.Bits())
}
