package plan

import (
	"strconv"
	"strings"
)

// ArgKind tells what an Arg stands for.
type ArgKind uint8

// The kinds of argument.
const (
	ArgValue  ArgKind = iota // Value itself
	ArgBytes                 // the address of Data
	ArgOut                   // the address of the op's own buffer, plus Value
	ArgOutOf                 // the address of the buffer of the op named Name, plus Value
	ArgResult                // the result of the op named Name
	ArgWords                 // the address of an array of eight-byte words, one for each of Words
)

// Arg is one argument of a call.
type Arg struct {
	Kind  ArgKind
	Value uint64
	Data  []byte
	Name  string
	Words []Arg
	// Text is what `netjail plan` prints.
	Text string
}

func num(n int) Arg { return Arg{Value: uint64(n), Text: strconv.Itoa(n)} }

// named is a constant of the manual.
func named(text string, v uint64) Arg { return Arg{Value: v, Text: text} }

// str is a NUL-terminated string.
func str(s string) Arg {
	return Arg{Kind: ArgBytes, Data: append([]byte(s), 0), Text: strconv.Quote(s)}
}

// raw is a block of bytes; text says what it means.
func raw(b []byte, text string) Arg { return Arg{Kind: ArgBytes, Data: b, Text: text} }

func out() Arg { return Arg{Kind: ArgOut, Text: "buf"} }

func outAt(offset int) Arg {
	return Arg{Kind: ArgOut, Value: uint64(offset), Text: "&buf[" + strconv.Itoa(offset) + "]"}
}

func outOf(op string, offset int) Arg {
	return Arg{Kind: ArgOutOf, Name: op, Value: uint64(offset), Text: "&" + op + "[" + strconv.Itoa(offset) + "]"}
}

func result(op string) Arg { return Arg{Kind: ArgResult, Name: op, Text: "$" + op} }

var null = Arg{Text: "NULL"}

// vector is a NULL-terminated array of strings, as execve(2) takes them. Only
// the first few are printed.
func vector(ss []string) Arg {
	words := make([]Arg, 0, len(ss)+1)
	for _, s := range ss {
		words = append(words, str(s))
	}
	const shown = 6
	text := make([]string, 0, shown+1)
	for i, s := range ss {
		if i == shown {
			text = append(text, "… "+strconv.Itoa(len(ss)-shown)+" more")
			break
		}
		text = append(text, strconv.Quote(s))
	}
	return Arg{Kind: ArgWords, Words: append(words, null), Text: "[" + strings.Join(text, ", ") + "]"}
}

// flags joins constants with |.
func flags(args ...Arg) Arg {
	var a Arg
	for i, f := range args {
		a.Value |= f.Value
		if i > 0 {
			a.Text += "|"
		}
		a.Text += f.Text
	}
	return a
}
