package policy

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// checkMountNamespace: what the command sees is made of mounts, and those must
// not be the host's.
func checkMountNamespace(r *reader) {
	mounting := r.mounting()
	if r.policy.New(ns.Mount) || len(mounting) == 0 {
		return
	}
	d := r.report(diag.FilesWithoutMount, "namespaces.mount", r.doc.find("namespaces.mount").Value.Span, // written, as the default is new
		"what the command sees of the files takes mounts, and those a new mount namespace",
		"write `mount: new`; or `filesystem: host`, for which nothing is mounted")
	if r.doc.find("filesystem") == nil {
		d.Notes = []diag.Note{{Message: "filesystem is not written, and its defaults are mounts"}}
		return
	}
	for _, path := range mounting {
		d.Notes = append(d.Notes, r.because(path, "what has to be mounted"))
	}
}

// mounting lists the keys whose values take mounts.
func (r *reader) mounting() []string {
	f := &r.policy.Filesystem
	var out []string
	for _, part := range [...]struct {
		path   string
		mounts bool
	}{
		{"filesystem.root", f.Root != RootHost},
		{"filesystem.home", f.Home != HomeHost},
		{"filesystem.writable", len(f.Writable) > 0},
		{"filesystem.hidden", f.Hidden.Kind != PathsNone},
		{"filesystem.private", len(f.Private) > 0},
		{"filesystem.mounts", len(f.Mounts) > 0},
	} {
		if part.mounts {
			out = append(out, part.path)
		}
	}
	return out
}
