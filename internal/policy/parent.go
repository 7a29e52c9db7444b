package policy

import (
	"fmt"
	"path"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// Source is the text of a profile, and what it is called.
type Source struct {
	// File is the name that diagnostics and origins carry. One file has one name.
	File string
	Text []byte
	// BuiltIn is true for a profile that netjail carries with it: what it extends
	// is built in as well.
	BuiltIn bool
}

// key tells files apart: by their names, however those are spelled.
func (s *Source) key() string { return path.Clean(s.File) }

// Finder finds the profile that an item of `extends` in from names: a profile's
// name, or a path relative to from, which Beside makes one of the working
// directory. What stands against it is a Diagnostic without a place.
type Finder func(name string, from *Source) (*Source, *diag.Diagnostic)

// IsRelative tells the paths of `extends` from the names.
func IsRelative(name string) bool {
	return strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../")
}

// Beside is the path of a file that stands relative to another one.
func Beside(file, name string) string { return path.Join(path.Dir(file), name) }

// Bounds of what a profile is made of.
const (
	maxLevels  = 16 // from the profile to the last one that it rests on
	maxParents = 64 // files in all
)

// checkParent: the name of a profile, or a path that tells where it begins.
func checkParent(s string) *diag.Diagnostic {
	switch {
	case s == "none":
		return wrong(diag.BadParent, "`none` stands for the whole list", "write `extends: none`")
	case IsRelative(s) && len(s) <= maxPath && cleanParent(s) == s:
		return nil
	case IsRelative(s):
		return wrong(diag.BadParent, diag.Quote(s)+" is an odd spelling of a path", "write "+cleanParent(s))
	case strings.HasPrefix(s, "/") || strings.HasPrefix(s, "~"):
		return wrong(diag.BadParent, diag.Quote(s)+" holds on one machine only", "write a path relative to this file, which begins with ./ or ../, or a profile's name")
	case strings.Contains(s, "/") || strings.HasSuffix(s, ".yaml") || strings.HasSuffix(s, ".yml"):
		return wrong(diag.BadParent, diag.Quote(s)+" is neither a profile's name nor a path that says where it begins", "write ./"+path.Clean(s))
	}
	if d := checkName(s); d != nil {
		return wrong(diag.BadParent, d.Message, "write a profile's name, or a path relative to this file, which begins with ./ or ../")
	}
	return nil
}

// cleanParent is the one spelling of a relative path.
func cleanParent(s string) string {
	s = path.Clean(s)
	if s == ".." || strings.HasPrefix(s, "../") {
		return s
	}
	return "./" + s
}

// parent is a profile that another one extends.
type parent struct {
	*layer
	item *Node // of `extends`, in the file that extends it
}

// parents resolves what a document extends. whole is false where one of them
// cannot be used, which has been reported; what is wrong with the form of the list
// the reader reports.
func (v *resolver) parents(src *Source, doc *Document) (out []parent, whole bool) {
	whole = true
	p := doc.find("extends")
	if p == nil {
		return nil, true
	}
	for i, item := range p.Value.Items {
		if item.Kind != KindText || checkParent(item.Text) != nil {
			whole = false
			continue
		}
		l := v.parent(src, item, fmt.Sprintf("extends[%d]", i))
		if l == nil {
			whole = false
			continue
		}
		out = append(out, parent{l, item})
	}
	return out, whole
}

// parent resolves one of them; nil where it cannot be used.
func (v *resolver) parent(from *Source, item *Node, at string) *layer {
	report := func(code diag.Code, message, help string) *diag.Diagnostic {
		v.list = append(v.list, diag.Diagnostic{Code: code, File: from.File, Span: item.Span, Path: at, Message: message, Help: help})
		return &v.list[len(v.list)-1]
	}
	src, missing := v.find(item.Text, from)
	if missing != nil {
		d := report(diag.MissingParent, missing.Message, missing.Help)
		d.Notes = missing.Notes
		return nil
	}
	v.chain = append(v.chain, link{from, item, src})
	defer func() { v.chain = v.chain[:len(v.chain)-1] }()
	if n := v.begins(src); n >= 0 {
		report(diag.ExtendsCycle, diag.Quote(item.Text)+" leads back to "+src.File, "take one of the steps out").Notes = v.way(n)
		return nil
	}
	l, known := v.done[src.key()]
	switch {
	case !known && len(v.chain) > maxLevels:
		report(diag.ExtendsDepth, fmt.Sprintf("profiles extend one another over more than %d levels", maxLevels), "").Notes = v.way(0)
		return nil
	case !known && len(v.done) >= maxParents:
		report(diag.ExtendsDepth, fmt.Sprintf("the profile is made of more than %d files", maxParents), "")
		return nil
	case !known:
		l = v.layer(src)
	}
	if l.policy == nil {
		if len(v.chain) == 1 { // whose errors are these? The others follow from them
			report(diag.BrokenParent, diag.Quote(item.Text)+" cannot be extended: "+src.File+" has errors of its own", "")
		}
		return nil
	}
	return l
}

// link is one step of the way from a profile to those that it rests on.
type link struct {
	from *Source
	item *Node
	to   *Source
}

// begins is the step with which a file that is being resolved was reached, and
// from which on the way is a circle; -1 where there is none.
func (v *resolver) begins(src *Source) int {
	for i, l := range v.chain {
		if l.from.key() == src.key() {
			return i
		}
	}
	return -1
}

// way tells the steps from the nth on.
func (v *resolver) way(n int) []diag.Note {
	var notes []diag.Note
	for _, l := range v.chain[n:] {
		notes = append(notes, diag.Note{Message: "this extends " + l.to.File, File: l.from.File, Span: l.item.Span})
	}
	return notes
}
