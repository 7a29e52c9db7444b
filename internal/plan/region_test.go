package plan

import (
	"testing"

	"github.com/netjail/netjail/internal/tree"
)

func TestBelow(t *testing.T) {
	for _, c := range []struct {
		path, above string
		want        bool
	}{
		{"/a", "/", true},
		{"/", "/", false},
		{"/a", "/a", false},
		{"/a/b", "/a", true},
		{"/ab", "/a", false},
		{"/a", "/a/b", false},
		{"/a/b/c", "/a/b", true},
	} {
		if got := below(c.path, c.above); got != c.want {
			t.Errorf("%s below %s: %t", c.path, c.above, got)
		}
	}
}

func TestRegionPath(t *testing.T) {
	for _, c := range []struct{ prefix, target, want string }{
		{"", "/", "."},
		{"", "/a", "a"},
		{"", "/a/b", "a/b"},
		{"/a", "/a", "."},
		{"/a", "/a/b/c", "b/c"},
	} {
		if got := (region{prefix: c.prefix}).path(c.target); got != c.want {
			t.Errorf("%s from %q on: %q, want %q", c.target, c.prefix, got, c.want)
		}
	}
}

// TestSurvey: what each entry lies in, and whether a path leads to it through
// names that nobody else can change.
func TestSurvey(t *testing.T) {
	const own = rootOp
	for _, c := range []struct {
		name    string
		inPlace bool
		entries []tree.Entry // the last is looked at
		want    region
	}{
		{"in the new root", false, []tree.Entry{{Target: "/a"}}, region{root: own, ours: true, memory: true}},
		{"in the caller's", true, []tree.Entry{{Target: "/a"}}, region{root: own, plain: true}},
		{"in a tmpfs", false, []tree.Entry{{Kind: tree.Tmpfs, Target: "/a"}, {Target: "/a/b"}}, region{root: own, ours: true, memory: true}},
		{"beside a tmpfs", false, []tree.Entry{{Kind: tree.Bind, Target: "/a"}, {Target: "/ab"}}, region{root: own, ours: true, memory: true}},
		{"at a bind, not in it", false, []tree.Entry{{Kind: tree.Bind, Target: "/a"}, {Target: "/a"}}, region{root: own, ours: true, memory: true}},
		{"in a bind", false, []tree.Entry{{Kind: tree.Bind, Target: "/a"}, {Target: "/a/b"}}, region{root: own, plain: true}},
		{"in an overlay", false, []tree.Entry{{Kind: tree.Overlay, Target: "/a"}, {Target: "/a/b"}}, region{root: own}},
		{"in an ephemeral", false, []tree.Entry{{Kind: tree.Ephemeral, Target: "/a"}, {Target: "/a/b/c"}}, region{root: own, memory: true}},
		{"in /proc", false, []tree.Entry{{Kind: tree.Proc, Target: "/proc"}, {Target: "/proc/sys"}}, region{root: own, ours: true}},
		{"in a tmpfs in a bind", false, []tree.Entry{{Kind: tree.Bind, Target: "/a"}, {Kind: tree.Tmpfs, Target: "/a/b"}, {Target: "/a/b/c"}}, region{root: "mount.enter./a/b", prefix: "/a/b", ours: true, memory: true}},
		{"in a tmpfs in place", true, []tree.Entry{{Kind: tree.Tmpfs, Target: "/a"}, {Target: "/a/b"}}, region{root: "mount.enter./a", prefix: "/a", ours: true, memory: true}},
		{"in a tmpfs in a tmpfs in place", true, []tree.Entry{{Kind: tree.Tmpfs, Target: "/a"}, {Kind: tree.Tmpfs, Target: "/a/b"}, {Target: "/a/b/c"}}, region{root: "mount.enter./a", prefix: "/a", ours: true, memory: true}},
		{"in what is bound on itself", false, []tree.Entry{{Kind: tree.Bind, Target: "/a"}, {Kind: tree.Bind, Self: true, Target: "/a/b"}, {Target: "/a/b/c"}}, region{root: own, plain: true}},
		{"in a bind over an overlay", false, []tree.Entry{{Kind: tree.Overlay, Target: "/a"}, {Kind: tree.Bind, Target: "/a/b"}, {Target: "/a/b/c"}}, region{root: own, plain: true}},
		{"in the second at the same place", false, []tree.Entry{{Kind: tree.Bind, Target: "/a"}, {Kind: tree.Overlay, Target: "/a"}, {Target: "/a/b"}}, region{root: own}},
	} {
		l := &tree.Layout{InPlace: c.inPlace, Entries: c.entries}
		b := &treeBuilder{layout: l, entries: l.Entries, base: baseRegion(l)}
		b.survey()
		if got := b.around(len(c.entries) - 1); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
