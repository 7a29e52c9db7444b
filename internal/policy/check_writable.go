package policy

import (
	"fmt"

	"github.com/netjail/netjail/internal/diag"
)

// checkWritable: `writable` makes exceptions from a tree that is read-only, and
// `protected` from those.
func checkWritable(r *reader) {
	if r.policy.Filesystem.Root == RootJoined {
		r.writableRoot("filesystem.writable", "with `root: joined` the files are those of the mount namespace that is joined")
		r.writableRoot("filesystem.protected", "it protects what lies below `writable`, which `root: joined` does not have")
		return
	}
	if r.policy.Filesystem.Root == RootHost {
		r.writableRoot("filesystem.writable", "with `root: host` the command may write wherever the caller may")
		r.writableRoot("filesystem.protected", "it protects what lies below `writable`, which `root: host` does not have")
		return
	}
	if p := r.doc.find("filesystem.protected"); p != nil && p.Value.Kind == KindList && !r.policy.Filesystem.shares() {
		d := r.report(diag.ProtectedWithoutWritable, "filesystem.protected", p.Key.Span,
			"these paths lie below the directories of `writable`, and there is none",
			"write `writable` as well, or leave `protected` out")
		if w := r.doc.find("filesystem.writable"); w != nil {
			d.Notes = []diag.Note{r.see(w.Value, "`writable` is set here")}
		}
	}
}

// writableRoot reports a key that is written and has no meaning under the
// host's own root.
func (r *reader) writableRoot(path, why string) {
	p := r.doc.find(path)
	if p == nil {
		return
	}
	r.report(diag.WritableRoot, path, p.Key.Span, fmt.Sprintf("%q has no effect: %s", path, why),
		"remove the key, or write `root: readonly`").
		Notes = []diag.Note{r.see(r.doc.find("filesystem.root").Value, "the root is set here")}
}

// shares says whether something of the host can be written.
func (f *Filesystem) shares() bool {
	for i := range f.Mounts {
		if f.Mounts[i].Type == "bind" && !f.Mounts[i].ReadOnly() {
			return true
		}
	}
	return len(f.Writable) > 0
}
