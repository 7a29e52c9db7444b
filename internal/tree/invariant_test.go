package tree

import (
	"fmt"
	"path"
	"strings"
)

// wrongs checks what holds for every layout, whatever the host and the profile.
func wrongs(l *Layout, h *fakeHost) []string {
	var out []string
	wrong := func(e *Entry, why string) { out = append(out, entryText(e)+": "+why) }
	g := newGrown(l, h)
	for i := range l.Entries {
		e := &l.Entries[i]
		if !clean(e.Target) || e.Target == "/" {
			wrong(e, "the target is no clean path below the root")
		}
		if e.Key == "" || e.Why == "" {
			wrong(e, "no key, or no reason")
		}
		if i > 0 && compare(l.Entries[i-1].Target, e.Target) > 0 {
			wrong(e, "it stands behind "+l.Entries[i-1].Target)
		}
		for _, why := range sourceWrongs(e, h) {
			wrong(e, why)
		}
		for _, why := range g.grow(e) {
			wrong(e, why)
		}
	}
	for _, path := range l.Writable {
		if e := g.mounts[path]; e == nil || e.Kind != Bind || e.Options.Has(ReadOnly) {
			out = append(out, path+" is called writable and is none")
		}
	}
	if !clean(l.Workdir) {
		out = append(out, fmt.Sprintf("the working directory is %q", l.Workdir))
	}
	if n, ok := g.see(l.Workdir); l.Workdir != "/" && (!ok || !n.is(typeDir)) {
		out = append(out, "the command cannot see its working directory, "+l.Workdir)
	}
	return out
}

func clean(p string) bool { return strings.HasPrefix(p, "/") && path.Clean(p) == p }

// sourceWrongs looks at an entry by itself.
func sourceWrongs(e *Entry, h *fakeHost) []string {
	var out []string
	wrong := func(is bool, why string) {
		if is {
			out = append(out, why)
		}
	}
	fresh := e.Kind != Overlay && e.Kind != Ephemeral && e.Kind != Bind
	ofProc := e.Kind == Bind && e.Self && under(e.Target, "/proc")
	wrong(e.Kind.Mounts() && !e.Options.Has(Nosuid), "a mount that is not nosuid")
	wrong(e.Kind.Mounts() && !e.Options.Has(Nodev) && !under(e.Target, "/dev"), "a mount that is not nodev")
	wrong(!e.Kind.Mounts() && e.Options != 0, "options of what is no mount")
	wrong(e.Kind == Overlay && !e.Options.Has(ReadOnly), "an overlay that is not read-only")
	wrong(e.Kind == Mask && !e.Options.Has(ReadOnly), "a mask that is not read-only")
	wrong(e.Self && e.Kind != Bind, "only a bind is one of itself")
	wrong(e.Recursive && e.Kind != Bind, "only a bind is recursive")
	if fresh {
		wrong(e.Node != Node{}, "a node without a source")
		wrong(e.Source != "" && e.Kind != Symlink, "a source of what has none")
		return out
	}
	if ofProc && e.Source == "" {
		return out
	}
	wrong(!clean(e.Source), "the source is no clean path")
	wrong(h.nodes[e.Source] != e.Node || !e.Node.exists(), "the node is not the source's")
	wrong(e.Node.is(typeLink), "the source is a link")
	wrong(e.Kind != Bind && !e.Node.is(typeDir), "an overlay of what is no directory")
	for at := e.Source; clean(at) && at != "/"; at = parent(at) {
		wrong(h.nodes[at].is(typeLink), "the source leads through the link "+at)
	}
	return out
}

// grown is a tree in the making: what is at a path after some entries.
type grown struct {
	layout *Layout
	host   *fakeHost
	made   map[string]Kind   // files, directories and links that were made
	mounts map[string]*Entry // the topmost mount
}

func newGrown(l *Layout, h *fakeHost) *grown {
	return &grown{l, h, map[string]Kind{}, map[string]*Entry{}}
}

// see is what is at a path.
func (g *grown) see(p string) (Node, bool) {
	for at := p; ; at = parent(at) {
		if e := g.mounts[at]; e != nil {
			return g.within(e, p)
		}
		if at == "/" {
			break
		}
	}
	return g.file(p, g.layout.InPlace, p)
}

// within is what is at a path in a mount.
func (g *grown) within(e *Entry, p string) (Node, bool) {
	switch e.Kind {
	case Tmpfs:
		if p == e.Target {
			return Node{Type: typeDir}, true
		}
		return g.file(p, false, "")
	case Devpts:
		return Node{Type: typeDir}, p == e.Target
	case Mask:
		return Node{Type: typeFile}, p == e.Target
	case Proc:
		return g.file(p, true, p)
	}
	if e.Self && e.Source == "" {
		return g.file(p, true, p)
	}
	return g.file(p, true, rebase(p, e.Target, e.Source))
}

// file is a file that was made or, where shown, one of the host's.
func (g *grown) file(p string, shown bool, source string) (Node, bool) {
	if kind, ok := g.made[p]; ok {
		return Node{Type: map[Kind]uint32{Dir: typeDir, File: typeFile, Symlink: typeLink}[kind]}, true
	}
	if p == "/" {
		return Node{Type: typeDir}, true
	}
	n, ok := g.host.nodes[source]
	return n, ok && shown
}

// grow applies an entry, and says what stands against that.
func (g *grown) grow(e *Entry) (wrong []string) {
	if n, ok := g.see(parent(e.Target)); !ok || !n.is(typeDir) {
		wrong = append(wrong, "its parent is no directory at that time")
	}
	there, exists := g.see(e.Target)
	if !e.Kind.Mounts() {
		if exists {
			wrong = append(wrong, "it is made where there is something")
		}
		g.made[e.Target] = e.Kind
		return append(wrong, g.memory(e)...)
	}
	if before := g.mounts[e.Target]; before != nil && !e.Self {
		wrong = append(wrong, "a second mount there")
	}
	directory := e.Node.is(typeDir)
	switch e.Kind {
	case Tmpfs, Proc, Devpts:
		directory = true
	case Bind:
		directory = directory || e.Source == "" && there.is(typeDir)
	}
	if !exists || there.is(typeLink) || there.is(typeDir) != directory {
		wrong = append(wrong, "there is nothing of its kind to mount it on")
	}
	for at := range g.mounts {
		if below(at, e.Target) {
			wrong = append(wrong, "it covers "+at)
		}
	}
	g.mounts[e.Target] = e
	return wrong
}

// memory says whether what is made would be made on the host.
func (g *grown) memory(e *Entry) []string {
	for at := parent(e.Target); ; at = parent(at) {
		if m := g.mounts[at]; m != nil {
			if m.Kind != Tmpfs && m.Kind != Ephemeral {
				return []string{"it would be made in " + m.Target}
			}
			return nil
		}
		if at == "/" {
			break
		}
	}
	if g.layout.InPlace {
		return []string{"it would be made on the host"}
	}
	return nil
}
