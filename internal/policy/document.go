package policy

import "github.com/netjail/netjail/internal/diag"

// Smallest is the smallest profile.
const Smallest = "apiVersion: netjail/v1"

// Parser turns a profile's text into a Document, as source.Parse does. file is
// the name that diagnostics carry.
type Parser func(file string, text []byte) (*Document, diag.List)

// Document is a profile as it is written: nodes with places, before anything is
// known about keys. Where it holds what it inherits, the places of those nodes
// name their files.
type Document struct {
	File string
	Root *Node // a mapping
}

// fileOf is the file that a node was written in.
func (d *Document) fileOf(n *Node) string {
	if n.Span.File != "" {
		return n.Span.File
	}
	return d.File
}

// Kind is the form of a Node.
type Kind uint8

// The forms. A plain scalar is read as YAML 1.2's core schema reads it; the
// text is kept as it is written.
const (
	KindInvalid Kind = iota // reported already; to be passed over
	KindMap
	KindList
	KindText
	KindNumber
	KindBool
	KindNull
)

// String is the word used in messages.
func (k Kind) String() string {
	switch k {
	case KindMap:
		return "a mapping"
	case KindList:
		return "a list"
	case KindText:
		return "text"
	case KindNumber:
		return "a number"
	case KindBool:
		return "a boolean"
	case KindNull:
		return "nothing"
	}
	return "something invalid"
}

// Node is one value of a Document.
type Node struct {
	Kind Kind
	// Text is a scalar's text: unquoted, unescaped.
	Text string
	// Plain is true for a scalar without quotes.
	Plain bool
	Items []*Node // of a list
	Pairs []Pair  // of a mapping, as written; no key stands twice
	Span  diag.Span
}

// Pair is a key and its value.
type Pair struct{ Key, Value *Node }

// Field is the value of a key; nil where the mapping does not have it.
func (n *Node) Field(name string) *Node {
	if p := n.Pair(name); p != nil {
		return p.Value
	}
	return nil
}

// Pair is the pair with a key; nil where the mapping does not have it.
func (n *Node) Pair(name string) *Pair {
	if n == nil {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Key.Text == name {
			return &n.Pairs[i]
		}
	}
	return nil
}

// find is the pair of a dotted path of keys; nil where it is not written.
func (d *Document) find(path string) *Pair {
	n := d.Root
	for {
		name, rest, more := cut(path)
		p := n.Pair(name)
		if p == nil || !more {
			return p
		}
		n, path = p.Value, rest
	}
}

// stated is the pair that gives a key its value: its own, or that of a mapping
// above it for which a word stands; nil where nothing is written.
func (d *Document) stated(path string) *Pair {
	n := d.Root
	for {
		name, rest, more := cut(path)
		p := n.Pair(name)
		if p == nil || !more || p.Value.Kind != KindMap {
			return p
		}
		n, path = p.Value, rest
	}
}

// cut splits a dotted path behind its first name.
func cut(path string) (name, rest string, more bool) {
	for i := range len(path) {
		if path[i] == '.' {
			return path[:i], path[i+1:], true
		}
	}
	return path, "", false
}
