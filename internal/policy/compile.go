package policy

import (
	"fmt"

	"github.com/netjail/netjail/internal/diag"
)

// Resolved is a Policy with where each of its values came from.
type Resolved struct {
	Policy *Policy
	// Origins holds one Origin for each key that Print prints, sorted by key.
	Origins Origins
	// Digest is "sha256:" and 64 hex digits over the canonical form. It does
	// not depend on comments, on the order of keys or on the file's name.
	Digest string
}

// reader collects what is found between Document and Policy.
type reader struct {
	doc    *Document
	policy *Policy
	list   diag.List
	bad    []string // paths of keys whose value could not be read
	// blind is true where a parent could not be read, and nobody knows what is
	// inherited.
	blind bool
	// laid are the files of the parents that have been laid down already.
	laid map[string]bool
}

// report adds an error. The caller may complete it through the result until
// the next call.
func (r *reader) report(code diag.Code, path string, at diag.Span, message, help string) *diag.Diagnostic {
	r.list = append(r.list, diag.Diagnostic{Code: code, File: r.doc.File, Span: at, Path: path, Message: message, Help: help})
	return &r.list[len(r.list)-1]
}

// reportf is report with a formatted message and no help.
func (r *reader) reportf(code diag.Code, path string, at diag.Span, format string, args ...any) *diag.Diagnostic {
	return r.report(code, path, at, fmt.Sprintf(format, args...), "")
}

// see is a note that points to a node.
func (r *reader) see(n *Node, message string) diag.Note {
	return diag.Note{Message: message, File: r.doc.fileOf(n), Span: n.Span}
}

// because is a note that says what a key's value is, written or not: "what the
// filter is for".
func (r *reader) because(path, what string) diag.Note {
	if p := r.doc.stated(path); p != nil {
		return r.see(p.Value, "this is "+what)
	}
	k, _ := LookupKey(path)
	return diag.Note{Message: path + " is not written, and its default, " + k.Default + ", is " + what}
}

// sound says whether all of these keys have been read; a check on a key that is
// wrong anyway would only add noise.
func (r *reader) sound(paths []string) bool {
	for _, path := range paths {
		for _, bad := range r.bad {
			if bad == path || within(bad, path) || within(path, bad) {
				return false
			}
		}
	}
	return true
}

// within says whether path lies below parent.
func within(path, parent string) bool {
	return len(path) > len(parent) && path[:len(parent)] == parent && (path[len(parent)] == '.' || path[len(parent)] == '[')
}
