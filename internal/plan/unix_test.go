package plan_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// lured are the options of a full audit with a socket of either kind.
var lured = plan.Options{Full: true, Unix: []plan.UnixTarget{{Name: "lure", Abstract: true}, {Name: "/tmp/lure"}}}

// inMemory is a layout with directories of a jail's own, of which one can be
// written to by everybody.
func inMemory() *tree.Layout {
	return &tree.Layout{InPlace: true, Entries: []tree.Entry{
		{Kind: tree.Tmpfs, Target: "/etc/none", Perm: 0o777, Options: tree.ReadOnly},
		{Kind: tree.Tmpfs, Target: "/home/u", Perm: 0o755},
		{Kind: tree.Tmpfs, Target: "/var/tmp", Perm: 0o1777},
		{Kind: tree.Tmpfs, Target: "/tmp", Perm: 0o1777},
	}}
}

// TestReachUnix wants the attempts under the command's mounts, with the child's
// capabilities and without the filter, and nothing of them left behind.
func TestReachUnix(t *testing.T) {
	for _, word := range []policy.UnixSockets{policy.UnixDeny, policy.UnixHost} {
		p := plain(t)
		p.Sockets.Unix = word
		l := built(t, p, ordinaryUser(), lured)
		for _, order := range [][2]string{
			{"mount.proc", "attempt.unix.own"},
			{"attempt.unix.own.listen", "attempt.unix.own.connect"},
			{"attempt.unix.own.connect", "attempt.unix.0"},
			{"attempt.unix.0", "attempt.unix.1"},
			{"attempt.unix.1", "caps.drop"},
			{"attempt.unix.1", "filter"},
		} {
			i, j := l.Index(order[0]), l.Index(order[1])
			if i < 0 || j < 0 || i > j {
				t.Errorf("word %d: %s is at %d, %s at %d", word, order[0], i, order[1], j)
			}
		}
		opened, closed := 0, 0
		for i := range l.Ops {
			o := &l.Ops[i]
			switch {
			case !strings.HasPrefix(o.Name, "attempt.unix."):
			case o.Call == "socket":
				opened++
			case o.Call == "close":
				closed++
			}
		}
		if opened != 4 || closed != opened {
			t.Errorf("word %d: %d sockets opened and %d closed", word, opened, closed)
		}
	}
	p := plain(t)
	for _, o := range []plan.Options{{}, {Full: true}, {Unix: lured.Unix}} {
		if l := built(t, p, ordinaryUser(), o); l.Index("attempt.unix.own") >= 0 {
			t.Errorf("%+v asks for no attempt, and there is one", o)
		}
	}
}

// TestReachUnixAddresses are the names as connect(2) takes them.
func TestReachUnixAddresses(t *testing.T) {
	l := built(t, plain(t), ordinaryUser(), lured)
	for name, want := range map[string]string{
		"attempt.unix.own.bind":    "\x01\x00\x00lure-own",
		"attempt.unix.own.connect": "\x01\x00\x00lure-own",
		"attempt.unix.0":           "\x01\x00\x00lure",
		"attempt.unix.1":           "\x01\x00/tmp/lure\x00",
	} {
		o := &l.Ops[l.Index(name)]
		if got := o.Args[1].Bytes(); !bytes.Equal(got, []byte(want)) || o.Args[2].Value != uint64(len(want)) {
			t.Errorf("%s: %q of length %d, want %q", name, got, o.Args[2].Value, want)
		}
	}
}

// TestReachUnixOwnPath wants a second control where the jail has a directory in
// memory to which everybody may write, and its socket to be removed.
func TestReachUnixOwnPath(t *testing.T) {
	h := ordinaryUser()
	h.Tree = inMemory()
	l := built(t, plain(t), h, lured)
	const own = "/var/tmp/.lure-own"
	bind, connect, remove := l.Index("attempt.unix.path.bind"), l.Index("attempt.unix.path.connect"), l.Index("attempt.unix.path.remove")
	if bind < 0 || connect < bind || remove < connect || l.Index("attempt.unix.0") < remove {
		t.Fatalf("bind at %d, connect at %d, remove at %d", bind, connect, remove)
	}
	for _, i := range []int{bind, connect} {
		if got, want := l.Ops[i].Args[1].Bytes(), "\x01\x00"+own+"\x00"; string(got) != want {
			t.Errorf("%s: %q, want %q", l.Ops[i].Name, got, want)
		}
	}
	if got := l.Ops[remove].Args[1].Name; got != own {
		t.Errorf("removes %q", got)
	}
	for i := range l.Ops {
		if l.Ops[i].Fact == plan.FactUnixPathControl && i != connect {
			t.Errorf("op %d reads the control as well", i)
		}
	}
	h.Tree.Entries = h.Tree.Entries[:2]
	if l := built(t, plain(t), h, lured); l.Index("attempt.unix.path") >= 0 {
		t.Error("there is a second control, and nowhere to put it")
	}
}

// TestShared are what of a tree has the host's own inodes.
func TestShared(t *testing.T) {
	const dir, file, socket, device = 0o040000, 0o100000, 0o140000, 0o020000
	node := func(kind uint32) tree.Node { return tree.Node{Type: kind} }
	l := &tree.Layout{
		Entries: []tree.Entry{
			{Kind: tree.Dir, Target: "/srv"},
			{Kind: tree.Overlay, Target: "/usr", Source: "/usr", Node: node(dir)},
			{Kind: tree.Ephemeral, Target: "/home/u", Source: "/home/u", Node: node(dir)},
			{Kind: tree.Bind, Target: "/home/u/p", Source: "/home/u/p", Node: node(dir), Recursive: true},
			{Kind: tree.Bind, Target: "/home/u/p/.git", Source: "/home/u/p/.git", Node: node(dir), Self: true},
			{Kind: tree.Bind, Target: "/dev/null", Source: "/dev/null", Node: node(device)},
			{Kind: tree.Bind, Target: "/opt/prog", Source: "/opt/prog", Node: node(file)},
			{Kind: tree.Bind, Target: "/srv/data", Source: "/data", Node: node(dir), Options: tree.ReadOnly},
			{Kind: tree.Bind, Target: "/run/db", Source: "/run/db", Node: node(socket), Key: "sockets.unix"},
			{Kind: tree.Bind, Target: "/run/x", Source: "/run/x", Node: node(socket), Key: "filesystem.mounts"},
		},
		Mounts: []tree.MountPoint{
			{Point: "/", Type: "ext4"},
			{Point: "/home/u/p/disk", Type: "xfs"},
			{Point: "/home/u/p/far", Type: "nfs4"},
			{Point: "/home/u/pp", Type: "xfs"},
			{Point: "/data/disk", Type: "xfs"}, // not brought along
		},
	}
	for word, has := range map[policy.UnixSockets]bool{policy.UnixDeny: false, policy.UnixIsolated: true, policy.UnixAllow: true, policy.UnixHost: true} {
		p, h := plain(t), ordinaryUser()
		p.Filesystem.Root, p.Sockets.Unix, h.Tree = policy.RootSystem, word, l
		got := built(t, p, h, plan.Options{})
		if want := []string{"/home/u/p", "/home/u/p/disk", "/data", "/run/x"}; !slices.Equal(got.Shared, want) || got.HasUnix != has {
			t.Errorf("word %d: unix sockets: %t, shared %q, want %t and %q", word, got.HasUnix, got.Shared, has, want)
		}
	}
	p, h := plain(t), ordinaryUser()
	h.Tree = inMemory()
	if got := built(t, p, h, plan.Options{}); got.Shared != nil {
		t.Errorf("a tree in place is no matter of single paths, and shares %q", got.Shared)
	}
}
