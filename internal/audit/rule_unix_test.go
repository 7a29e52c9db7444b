package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

func unixRows() map[string][]row {
	return map[string][]row{
		"sockets.unix":   wordTable(),
		"escape.unix":    lureTable(1),
		"unix.abstract":  lureTable(0),
		"unix.reachable": reachableTable(),
		"unix.allowed":   allowedTable(),
	}
}

// unixWord gives sockets.unix another word, and the probes the answers of its
// filter.
func unixWord(w policy.UnixSockets) func(*Case) {
	return func(c *Case) {
		c.Policy.Sockets.Unix = w
		c.Evidence.Inside.Probes.Value = answered(plan.FilterOptions(c.Policy))
		c.probes = nil
	}
}

func isolated(c *Case) { unixWord(policy.UnixIsolated)(c) }

func wordTable() []row {
	return []row{
		{"isolated", isolated, Pass, "4 calls answered"},
		{"allow", unixWord(policy.UnixAllow), Pass, "calls answered"},
		{"isolated, and streams refused", all(isolated, answer("control.unix.stream", "EAFNOSUPPORT")), Fail, "EAFNOSUPPORT instead of EPROTONOSUPPORT"},
		{"isolated, and pairs refused", all(isolated, answer("control.unix.pair", "ESOCKTNOSUPPORT")), Fail, "ESOCKTNOSUPPORT instead"},
		{"isolated, and not tried", all(isolated, untried("control.unix.datagram")), Unknown, "was not tried"},
		{"isolated in the host's network namespace", all(isolated, hostNS(ns.Network)), Fail, "abstract"},
	}
}

// lure adds a socket of netjail's to a full audit, which was not reached.
func lure(c *Case, l evidence.UnixListener) {
	l.Control = true
	c.Evidence.Unix = append(c.Evidence.Unix, l)
	c.Evidence.Inside.Unix = append(c.Evidence.Inside.Unix, known(evidence.Attempt{Control: true, Errno: "ECONNREFUSED"}, "connect(2)"))
}

// lures adds one with an abstract name and one in /tmp.
func lures(c *Case) {
	lure(c, evidence.UnixListener{Name: "lure", Abstract: true})
	lure(c, evidence.UnixListener{Name: "/tmp/lure"})
}

// lured makes the case one of a full audit, in which of three lures only the one
// in a shared directory was reached.
func lured(c *Case) {
	full(c)
	sharing(c)
	lure(c, evidence.UnixListener{Name: "/home/u/p/lure", Reached: 1})
}

// unlured makes it one of a full audit without any.
func unlured(c *Case) {
	full(c)
	c.Evidence.Unix, c.Evidence.Inside.Unix = nil, nil
}

// sharing makes the case one with a shared directory, and a covered one in it.
func sharing(c *Case) {
	c.Expect.reach = newReach([]string{"/home/u/p"}, &tree.Layout{Entries: []tree.Entry{
		{Kind: tree.Tmpfs, Target: "/tmp"},
		{Kind: tree.Overlay, Target: "/usr", Source: "/usr"},
		{Kind: tree.Ephemeral, Target: "/home/u", Source: "/home/u"},
		{Kind: tree.Bind, Target: "/home/u/p", Source: "/home/u/p"},
		{Kind: tree.Bind, Target: "/home/u/p/.git", Source: "/home/u/p/.git", Self: true},
		{Kind: tree.Tmpfs, Target: "/home/u/p/covered"},
		{Kind: tree.Bind, Target: "/run/db", Source: "/run/db", Key: "sockets.unix"},
	}})
}

// lureTable is for the lures with an abstract name, of which i is the first, or
// for those with a path.
func lureTable(i int) []row {
	attempt := func(f func(*evidence.Fact[evidence.Attempt])) func(*Case) {
		return func(c *Case) { f(&c.Evidence.Inside.Unix[i]) }
	}
	reached := func(c *Case) { c.Evidence.Unix[i].Reached = 1 }
	rows := []row{
		{"refused", lured, Pass, ": refused, ECONNREFUSED"},
		{"refused, isolated", all(lured, isolated), Pass, ": refused, ECONNREFUSED"},
		{"gone", all(lured, attempt(func(a *evidence.Fact[evidence.Attempt]) { a.Value.Errno = "ENOENT" })), Pass, "ENOENT"},
		{"reached, isolated", all(lured, isolated, reached), Fail, ": a socket was reached"},
		{"worked, isolated", all(lured, isolated, attempt(func(a *evidence.Fact[evidence.Attempt]) { a.Value = evidence.Attempt{Succeeded: true} })), Fail, ": a socket was reached"},
		{"reached, and the filter refuses the socket", all(lured, reached), Pass, "before the filter was loaded; 3 calls answered"},
		{"reached by its own word alone", all(lured, attempt(func(a *evidence.Fact[evidence.Attempt]) { a.Value = evidence.Attempt{Control: true, Succeeded: true} })), Unknown, "nobody arrived"},
		{"reached, and the filter lets it through", all(lured, reached, answer("socket.unix", "EINVAL")), Fail, "EINVAL instead of"},
		{"reached, and the filter was not tried", all(lured, reached, unreadProbes), Unknown, "EIO"},
		{"a dead lure", all(lured, func(c *Case) { c.Evidence.Unix[i].Control = false }), Unknown, "the probe is dead"},
		{"a dead control", all(lured, attempt(func(a *evidence.Fact[evidence.Attempt]) { a.Value.Control = false })), Unknown, "the probe is dead"},
		{"no socket", all(lured, attempt(func(a *evidence.Fact[evidence.Attempt]) { a.Value.Errno = "EBADF" })), Unknown, "not a refusal"},
		{"unread", all(lured, attempt(lost[evidence.Attempt])), Unknown, "EIO"},
		{"one attempt missing", all(lured, func(c *Case) { c.Evidence.Inside.Unix = c.Evidence.Inside.Unix[1:] }), Unknown, "tried 2"},
		{"nothing bound", unlured, Unknown, "bound no such socket"},
		{"not attempted", same, Unknown, "not attempted in this run"},
		{"host, all", all(lured, unixWord(policy.UnixHost), hostNS(ns.Network)), Declared, "sockets.unix is host"},
	}
	if i == 0 {
		return append(rows, row{"host, in a network namespace of its own", all(lured, unixWord(policy.UnixHost)), Pass, "ECONNREFUSED"})
	}
	return append(rows,
		row{"reached in the caller's tree", all(lured, reached, func(c *Case) { c.Expect.reach = newReach(nil, &tree.Layout{InPlace: true}) }), Pass, "before the filter was loaded"},
		row{"host", all(lured, unixWord(policy.UnixHost)), Declared, "sockets.unix is host"},
		row{"only shared ones", all(lured, func(c *Case) { c.Evidence.Unix[i].Name = "/home/u/p/other" }), Unknown, "bound no such socket"})
}

// looked makes the case one with isolated sockets and a shared directory, in
// which these were found by name.
func looked(found ...evidence.Endpoint) func(*Case) {
	return func(c *Case) {
		isolated(c)
		sharing(c)
		c.Evidence.Shared = &evidence.Shared{Named: known(found, "/proc/net/unix"), Walked: evidence.Unknown[evidence.Walk]("getdents64(2)", "not attempted")}
	}
}

// walked makes the case one of a full audit, in which these were found by a walk.
func walked(w evidence.Walk) func(*Case) {
	return all(looked(), func(c *Case) {
		c.Evidence.Full = true
		c.Evidence.Shared.Walked = known(w, "getdents64(2)")
	})
}

func reachableTable() []row {
	at := func(path string, a evidence.Answer) evidence.Endpoint {
		return evidence.Endpoint{Path: path, Answer: a}
	}
	alive := at("/home/u/p/x.sock", evidence.AnswerAlive)
	many := []evidence.Endpoint{alive}
	for i := range 11 {
		many = append(many, at("/home/u/p/"+number(i), evidence.AnswerAlive))
	}
	return []row{
		{"nothing shared", isolated, Pass, "no path is shared"},
		{"nobody listens", looked(), Declared, "nobody listens below /home/u/p, as far as /proc/net/unix names it"},
		{"names that are relative", all(looked(), func(c *Case) { c.Evidence.Shared.Relative = 2 }), Declared, "2 names in it are relative"},
		{"somebody listens", looked(alive), Fail, "in reach: /home/u/p/x.sock"},
		{"many listen", looked(many...), Fail, "and 4 more"},
		{"somebody has listened", looked(at("/home/u/p/x.sock", evidence.AnswerDead)), Declared, "nobody listens"},
		{"somebody listens, to others", looked(at("/home/u/p/x.sock", evidence.AnswerRefused)), Declared, "nobody listens"},
		{"somebody may listen", looked(at("/home/u/p/x.sock", evidence.AnswerUnknown)), Unknown, "perhaps in reach"},
		{"somebody listens where something covers it", looked(at("/home/u/p/covered/x", evidence.AnswerAlive)), Declared, "nobody listens"},
		{"somebody listens below what is bound on itself", looked(at("/home/u/p/.git/x", evidence.AnswerAlive)), Fail, ".git/x"},
		{"somebody listens in an overlay", looked(at("/home/u/x", evidence.AnswerAlive)), Declared, "nobody listens"},
		{"the profile names it", all(looked(alive), unixWord(policy.UnixAllow), func(c *Case) { c.Expect.reach.Allowed = []string{alive.Path} }), Declared, "nobody listens"},
		{"the profile names another", all(looked(alive), unixWord(policy.UnixAllow)), Fail, "in reach"},
		{"found by the walk", walked(evidence.Walk{Endpoints: []evidence.Endpoint{alive}, Files: 3}), Fail, "in reach"},
		{"found twice", all(walked(evidence.Walk{Endpoints: []evidence.Endpoint{alive}}), func(c *Case) { c.Evidence.Shared.Named.Value = []evidence.Endpoint{alive} }), Fail, "in reach: /home/u/p/x.sock"},
		{"a lure found by the walk", all(walked(evidence.Walk{Endpoints: []evidence.Endpoint{alive}, Files: 3}), func(c *Case) { lure(c, evidence.UnixListener{Name: alive.Path}) }), Declared, "nobody listens"},
		{"a FIFO found by the walk", walked(evidence.Walk{Endpoints: []evidence.Endpoint{{Path: "/home/u/p/f", FIFO: true}}, Files: 3}), Declared, "3 names looked at"},
		{"the walk was cut", walked(evidence.Walk{Files: 250, Cut: true, Closed: 2}), Declared, "and no more; directories not looked at: 2"},
		{"no walk in a full audit", all(looked(), func(c *Case) { c.Evidence.Full = true }), Unknown, "not attempted"},
		{"table unread", all(looked(), func(c *Case) { lost(&c.Evidence.Shared.Named) }), Unknown, "EIO"},
		{"nobody looked", all(looked(), func(c *Case) { c.Evidence.Shared = nil }), Unknown, "nobody looked"},
		{"deny", same, NotApplicable, "deny"},
		{"host", unixWord(policy.UnixHost), Declared, "sockets.unix is host"},
	}
}

func allowedTable() []row {
	allow := all(unixWord(policy.UnixAllow), sharing, func(c *Case) {
		c.Policy.Sockets.UnixAllowed = []string{"/run/db"}
		c.Evidence.Outside.Mounts.Value = append(c.Evidence.Outside.Mounts.Value, evidence.Mount{Point: "/run/db", Type: "tmpfs"})
	})
	return []row{
		{"mounted", allow, Declared, "/run/db"},
		{"not mounted", all(allow, func(c *Case) { c.Evidence.Outside.Mounts.Value = nil }), Fail, "/run/db is not mounted"},
		{"not planned", all(allow, func(c *Case) { c.Expect.reach = newReach(nil, nil) }), Unknown, "the plan mounts none"},
		{"unread", all(allow, func(c *Case) { lost(&c.Evidence.Outside.Mounts) }), Unknown, "EIO"},
		{"none named", isolated, NotApplicable, "names no socket"},
	}
}

// TestFIFOs is what is told of them.
func TestFIFOs(t *testing.T) {
	for _, c := range []struct {
		change func(*Case)
		want   string
	}{
		{same, ""},
		{looked(), ""},
		{walked(evidence.Walk{Files: 7}), "; FIFOs there: none; 7 names looked at"},
		{walked(evidence.Walk{Endpoints: []evidence.Endpoint{
			{Path: "/home/u/p/fifo", FIFO: true}, {Path: "/home/u/p/socket"}, {Path: "/home/u/p/covered/fifo", FIFO: true},
		}, Cut: true}), "; FIFOs there: /home/u/p/fifo; 0 names looked at, and no more"},
	} {
		x := healthy()
		c.change(x)
		if got := x.fifos(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestReachShows is what the command sees of the host's paths as they are.
func TestReachShows(t *testing.T) {
	c := healthy()
	sharing(c)
	for path, want := range map[string]bool{
		"/home/u/p": true, "/home/u/p/x": true, "/home/u/p/.git/config": true, "/home/u/p/covered": false, "/home/u/p/covered/x": false,
		"/home/u": false, "/home/u/px": false, "/usr/x": false, "/tmp/x": false, "/run/db": true, "/run/dbx": false, "/": false,
	} {
		if got := c.Expect.reach.shows(path); got != want {
			t.Errorf("%s is seen as it is: %t, want %t", path, got, want)
		}
	}
	elsewhere := newReach(nil, &tree.Layout{Entries: []tree.Entry{{Kind: tree.Bind, Target: "/work", Source: "/srv/data"}, {Kind: tree.Overlay, Target: "/work/sub"}}})
	for path, want := range map[string]bool{"/srv/data/x": true, "/srv/data/sub/x": false, "/work/x": false, "/srv": false} {
		if got := elsewhere.shows(path); got != want {
			t.Errorf("%s, bound elsewhere, is seen as it is: %t, want %t", path, got, want)
		}
	}
	inPlace := newReach(nil, &tree.Layout{InPlace: true, Entries: []tree.Entry{{Kind: tree.Tmpfs, Target: "/tmp"}}})
	if inPlace.shows("/tmp/x") || !inPlace.shows("/var/x") || (&reach{}).shows("/") {
		t.Error("a tree in place shows what nothing is mounted over, and no tree shows nothing")
	}
}
