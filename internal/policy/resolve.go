package policy

import (
	"fmt"
	"maps"

	"github.com/netjail/netjail/internal/diag"
)

// Compile turns a Document into a Policy in which every key has a value. All
// problems are in the list, sorted; where one of them is an error, Resolved is
// nil. A nil Document gives nil and an empty list: Parse has said why. A document
// that extends others is refused: Resolve knows where to look for them.
func Compile(doc *Document) (*Resolved, diag.List) {
	if doc == nil {
		return nil, nil
	}
	parse := func(string, []byte) (*Document, diag.List) { return doc, nil }
	return Resolve(&Source{File: doc.File}, parse, nil)
}

// Resolve turns a profile's text, and what it extends, into a Policy in which
// every key has a value. All problems of all files are in the list, sorted; where
// one of them is an error, Resolved is nil. A nil Finder finds nothing.
func Resolve(src *Source, parse Parser, find Finder) (*Resolved, diag.List) {
	if find == nil {
		find = findNothing
	}
	v := resolver{parse: parse, find: find, done: make(map[string]*layer)}
	l := v.layer(src)
	v.list.Sort()
	if l.policy == nil || v.list.Errors() > 0 {
		return nil, v.list
	}
	return &Resolved{Policy: l.policy, Origins: originsOf(l.doc, l.policy), Digest: l.policy.Digest()}, v.list
}

func findNothing(name string, _ *Source) (*Source, *diag.Diagnostic) {
	return nil, &diag.Diagnostic{Message: "no profile is called " + diag.Quote(name) + " here", Help: "this profile is read by itself"}
}

// resolver follows `extends`.
type resolver struct {
	parse Parser
	find  Finder
	list  diag.List
	// done are the profiles that were begun, by their file: one that is reached in
	// two ways is resolved once.
	done map[string]*layer
	// chain is the way to the profile that is being resolved.
	chain []link
	// nodes counts the keys and values of all files.
	nodes int
}

// layer is a profile with what it inherits.
type layer struct {
	doc *Document
	// files are its own and those of all that it rests on.
	files map[string]bool
	// policy is nil where the profile cannot be used.
	policy *Policy
}

// layer resolves one profile.
func (v *resolver) layer(src *Source) *layer {
	l := &layer{files: map[string]bool{src.File: true}}
	v.done[src.key()] = l
	own, list := v.parse(src.File, src.Text)
	v.list = append(v.list, list...)
	if own == nil || !v.fits(src, own) {
		return l
	}
	parents, whole := v.parents(src, own)
	for _, p := range parents {
		maps.Copy(l.files, p.files)
	}
	r := newReader(src.File)
	r.blind = !whole
	inherited := r.inherit(own, parents)
	l.doc = r.doc
	r.read()
	if whole {
		r.check()
		r.tighten(inherited, parents)
	}
	r.place(parents)
	v.list = append(v.list, r.list...)
	if whole && list.Errors() == 0 && r.list.Errors() == 0 {
		l.policy = r.policy
	}
	return l
}

// fits says whether all files together are within the bounds of one.
func (v *resolver) fits(src *Source, doc *Document) bool {
	v.nodes += doc.Root.count()
	if v.nodes <= MaxNodes {
		return true
	}
	v.list = append(v.list, diag.Diagnostic{
		Code: diag.TooManyNodes, File: src.File,
		Message: fmt.Sprintf("more than %d keys and values in the profile and those that it extends", MaxNodes),
	})
	return false
}

// count is the number of keys and values.
func (n *Node) count() int {
	sum := 1
	for _, item := range n.Items {
		sum += item.count()
	}
	for _, p := range n.Pairs {
		sum += 1 + p.Value.count()
	}
	return sum
}

func newReader(file string) *reader {
	p := Default()
	return &reader{doc: &Document{File: file}, policy: &p}
}

// check runs the rules about several keys.
func (r *reader) check() {
	for i := range checks {
		if r.sound(checks[i].keys) {
			checks[i].run(r)
		}
	}
}
