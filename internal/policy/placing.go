package policy

import (
	"fmt"

	"github.com/netjail/netjail/internal/diag"
)

// place moves each problem that lies in a file which is extended to the item of
// `extends` that brings it in: by itself that file is sound.
func (r *reader) place(parents []parent) {
	for i := range r.list {
		d := &r.list[i]
		if d.Span.File == "" {
			continue
		}
		d.Notes = append([]diag.Note{{Message: "it is written here", File: d.Span.File, Span: d.Span}}, d.Notes...)
		d.Span = r.brings(parents, d.Span)
	}
}

// brings is the place of the item of `extends` by which a place is inherited. A
// file that is reached in two ways belongs to the last of them.
func (r *reader) brings(parents []parent, at diag.Span) diag.Span {
	for i := len(parents) - 1; i >= 0; i-- {
		if parents[i].doc.holds(at.File) {
			return parents[i].item.Span
		}
	}
	panic(fmt.Sprintf("policy: nobody brings in %s", at.File))
}

// holds says whether something in the document was written in a file.
func (d *Document) holds(file string) bool { return d.File == file || d.Root.holds(file) }

func (n *Node) holds(file string) bool {
	if n.Span.File == file {
		return true
	}
	for _, item := range n.Items {
		if item.holds(file) {
			return true
		}
	}
	for _, p := range n.Pairs {
		if p.Key.holds(file) || p.Value.holds(file) {
			return true
		}
	}
	return false
}
