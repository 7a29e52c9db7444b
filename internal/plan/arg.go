package plan

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/tree"
)

// ArgKind tells what an Arg stands for.
type ArgKind uint8

// The kinds of argument.
const (
	ArgValue  ArgKind = iota // Value itself
	ArgBytes                 // the address of Block.Data
	ArgString                // the address of Name, with a NUL behind it
	ArgOut                   // the address of the op's own buffer, plus Value
	ArgOutOf                 // the address of the buffer of the op called Name, plus Value
	ArgResult                // the result of the op called Name; of its Value-th call, from 1, where it is several
	ArgEach                  // one of Op.Each after the other
	ArgWords                 // the address of an array of eight-byte words, one for each of Block.Words
	ArgNode                  // the address of three words: device, inode and type of Block.Node
	ArgArgOf                 // the Value-th argument, from 0, of the op called Name: memory that both have
)

// Arg is one argument of a call. It is small because every start makes hundreds.
type Arg struct {
	Kind  ArgKind
	Value uint64
	// Name is the manual's name of a constant, the string of ArgString, the name
	// of the op that ArgResult and ArgOutOf refer to, or empty for a plain number.
	Name string
	// Block is what ArgBytes and ArgWords point to.
	Block *Block
}

// Block is memory that an argument points to.
type Block struct {
	Data  []byte
	Words []Arg
	Node  *tree.Node
	Text  string // what `netjail plan` prints; empty for an array of strings and a Node
}

// Bytes is the data of ArgBytes.
func (a *Arg) Bytes() []byte { return a.Block.Data }

// Text is the argument as `netjail plan` prints it.
func (a *Arg) Text() string {
	switch a.Kind {
	case ArgBytes, ArgWords:
		return a.Block.text()
	case ArgString:
		return strconv.Quote(a.Name)
	case ArgOut:
		if a.Value > 0 {
			return "&buf[" + strconv.FormatUint(a.Value, 10) + "]"
		}
		return "buf"
	case ArgOutOf:
		return "&" + a.Name + "[" + strconv.FormatUint(a.Value, 10) + "]"
	case ArgResult:
		if a.Value > 0 {
			return "$" + a.Name + "[" + strconv.FormatUint(a.Value-1, 10) + "]"
		}
		return "$" + a.Name
	case ArgEach:
		return "each"
	case ArgNode:
		return nodeText(a.Block.Node)
	case ArgArgOf:
		return a.Name + "." + strconv.FormatUint(a.Value, 10)
	}
	if a.Name != "" {
		return a.Name
	}
	return strconv.FormatUint(a.Value, 10)
}

// text is what the block says of itself or, for an array of strings, those in
// quotes, of which only the first few are printed.
func (b *Block) text() string {
	if b.Text != "" {
		return b.Text
	}
	words := b.Words[:len(b.Words)-1]
	return listText(len(words), func(i int) string { return words[i].Text() })
}

// listText is a list of n texts, of which only the first few are printed.
func listText(n int, text func(int) string) string {
	const shown = 6
	texts := make([]string, 0, shown+1)
	for i := range n {
		if i == shown {
			texts = append(texts, "… "+strconv.Itoa(n-shown)+" more")
			break
		}
		texts = append(texts, text(i))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

func num(n int) Arg { return Arg{Value: uint64(n)} }

// named is a constant of the manual.
func named(name string, v uint64) Arg { return Arg{Value: v, Name: name} }

// str is a NUL-terminated string.
func str(s string) Arg { return Arg{Kind: ArgString, Name: s} }

// raw is a block of bytes; text says what it means.
func raw(b []byte, text string) Arg { return Arg{Kind: ArgBytes, Block: &Block{Data: b, Text: text}} }

func out() Arg { return Arg{Kind: ArgOut} }

func outAt(offset int) Arg { return Arg{Kind: ArgOut, Value: uint64(offset)} }

func outOf(op string, offset int) Arg {
	return Arg{Kind: ArgOutOf, Name: op, Value: uint64(offset)}
}

// argOf is argument k, from 0, of an op that is one call.
func argOf(op string, k int) Arg { return Arg{Kind: ArgArgOf, Name: op, Value: uint64(k)} }

func result(op string) Arg { return Arg{Kind: ArgResult, Name: op} }

// resultAt is the result of call k, from 0, of an op that is several calls.
func resultAt(op string, k int) Arg { return Arg{Kind: ArgResult, Name: op, Value: uint64(k) + 1} }

// each stands for one of Op.Each after the other.
var each = Arg{Kind: ArgEach}

var null = named("NULL", 0)

// vector is a NULL-terminated array of strings, as execve(2) takes them.
func vector(ss []string) Arg {
	words := make([]Arg, 0, len(ss)+1)
	for _, s := range ss {
		words = append(words, str(s))
	}
	return Arg{Kind: ArgWords, Block: &Block{Words: append(words, null)}}
}

// flags joins constants with |.
func flags(args ...Arg) Arg {
	var a Arg
	for i, f := range args {
		a.Value |= f.Value
		if i > 0 {
			a.Name += "|"
		}
		a.Name += f.Name
	}
	return a
}
