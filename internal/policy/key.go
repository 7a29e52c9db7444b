package policy

import (
	"slices"
	"strings"
)

// Key is one row of the key table: what a key is called, what it takes, what
// it means. The decoder, the suggestions, the JSON Schema and the reference are
// all made from these rows.
type Key struct {
	// Path is the dotted path. "[]" stands for the items of a list.
	Path string
	// Words are the words that the key takes.
	Words []Word
	// Atom is the form of a single value that is not one of Words.
	Atom Atom
	// Item is the form of the items where the key takes a list.
	Item Atom
	// Field is the form of the values where the key takes a mapping with names
	// of the author's choice.
	Field Atom
	// Object is true where the key takes a mapping of further keys; Objects
	// where it takes a list of such mappings.
	Object, Objects bool
	// MaxItems is how many of them the list holds at most; 0 where there is no
	// bound but the file's.
	MaxItems int
	// Repeats is true where one item may stand in the list several times.
	Repeats bool
	// Required is true for a key that must be written where its parent is.
	Required bool
	// Default is the value of the key when it is left out, as in a profile;
	// empty where there is none.
	Default string
	// Meaning is one or more sentences.
	Meaning string
	// Since is the first version with the key.
	Since string
	// Examples are values as in a profile.
	Examples []string
	// Checks are the ids of the audit's checks that rest on the key.
	Checks []string
	// Own is true for a key that a profile says of itself, and that nobody
	// inherits.
	Own bool

	// read puts a value that has the right form into the policy.
	read func(r *reader, k *Key, n *Node)
	// write gives the value back; nil where the keys below are written instead.
	write func(p *Policy, k *Key) value
	// spread gives the mapping that a word or a list is short for, so that a
	// profile which extends this one can change a part of it; nil where it is short
	// for none.
	spread func(n *Node) *Node
}

// Word is one word that a key takes.
type Word struct{ Text, Meaning string }

// Keys is the table, parents before children, in the order in which a profile
// is printed.
func Keys() []Key {
	all := make([]Key, 0, keyCount())
	for k := range eachKey {
		all = append(all, *k)
	}
	return all
}

// LookupKey finds a row by its path.
func LookupKey(path string) (*Key, bool) {
	for k := range eachKey {
		if k.Path == path {
			return k, true
		}
	}
	return nil, false
}

// word is the index of a node's text among the key's words; -1 where it is
// none of them. The words stand in the order of the enumeration that they name.
func (k *Key) word(n *Node) int {
	form := KindText
	if k.boolean() {
		form = KindBool
	}
	for i := range k.Words {
		if n.Kind == form && k.Words[i].Text == n.Text {
			return i
		}
	}
	return -1
}

// boolean says whether the words are true and false, which only a plain scalar
// can be.
func (k *Key) boolean() bool { return len(k.Words) > 0 && k.Words[0].Text == "true" }

// takes says whether a word belongs to the key.
func (k *Key) takes(word string) bool {
	for i := range k.Words {
		if k.Words[i].Text == word {
			return true
		}
	}
	return false
}

// ItemWords are the words that a list takes, groups of variables among them; nil
// where they are not few.
func (k *Key) ItemWords() []Word {
	if k.Item == AtomVariable {
		return groupWords()
	}
	return atomOf(k.Item).Words
}

// AllWords are the words that the key takes as a value of its own.
func (k *Key) AllWords() []Word { return append(slices.Clone(k.Words), atomOf(k.Atom).Words...) }

// Parent is the path of the mapping that the key stands in: "" at the top.
func (k *Key) Parent() string {
	i := strings.LastIndexByte(k.Path, '.')
	return k.Path[:max(i, 0)]
}

// Name is the last part of the path.
func (k *Key) Name() string { return k.Path[strings.LastIndexByte(k.Path, '.')+1:] }

// Type is the form of the key's value in words: "`none` or a list of
// capabilities".
func (k *Key) Type() string {
	var forms []string
	for i := range k.Words {
		forms = append(forms, "`"+k.Words[i].Text+"`")
	}
	if k.Atom != AtomNone {
		forms = append(forms, atomOf(k.Atom).one())
	}
	if k.Item != AtomNone {
		forms = append(forms, "a list of "+atomOf(k.Item).Plural)
	}
	if k.Field != AtomNone {
		forms = append(forms, "a mapping of names to "+atomOf(k.Field).Plural)
	}
	if k.Objects {
		forms = append(forms, "a list of mappings")
	}
	if k.Object {
		forms = append(forms, "a mapping")
	}
	return orList(forms)
}

// orList joins alternatives: "a, b or c".
func orList(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " or " + items[last]
}

// childrenOf lists the rows that stand directly in a mapping.
func childrenOf(parent string) []*Key {
	var rows []*Key
	for k := range eachKey {
		if k.Parent() == parent {
			rows = append(rows, k)
		}
	}
	return rows
}
