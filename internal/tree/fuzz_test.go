package tree

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// FuzzLay makes hosts, mount tables and policies of bytes: whatever they are,
// there is a layout that can be made or a refusal that says why.
func FuzzLay(f *testing.F) {
	f.Add([]byte{}, []byte{}, []byte{})
	f.Add([]byte("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99"), []byte("\x01\x12\x23"), []byte("\x01\x02\x03\x04\x05\x06\x07\x08"))
	f.Add([]byte("dlfdlfdlsfdpclbdxfdl"), []byte("abcdefghijk"), []byte("zyxwvutsrqponmlkjihgfedcba"))
	for seed := range 40 {
		line := strings.Repeat(fmt.Sprint(seed*7919), 9)
		f.Add([]byte(line), []byte(line[3:]), []byte(line[5:]))
	}
	f.Fuzz(func(t *testing.T, host, mounts, wishes []byte) { layRandom(t, host, mounts, wishes) })
}

// TestRandom does the same with more bytes than a fuzzer begins with, and wants
// enough of them to lead to a layout.
func TestRandom(t *testing.T) {
	const runs = 4000
	laid, entries := 0, 0
	random := rand.New(rand.NewPCG(1, 2))
	bytes := func(n int) []byte {
		b := make([]byte, random.IntN(n+1))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	for range runs {
		host, mounts, wishes := bytes(120), bytes(24), bytes(40)
		if l := layRandom(t, host, mounts, wishes); l != nil {
			laid, entries = laid+1, entries+len(l.Entries)
		}
		if t.Failed() {
			t.Fatalf("with %q, %q, %q", host, mounts, wishes)
		}
	}
	if laid < runs/20 || entries < 10*laid {
		t.Errorf("%d of %d were laid, with %d entries", laid, runs, entries)
	}
}

// layRandom is one try; the layout is nil where it was refused.
func layRandom(t *testing.T, host, mounts, wishes []byte) *Layout {
	h := fuzzHost(&choices{host})
	p, facts := fuzzPolicy(&choices{wishes}), fuzzFacts(&choices{mounts})
	if !h.nodes[facts.Workdir].is(typeDir) {
		facts.Workdir = "" // the kernel names only what there is
	}
	l, err := Lay(p, facts, h)
	if h.misused != "" {
		t.Errorf("asked for %s, which leads through a link", h.misused)
	}
	var refused *Refusals
	switch {
	case err != nil && (!errors.As(err, &refused) || len(refused.List) == 0 || l != nil):
		t.Fatalf("%T: %v", err, err)
	case err != nil:
		for _, r := range refused.List {
			if r.Key == "" || r.Cause == "" || r.Help == "" {
				t.Errorf("%+v", r)
			}
		}
		return nil
	}
	for _, wrong := range append(wrongs(l, h), leaks(l, p, facts, h)...) {
		t.Error(wrong)
	}
	return l
}

// leaks checks what a profile promises: what is hidden reads as empty wherever
// the host's file would be seen, and what is protected is read-only and stays
// where it is.
func leaks(l *Layout, p *policy.Policy, f *Facts, h *fakeHost) []string {
	g := newGrown(l, h)
	for i := range l.Entries {
		g.grow(&l.Entries[i])
	}
	var out []string
	find := finder{host: h}
	for _, written := range p.Filesystem.Hidden.List {
		if s, why := find.find(written); why == "" && s.node.exists() {
			out = append(out, g.hiddenLeaks(s)...)
		}
	}
	for _, dir := range l.Writable {
		for _, rel := range p.Filesystem.Protected.List {
			if g.mounts[dir].Key != homeKey {
				out = append(out, g.protectedLeaks(dir, rel)...)
			}
		}
	}
	return out
}

// hiddenLeaks are the places where a hidden file is seen. One that a key names
// is none.
func (g *grown) hiddenLeaks(s spot) []string {
	var out []string
	if n, ok := g.see(s.path); g.layout.InPlace && ok && n == s.node && g.holder(s.path) == nil {
		out = append(out, s.path+" is hidden and seen")
	}
	for at, e := range g.mounts {
		named := e.Key != rootKey && e.Key != homeKey && under(e.Source, s.path)
		if e.Source == "" || e.Self || named || !under(s.path, e.Source) {
			continue
		}
		alias := rebase(s.path, e.Source, at)
		if n, ok := g.see(alias); ok && n == s.node && g.holder(alias) == e {
			out = append(out, s.path+" is hidden and seen at "+alias)
		}
	}
	return out
}

// protectedLeaks are the ways to change a protected path below dir.
func (g *grown) protectedLeaks(dir, rel string) []string {
	path := join(dir, rel)
	n, ok := g.see(path)
	e := g.holder(path)
	if !ok || n.is(typeLink) || e.Kind != Bind || !under(path, dir) {
		return nil // it is not there, or not the host's
	}
	if !e.Options.Has(ReadOnly) {
		return []string{path + " is protected and may be written"}
	}
	for at := e.Target; below(at, dir); at = parent(at) {
		if g.mounts[at] == nil {
			return []string{path + " is protected, and " + at + " can be moved away"}
		}
	}
	return nil
}

// holder is the mount that decides what is at a path.
func (g *grown) holder(p string) *Entry {
	for at := p; ; at = parent(at) {
		if e := g.mounts[at]; e != nil || at == "/" {
			return e
		}
	}
}

// choices are bytes that decide things; when there are none left, the first
// choice is taken.
type choices struct{ left []byte }

func (c *choices) of(n int) int {
	if len(c.left) == 0 {
		return 0
	}
	v := int(c.left[0]) % n
	c.left = c.left[1:]
	return v
}

func (c *choices) more() bool { return len(c.left) > 0 }

// parts are few, so that paths meet.
var parts = []string{"home", "usr", "me", "a", "b", "proc", "dev", ".git", "config", "hooks", "tmp", "etc"}

func (c *choices) path() string {
	var b strings.Builder
	for range 1 + c.of(4) {
		b.WriteString("/" + parts[c.of(len(parts))])
	}
	return b.String()
}

func fuzzHost(c *choices) *fakeHost {
	h := &fakeHost{nodes: map[string]Node{}, texts: map[string]string{}, names: map[string][]string{}, locked: map[string]bool{}}
	h.add("/", typeDir)
	kinds := []uint32{typeDir, typeFile, typeLink, typeSocket, typeFIFO, typeChar, typeDir, typeLink}
	for c.more() {
		path, kind := c.path(), kinds[c.of(len(kinds))]
		if !h.fits(path) {
			continue
		}
		h.add(path, kind)
		if kind == typeLink {
			h.texts[path] = []string{"..", "/", "a", "../a", "/home/me", "b/../a", "./x//y", "/usr/", "../../usr"}[c.of(9)]
		}
	}
	for _, path := range []string{"/home/me/src", "/usr/bin", "/proc/sys", "/dev"} {
		if h.fits(path) {
			h.add(path, typeDir)
		}
	}
	return h
}

// fits says whether all that is above a path can be directories, and it is new.
func (h *fakeHost) fits(path string) bool {
	if _, ok := h.nodes[path]; ok {
		return false
	}
	for at := parent(path); at != "/"; at = parent(at) {
		if n, ok := h.nodes[at]; ok && !n.is(typeDir) {
			return false
		}
	}
	return true
}

func fuzzFacts(c *choices) *Facts {
	f := &Facts{
		Home:    []string{"/home/me", "/home/me", "/", "/a", "", "/usr"}[c.of(6)],
		Workdir: []string{"/home/me/src", "/", "/a", "", "/home/me", "/proc"}[c.of(6)],
		Command: []string{"/usr/bin/true", "", "/a", "/home/me/a", "/proc/sys"}[c.of(5)], HomeWhy: "why",
	}
	f.Mounts = []MountPoint{{ID: 1, Parent: 0, Point: "/", Type: []string{"ext4", "ext4", "nfs"}[c.of(3)], Device: "8:1", Root: "/"}}
	for c.more() {
		n := len(f.Mounts)
		f.Mounts = append(f.Mounts, MountPoint{
			ID: n + 1, Parent: 1 + c.of(n), Point: c.path(), Device: []string{"8:1", "8:2"}[c.of(2)], Root: []string{"/", "/a", "/home"}[c.of(3)],
			Type: []string{"ext4", "nfs", "tmpfs", "vfat", "proc", "fuse.x"}[c.of(6)], Options: Options(c.of(16)),
		})
	}
	return f
}

func fuzzPolicy(c *choices) *policy.Policy {
	p := bare()
	fs := &p.Filesystem
	fs.Root, fs.Home = policy.Root(c.of(4)), policy.Home(c.of(4))
	p.Namespaces[ns.PID], p.Namespaces[ns.Mount] = policy.NamespaceMode(c.of(3)), []policy.NamespaceMode{0, 0, 0, 0, 1, 2}[c.of(6)]
	p.Sockets.Unix = policy.UnixSockets(c.of(4))
	fs.Hidden.Kind, fs.Protected.Kind = policy.PathListKind(c.of(3)), policy.PathListKind(c.of(3))
	for c.more() {
		path := c.path()
		switch c.of(8) {
		case 0:
			fs.Private = append(fs.Private, path)
		case 1:
			fs.Writable = append(fs.Writable, []string{path, "project", ".", "~" + path}[c.of(4)])
		case 2:
			if fs.Hidden.Kind == policy.PathsListed {
				fs.Hidden.List = append(fs.Hidden.List, path)
			}
		case 3:
			if fs.Protected.Kind == policy.PathsListed {
				fs.Protected.List = append(fs.Protected.List, path[1:])
			}
		case 4:
			fs.Mounts = append(fs.Mounts, policy.Mount{Type: "tmpfs", Destination: path})
		case 5, 6:
			fs.Mounts = append(fs.Mounts, policy.Mount{Type: "bind", Destination: path, Source: c.path(), Options: [][]string{nil, {"rw"}, {"rbind"}, {"rbind", "rw"}}[c.of(4)]})
		case 7:
			if p.Sockets.Unix == policy.UnixAllow {
				p.Sockets.UnixAllowed = append(p.Sockets.UnixAllowed, path)
			}
		}
	}
	return p
}
