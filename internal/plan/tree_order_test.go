package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// treeSequence are ops of a tree that, where a plan has both, stand in this order.
var treeSequence = []struct{ first, then string }{
	{"mount.private", "mount.umask"},
	{"mount.umask", "mount.source"},
	{"mount.source", "mount.source.stat"},
	{"mount.source.stat", "mount.source.same"},
	{"mount.source.same", "mount.source.clone"},
	{"mount.source.same", "mount.root.attach"}, // nothing covers a source before it is open
	{"mount.source.same", "mount.store.attach"},
	{"mount.root.attach", "mount.root.seal"},
	{"mount.root.seal", "mount.root.pivot"},
	{"mount.root.pivot", "mount.root.leave"},
	{"mount.root.leave", "mount.root.workdir"},
	{"mount.store.clear", "mount.root.workdir"},
	{"mount.root.workdir", "mount.umask.back"},
	{"mount.umask.back", "net.socket"},
}

// TestTreeOrder: what must come before what in a tree, with what it is made of
// closed before anything else is opened.
func TestTreeOrder(t *testing.T) {
	for _, layout := range []func() *tree.Layout{wholeTree, treeInPlace} {
		h := ordinaryUser()
		h.Tree = layout()
		l := built(t, bundled(t, "offline"), h, plan.Options{})
		v := &verifier{plan: l}
		for _, pair := range treeSequence {
			v.before(pair.first, pair.then)
		}
		mounting := []string{"mount.tmpfs.", "mount.overlay.", "mount.ephemeral.", "mount.bind.", "mount.mask.", "mount.self.", "mount.proc", "mount.devpts.", "mount.directory."}
		v.until("mount.root.seal", mounting...)
		v.until("mount.store.clear", mounting...)
		v.behind("mount.umask", "mount.directory.", "mount.file.", "mount.link.", "mount.ephemeral.")
		v.behind("mount.umask.back", "mount.close.")
		v.until("net.socket", "mount.")
		for _, line := range v.found {
			t.Error(line)
		}
		// As in the beginning, and the numbers of netjail's network namespace and of
		// the streams, which have been closed since, so that what the tree was made of
		// may have them.
		want := slices.Clone(closes(l, "fd.close."))
		want[2] -= 1 + plan.StreamCount
		if closed := closes(l, "mount.close."); !slices.Equal(closed, want) {
			t.Errorf("behind the tree are closed %v, want %v", closed, want)
		}
	}
}

// closes are the ranges of descriptors that a plan closes in ops of this name.
func closes(l *plan.Plan, name string) (ranges []uint64) {
	for i := range l.Ops {
		if o := &l.Ops[i]; strings.HasPrefix(o.Name, name) && o.Call == "close_range" {
			ranges = append(ranges, o.Args[0].Value, o.Args[1].Value)
		}
	}
	return ranges
}

// TestTreePaths: a path of several names leads through names of netjail's own or
// the kernel's, or is opened by a call that follows no link.
func TestTreePaths(t *testing.T) {
	for _, layout := range []func() *tree.Layout{wholeTree, treeInPlace} {
		h := ordinaryUser()
		h.Tree = layout()
		l := built(t, bundled(t, "offline"), h, plan.Options{})
		looked := 0
		for i := range l.Ops {
			o := &l.Ops[i]
			if !strings.HasPrefix(o.Name, "mount.") || o.Call == "openat2" || o.Name == "mount.root.workdir" {
				continue
			}
			for _, a := range slices.Concat(o.Args, o.Each) {
				if a.Kind == plan.ArgString && strings.Contains(a.Name, "/") && !harmless(h.Tree, a.Name) {
					t.Errorf("%s: %s leads through what others can change", o.Name, a.Name)
				}
				looked++
			}
		}
		if looked < 100 {
			t.Errorf("looked at only %d arguments", looked)
		}
	}
}

// harmless says whether a string is no path of the tree, or one whose directories
// are in memory that nobody else sees, or the kernel's.
func harmless(l *tree.Layout, text string) bool {
	switch {
	case text == "/", text == "/proc/driver", strings.HasPrefix(text, "lowerdir="), strings.HasPrefix(text, "/proc/self/fd/"):
		return true
	case text == "usr/bin", text == "usr/sbin": // the text of a link
		return true
	case l.InPlace:
		return false
	}
	for i := range l.Entries {
		e := &l.Entries[i]
		foreign := e.Kind == tree.Overlay || e.Kind == tree.Ephemeral || e.Kind == tree.Bind && !e.Self
		if foreign && strings.HasPrefix("/"+text, e.Target+"/") {
			return false
		}
	}
	return true
}

// TestNoTree: a layout that asks for nothing adds nothing to a plan.
func TestNoTree(t *testing.T) {
	with, without := ordinaryUser(), ordinaryUser()
	with.Tree = &tree.Layout{InPlace: true, Workdir: "/"}
	p := bundled(t, "base")
	p.Filesystem.Root = policy.RootHost
	if a, b := listing(built(t, p, with, plan.Options{})), listing(built(t, p, without, plan.Options{})); a != b {
		t.Errorf("%s\nis not\n%s", a, b)
	}
}

// TestProc: /proc is mounted once, by the layout or without one.
func TestProc(t *testing.T) {
	for _, c := range []struct {
		name string
		tree *tree.Layout
		want int
	}{
		{"no layout", nil, 1},
		{"in place without one", &tree.Layout{InPlace: true, Entries: []tree.Entry{{Kind: tree.Tmpfs, Target: "/tmp"}}}, 1},
		{"in place with one", treeInPlace(), 1},
		{"a new root with one", wholeTree(), 1},
		{"a new root without one", &tree.Layout{Workdir: "/"}, 0},
	} {
		h := ordinaryUser()
		h.Tree = c.tree
		p := bundled(t, "base")
		p.Filesystem.Root = policy.RootHost
		got := 0
		for _, o := range built(t, p, h, plan.Options{}).Ops {
			if o.Call == "mount" && len(o.Args) > 2 && o.Args[2].Name == "proc" {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%s: /proc is mounted %d times, want %d", c.name, got, c.want)
		}
	}
}

// TestRefusedTrees: what stands against a tree.
func TestRefusedTrees(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*policy.Policy, *plan.Host)
		key    string
		cause  string
	}{
		{"no tree where the root is not the host's", func(p *policy.Policy, _ *plan.Host) { p.Filesystem.Root = policy.RootSystem }, "filesystem.root", "laid out"},
		{"a refused tree", func(_ *policy.Policy, h *plan.Host) {
			h.TreeRefused = &tree.Refusals{List: []*tree.Refusal{{Key: "filesystem.home", Cause: "it burns", Help: "run"}}}
		}, "filesystem.home", "it burns"},
		{"a new root in the host's mount namespace", func(p *policy.Policy, h *plan.Host) {
			p.Namespaces[ns.Mount], p.Namespaces[ns.PID] = policy.NamespaceHost, policy.NamespaceHost
			h.Tree = wholeTree()
		}, "filesystem.root", "mount namespace"},
		{"mounts in the host's mount namespace", func(p *policy.Policy, h *plan.Host) {
			p.Namespaces[ns.Mount], p.Namespaces[ns.PID] = policy.NamespaceHost, policy.NamespaceHost
			h.Tree = treeInPlace()
		}, "filesystem.home", "mount namespace"},
		{"a directory that would be made on the host", func(_ *policy.Policy, h *plan.Host) {
			h.Tree = &tree.Layout{InPlace: true, Entries: []tree.Entry{{Kind: tree.Dir, Target: "/made", Key: "filesystem.private"}}}
		}, "filesystem.private", "/made would be made on the host"},
		{"a file that would be made on the host", func(_ *policy.Policy, h *plan.Host) {
			h.Tree = &tree.Layout{Entries: []tree.Entry{{Kind: tree.Dir, Target: "/a"}, {Kind: tree.Bind, Target: "/a"}, {Kind: tree.File, Target: "/a/made", Key: "filesystem.mounts"}}}
		}, "filesystem.mounts", "/a/made would be made on the host"},
	} {
		p, h := bundled(t, "base"), ordinaryUser()
		p.Filesystem.Root = policy.RootHost
		c.change(p, h)
		_, err := plan.Build(p, h, command(), plan.Options{})
		got := refused(t, err)
		if len(got) != 1 || got[0].Key != c.key || !strings.Contains(got[0].Cause, c.cause) || got[0].Help == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestAt: one call of an op that is several is that call, with what it is for.
func TestAt(t *testing.T) {
	h := ordinaryUser()
	h.Tree = wholeTree()
	l := built(t, bundled(t, "offline"), h, plan.Options{})
	for _, c := range []struct {
		op, key, text string
		call          int
	}{
		{"mount.source", "filesystem.home", `openat2(AT_FDCWD, "/home/me", {O_PATH|O_CLOEXEC, RESOLVE_NO_SYMLINKS|RESOLVE_NO_MAGICLINKS}, 24)`, 4},
		{"mount.source.same", "filesystem.home", `same-file(&mount.source.stat[1024], directory 20 of 254:0) = 0`, 4},
		{"mount.link./bin", "filesystem.root", `symlinkat("usr/sbin", $mount.root, "sbin")`, 1},
	} {
		o := l.Ops[l.Index(c.op)].At(c.call)
		if o.String() != c.text || o.Key != c.key || o.Name != c.op || o.Calls() != 1 {
			t.Errorf("%s: %s for %s, want %s for %s", c.op, o, o.Key, c.text, c.key)
		}
	}
}

// TestWithoutEach takes a whole call out of an op whose calls differ in several
// arguments.
func TestWithoutEach(t *testing.T) {
	h := ordinaryUser()
	h.Tree = wholeTree()
	l := built(t, bundled(t, "offline"), h, plan.Options{})
	i := l.Index("mount.link./bin")
	for one := range l.Ops[i].Each {
		o := &l.WithoutEach(i, one).Ops[i]
		want := []string{`symlinkat("usr/sbin", $mount.root, "sbin")`, `symlinkat("usr/bin", $mount.root, "bin")`}[one/2]
		if o.String() != want || o.Calls() != 1 || len(o.Entries) != 1 {
			t.Errorf("without %d: %s", one, o)
		}
	}
	if o := &l.Pretending(i).Ops[i]; o.Calls() != 2 || o.String() != "pretend()" {
		t.Errorf("%s is %d calls", o, o.Calls())
	}
}
