package policy

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// checkMountNamespace: what the command sees is made of mounts, and those must
// not be the host's, nor those of a namespace that others live in.
func checkMountNamespace(r *reader) {
	joins := r.policy.Namespaces[ns.Mount] == NamespaceJoin
	if !joins {
		r.notJoined()
	}
	mounting := r.mounting()
	if r.policy.New(ns.Mount) || len(mounting) == 0 {
		return
	}
	message, help := "what the command sees of the files takes mounts, and those a new mount namespace",
		"write `mount: new`; or `filesystem: host`, for which nothing is mounted"
	if joins {
		message, help = "the files are those of the mount namespace that is joined, and no key changes them", "write `filesystem: joined` and no key below it; or `mount: new`"
	}
	d := r.report(diag.FilesWithoutMount, "namespaces.mount", r.doc.stated("namespaces.mount").Value.Span, message, help) // written, as the default is new
	if r.doc.find("filesystem") == nil {
		d.Notes = []diag.Note{{Message: "filesystem is not written, and its defaults are mounts"}}
		return
	}
	for _, path := range mounting {
		what := "what has to be mounted"
		if joins {
			what = "what is not as it is there"
		}
		d.Notes = append(d.Notes, r.because(path, what))
	}
}

// notJoined reports the word joined where no mount namespace is.
func (r *reader) notJoined() {
	for _, part := range [...]struct {
		path   string
		joined bool
	}{
		{"filesystem.root", r.policy.Filesystem.Root == RootJoined},
		{"filesystem.home", r.policy.Filesystem.Home == HomeJoined},
	} {
		if part.joined {
			r.report(diag.FilesWithoutMount, part.path, r.doc.stated(part.path).Value.Span,
				"`joined` is the files of a mount namespace that is joined, and none is", "write `namespaces: {mount: {join: PATH}}`, or another word")
			return
		}
	}
}

// mounting lists the keys whose values take mounts, or other files than there are.
func (r *reader) mounting() []string {
	f := &r.policy.Filesystem
	root, home := RootHost, HomeHost
	if r.policy.Namespaces[ns.Mount] == NamespaceJoin {
		root, home = RootJoined, HomeJoined
	}
	var out []string
	for _, part := range [...]struct {
		path   string
		mounts bool
	}{
		{"filesystem.root", f.Root != root && f.Root != RootJoined},
		{"filesystem.home", f.Home != home && f.Home != HomeJoined},
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
