package audit

import (
	"strings"

	"github.com/netjail/netjail/internal/tree"
)

// reach is where the command finds what is shared with the host.
type reach struct {
	// Shared are the host's paths that it sees with the host's own inodes, those
	// of Allowed apart.
	Shared []string
	// Allowed is where the command finds the sockets that the profile names: where
	// the host has them, links resolved.
	Allowed []string

	layout *tree.Layout
}

func newReach(shared []string, l *tree.Layout) reach {
	r := reach{Shared: shared, layout: l}
	if l == nil {
		return r
	}
	for i := range l.Entries {
		if e := &l.Entries[i]; e.Kind == tree.Bind && e.Key == "sockets.unix" {
			r.Allowed = append(r.Allowed, e.Target)
		}
	}
	return r
}

// shares says whether the command sees a path of the host's as it is because a
// key of the profile shares it.
func (r *reach) shares(path string) bool {
	return r.layout != nil && !r.layout.InPlace && r.shows(path)
}

// shows says whether the command sees a path of the host's as it is.
func (r *reach) shows(path string) bool {
	if r.layout == nil {
		return false
	}
	if r.layout.InPlace && r.on(path) == nil {
		return true
	}
	for i := range r.layout.Entries {
		e := &r.layout.Entries[i]
		if e.Kind != tree.Bind || e.Self {
			continue
		}
		if rest, ok := beneath(path, e.Source); ok && r.on(e.Target+rest) == e {
			return true
		}
	}
	return false
}

// on is the entry whose mount a path of the command's lies on, nil for none: the
// deepest, and of those with one Target the last.
func (r *reach) on(path string) (on *tree.Entry) {
	for i := range r.layout.Entries {
		e := &r.layout.Entries[i]
		if !e.Kind.Mounts() || e.Self {
			continue
		}
		if _, ok := beneath(path, e.Target); ok && (on == nil || len(e.Target) >= len(on.Target)) {
			on = e
		}
	}
	return on
}

// beneath is what follows dir in a path that is dir or lies below it.
func beneath(path, dir string) (rest string, ok bool) {
	if dir == "/" {
		return strings.TrimSuffix(path, "/"), true
	}
	rest, ok = strings.CutPrefix(path, dir)
	return rest, ok && (rest == "" || rest[0] == '/')
}
