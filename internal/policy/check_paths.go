package policy

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// claim is a path that a key is about, and where that is written; node is nil
// for a default.
type claim struct {
	path, key string
	node      *Node
}

// checkPathsOnce: each path belongs to one key. That two texts name one file by
// way of `~`, `project` or a symbolic link is found only where they are
// resolved.
func checkPathsOnce(r *reader) {
	seen := make(map[string]claim)
	for _, p := range r.claims() {
		first, twice := seen[p.path]
		switch {
		case p.path == "~":
			r.report(diag.PathTwice, p.key, p.node.Span, "what the home directory itself is, `filesystem.home` says",
				"write `home: host`, `readonly`, `ephemeral` or `hidden`; a list names what is below: \"~/src\"")
		case twice && first.key != p.key:
			d := r.report(diag.PathTwice, p.key, p.node.Span, diag.Quote(p.path)+" stands in two keys", "keep one of the two")
			d.Notes = []diag.Note{r.first(first)}
		default:
			seen[p.path] = p
		}
	}
}

// first is the note about the key that named a path before.
func (r *reader) first(p claim) diag.Note {
	if p.node != nil {
		return r.see(p.node, "it stands here as well")
	}
	return diag.Note{Message: p.key + " is not written, and its default holds the path"}
}

// claims lists what the keys name, what is not written first.
func (r *reader) claims() []claim {
	var out []claim
	if r.doc.stated("filesystem.private") == nil {
		for _, path := range r.policy.Filesystem.Private {
			out = append(out, claim{path, "filesystem.private", nil})
		}
	}
	for _, key := range [...]string{"filesystem.writable", "filesystem.hidden", "filesystem.private", "sockets.unix.allow"} {
		if p := r.doc.find(key); p != nil {
			for _, item := range p.Value.Items {
				out = append(out, claim{item.Text, key, item})
			}
		}
	}
	if p := r.doc.find("filesystem.mounts"); p != nil {
		for i, item := range p.Value.Items {
			key := "filesystem.mounts[" + strconv.Itoa(i) + "].destination"
			out = append(out, claim{item.Field("destination").Text, key, item.Field("destination")})
		}
	}
	return out
}
