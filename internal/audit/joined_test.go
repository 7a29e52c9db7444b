package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/inet"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// joinedNS makes the case one that joins namespaces of these kinds, and is in
// them.
func joinedNS(kinds ...ns.Kind) func(*Case) {
	return func(c *Case) {
		for _, k := range kinds {
			c.Policy.Namespaces[k], c.Policy.Joined[k] = policy.NamespaceJoin, "/run/jail/"+k.Link()
			c.Expect.Joined[k] = c.Evidence.Outside.Namespaces[k].Value
		}
		if c.joins(ns.Time) {
			c.Evidence.Inside.Clocks = evidence.Known(tomorrow, "/proc/self/timens_offsets")
			c.Evidence.Outside.Clocks = evidence.Known(tomorrow, "/proc/9/timens_offsets")
		}
		if c.joins(ns.PID) {
			entered := c.Evidence.Outside
			entered.NSPids = evidence.Known([]int{4712, 9, 5}, "/proc/4712/status")
			entered.Dumpable = evidence.Known(false, "owner of /proc/4712/status")
			c.Evidence.Entered = &entered
			c.Evidence.Inside.ProcSelf.Value = 5
		}
		if c.joins(ns.User) {
			c.Expect.UIDMap, c.Expect.GIDMap = nil, nil // they are not netjail's to write
		}
		c.Expect.Reentry = c.joins(ns.User) && c.joins(ns.Network)
	}
}

// tomorrow are clocks that are a day ahead.
var tomorrow = evidence.Clocks{Monotonic: evidence.Offset{Seconds: 86400}, Boottime: evidence.Offset{Seconds: -1, Nanoseconds: 5e8}}

// joinedByRoot is a start by root, in a user namespace that root made before.
func joinedByRoot(c *Case) {
	asRoot(c)
	joinedNS(ns.User)(c)
}

func joinedRows() map[string][]row {
	tables := map[string][]row{}
	for _, k := range []ns.Kind{ns.User, ns.Network, ns.IPC, ns.UTS, ns.Cgroup, ns.Time, ns.PID} {
		tables["ns."+k.String()] = joinedTable(k)
	}
	for id, rows := range joinedPIDRows() {
		tables[id] = append(tables[id], rows...)
	}
	tables["ns.time"] = append(tables["ns.time"], joinedClocksRows()...)
	for id, rows := range joinedUserRows() {
		tables[id] = append(tables[id], rows...)
	}
	for id, rows := range joinedNetworkRows() {
		tables[id] = append(tables[id], rows...)
	}
	tables["proc.hostname"] = []row{
		{"joined", all(joinedNS(ns.UTS), func(c *Case) { c.Evidence.Inside.Hostname.Value = "theirs" }), Declared, "namespaces.uts is joined"},
		{"joined, unread", all(joinedNS(ns.UTS), func(c *Case) { lost(&c.Evidence.Inside.Hostname) }), Unknown, "EIO"},
	}
	return tables
}

func joinedTable(k ns.Kind) []row {
	set := func(id evidence.NamespaceID) func(*Case) {
		return func(c *Case) {
			c.Evidence.Inside.Namespaces[k].Value, c.Evidence.Outside.Namespaces[k].Value = id, id
		}
	}
	name := "namespaces." + k.String()
	return []row{
		{"joined", joinedNS(k), Declared, name + " is joined: the command shares it with whoever else is in /run/jail/" + k.Link()},
		{"joined, held", all(joinedNS(k), held), Declared, ""},
		{"joined, and it is another", all(joinedNS(k), set(5)), Fail, "another than the one"},
		{"joined, and it is netjail's", all(joinedNS(k), set(evidence.NamespaceID(ownNS+uint64(k)))), Fail, "netjail's own"},
		{"joined, and nobody said which", all(joinedNS(k), func(c *Case) { c.Expect.Joined[k] = 0 }), Unknown, "nobody said"},
		{"joined, and unread", all(joinedNS(k), func(c *Case) { lost(&c.Evidence.Outside.Namespaces[k]) }), Unknown, "EIO"},
		{"joined, and changed by exec", all(joinedNS(k), held, func(c *Case) { c.Evidence.AfterExec.Namespaces[k].Value = 5 }), Fail, "execve(2)"},
	}
}

func joinedClocksRows() []row {
	time := joinedNS(ns.Time)
	return []row{
		{"joined, its clocks", time, Declared, "monotonic +86400s, boottime -0.500000000s"},
		{"joined, held, its clocks", all(time, held, func(c *Case) {
			c.Evidence.AfterExec.Clocks = evidence.Known(tomorrow, "/proc/9/timens_offsets")
		}), Declared, "monotonic +86400s"},
		{"joined, and the clocks disagree", all(time, func(c *Case) { c.Evidence.Inside.Clocks.Value = evidence.Clocks{} }), Fail, disagree},
		{"joined, and the clocks unread", all(time, func(c *Case) { lost(&c.Evidence.Outside.Clocks) }), Unknown, "EIO"},
		{"joined, and other clocks after exec", all(time, held, func(c *Case) {
			c.Evidence.AfterExec.Clocks = evidence.Known(evidence.Clocks{}, "/proc/9/timens_offsets")
		}), Fail, "execve(2)"},
		{"joined, and the kernel has none", all(time, func(c *Case) {
			c.Evidence.Before.Namespaces[ns.Time].Value = evidence.NoNamespace
			c.Evidence.Inside.Namespaces[ns.Time].Value = evidence.NoNamespace
			c.Evidence.Outside.Namespaces[ns.Time].Value = evidence.NoNamespace
		}), Unknown, "0 is no namespace"},
	}
}

func joinedPIDRows() map[string][]row {
	pid := joinedNS(ns.PID)
	entered := func(change func(*evidence.Process)) func(*Case) {
		return all(pid, func(c *Case) { change(c.Evidence.Entered) })
	}
	return map[string][]row{
		"ns.pid": {
			{"joined", pid, Declared, "they can signal it"},
			{"joined, and nobody looked", all(pid, func(c *Case) { c.Evidence.Entered = nil }), Unknown, "nobody looked"},
			{"joined, and not entered", entered(func(p *evidence.Process) { p.NSPids.Value = p.NSPids.Value[:1] }), Fail, "in the pid namespace of the one"},
			{"joined, with a capability", entered(func(p *evidence.Process) { p.Caps.Value.Permitted = 1 }), Fail, "other capabilities"},
			{"joined, as another user", entered(func(p *evidence.Process) { p.UIDs.Value = ids(5) }), Fail, "other ids"},
			{"joined, in a group", entered(func(p *evidence.Process) { p.Groups.Value = []uint32{27} }), Fail, "other ids"},
			{"joined, without its filter", entered(func(p *evidence.Process) { p.Seccomp.Value = 0 }), Fail, "another filter"},
			{"joined, free to gain privileges", entered(func(p *evidence.Process) { p.NoNewPrivs.Value = false }), Fail, "another filter"},
			{"joined, dumpable", entered(func(p *evidence.Process) { p.Dumpable.Value = true }), Fail, "could be traced"},
			{"joined, a root, of which that is not told", entered(func(p *evidence.Process) { lost(&p.Dumpable) }), Declared, ""},
			{"joined, its status unread", entered(func(p *evidence.Process) { lost(&p.NSPids) }), Unknown, "EIO"},
			{"joined, its filter unread", entered(func(p *evidence.Process) { lost(&p.Seccomp) }), Unknown, "EIO"},
		},
		"proc.view": {
			{"joined", pid, Declared, "process 5 in /proc, 5 in its namespace"},
			{"joined, and another's", all(pid, func(c *Case) { c.Evidence.Inside.ProcSelf.Value = 4712 }), Fail, "another PID namespace"},
			{"joined, and nobody looked", all(pid, func(c *Case) { c.Evidence.Entered = nil }), Unknown, "nobody looked"},
			{"joined, and unread", all(pid, func(c *Case) { lost(&c.Evidence.Inside.ProcSelf) }), Unknown, "EIO"},
			{"joined, with the host's mounts", all(pid, hostNS(ns.Mount)), NotApplicable, "namespaces.pid is joined"},
		},
		"proc.parent-death": {{"joined", pid, Pass, "namespaces.pid is joined: only the command itself dies"}},
		"proc.signal":       {{"joined", pid, Declared, "namespaces.pid is joined"}},
	}
}

func joinedUserRows() map[string][]row {
	user := joinedNS(ns.User)
	otherMap := []evidence.IDMapLine{{Inside: 0, Outside: caller, Size: 1}}
	mapped := func(c *Case) {
		c.Evidence.Inside.UIDMap.Value, c.Evidence.Outside.UIDMap.Value = otherMap, otherMap
		c.Evidence.Inside.UIDs.Value = ids(0)
	}
	toRoot := []evidence.IDMapLine{{Inside: 0, Outside: 0, Size: 65536}}
	return map[string][]row{
		"ids.uid-map": {
			{"joined", user, Declared, "1000 1000 1"},
			{"joined, disagree", all(user, func(c *Case) { c.Evidence.Inside.UIDMap.Value = otherMap }), Fail, disagree},
			{"joined, unread", all(user, func(c *Case) { lost(&c.Evidence.Inside.UIDMap) }), Unknown, "EIO"},
		},
		"ids.gid-map": {{"joined", user, Declared, "who made it"}},
		"ids.setgroups": {
			{"joined", user, Declared, "deny"},
			{"joined, allowed", all(user, func(c *Case) {
				c.Evidence.Inside.Setgroups.Value, c.Evidence.Outside.Setgroups.Value = "allow", "allow"
			}), Declared, "allow"},
			{"joined, unread", all(user, func(c *Case) { lost(&c.Evidence.Inside.Setgroups) }), Unknown, "EIO"},
		},
		"ids.current": {
			{"joined", user, Pass, "uid 1000, gid 1000 (outside 1000, 1000)"},
			{"joined, under another number", all(user, mapped), Pass, "uid 0, gid 1000 (outside 1000, 1000)"},
			{"joined, and somebody else inside", all(user, mapped, func(c *Case) { c.Evidence.Inside.UIDs.Value = ids(5) }), Fail, "other ids"},
			{"joined, and somebody else outside", all(user, func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(5) }), Fail, "outside"},
			{"joined, and not in its map", all(user, func(c *Case) { c.Evidence.Outside.UIDMap.Value = toRoot[:0] }), Unknown, "does not cover"},
			{"joined by root", joinedByRoot, Pass, "uid 0, gid 0 (outside 1879048192, 1879048192)"},
			{"joined by root, who stays", all(joinedByRoot, func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(0) }), Fail, "outside uid 0"},
		},
		"ids.host-root": {
			{"joined", user, Pass, ""},
			{"joined by root, who stays", all(joinedByRoot, func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(0) }), Fail, "the host's root"},
			{"joined, and it maps the host's root", all(user, func(c *Case) { c.Evidence.Outside.UIDMap.Value = toRoot }), Fail, "reaches the host's root"},
		},
		"ids.groups": {
			{"joined, with groups", all(user, func(c *Case) {
				c.Evidence.Inside.Groups.Value, c.Evidence.Outside.Groups.Value, c.Expect.Groups = []uint32{65534}, []uint32{27}, []uint32{27}
			}), Declared, "27"},
			{"joined by root, with groups", all(joinedByRoot, func(c *Case) {
				c.Evidence.Inside.Groups.Value, c.Evidence.Outside.Groups.Value, c.Expect.Groups = []uint32{65534}, []uint32{27}, []uint32{27}
			}), Fail, "can drop them"},
		},
		"ids.subordinate-of-another": {{"joined", user, NotApplicable, "namespaces.user is joined"}},
		"caps.parent": {
			{"joined", user, Pass, "a child of"},
			{"joined, of another parent", all(user, func(c *Case) { c.Evidence.Outside.Owners[ns.User].Value = 5 }), Fail, "its parent is not"},
		},
		"ns.owner": {
			{"joined", user, Pass, ""},
			{"joined, and a new one is another's", all(user, func(c *Case) { c.Evidence.Outside.Owners[ns.IPC].Value = ownNS }), Fail, "ipc"},
			{"joined ones are others'", all(joinedNS(ns.Network), func(c *Case) { c.Evidence.Outside.Owners[ns.Network].Value = 5 }), Pass, ""},
		},
		"evidence.disagree": {
			{"joined", user, Pass, "told twice agree"},
			{"joined, and the ids are no image of each other", all(user, func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(5) }), Fail, "contradict"},
		},
	}
}

func joinedNetworkRows() map[string][]row {
	network, both := joinedNS(ns.Network), joinedNS(ns.User, ns.Network)
	more := func(c *Case) {
		n := &c.Evidence.Inside.Network
		n.Links.Value = append(n.Links.Value, evidence.Link{Index: 2, Name: "eth0", Up: true})
		n.Addresses.Value = append(n.Addresses.Value, address(2, "192.0.2.1/24"))
		n.Routes.Value = append(n.Routes.Value, evidence.Route{Destination: inet.MustParsePrefix("0.0.0.0/0"), Link: 2})
	}
	attempt := func(of func(*Case) *evidence.Fact[evidence.Attempt]) []row {
		return []row{
			{"joined, and refused", both, Pass, "refused"},
			{"joined, and it worked", all(both, func(c *Case) { of(c).Value.Succeeded = true }), Fail, "it worked"},
			{"joined, and the try is missing", all(both, func(c *Case) { lost(of(c)) }), Unknown, "EIO"},
			{"joined without power over it", all(network, func(c *Case) { lost(of(c)) }), Unknown, "not attempted"},
		}
	}
	connect := func(c *Case) *evidence.Fact[evidence.Attempt] { return &c.Evidence.Inside.Connect }
	return map[string][]row{
		"net.interfaces": {
			{"joined", all(network, more), Declared, "lo, eth0"},
			{"joined, unread", all(network, func(c *Case) { lost(&c.Evidence.Inside.Network.Links) }), Declared, "could not be read"},
		},
		"net.addresses": {
			{"joined", all(network, more), Declared, "192.0.2.1/24"},
			{"joined, unread", all(network, func(c *Case) { lost(&c.Evidence.Inside.Network.Addresses) }), Declared, "could not be read"},
		},
		"net.routes": {
			{"joined", all(network, more), Declared, "among them 0.0.0.0/0 by eth0"},
			{"joined, nothing but lo", network, Declared, "all through lo"},
			{"joined, unread", all(network, func(c *Case) { lost(&c.Evidence.Inside.Network.Routes) }), Declared, "could not be read"},
		},
		"net.loopback":      {{"joined", network, NotApplicable, "namespaces.network is joined"}},
		"escape.setns-fd":   attempt(func(c *Case) *evidence.Fact[evidence.Attempt] { return &c.Evidence.Inside.SetnsFD }),
		"escape.setns-proc": attempt(func(c *Case) *evidence.Fact[evidence.Attempt] { return &c.Evidence.Inside.SetnsProc }),
		"escape.connect": {
			{"joined", all(network, full), Pass, "refused"},
			{"joined, and it arrived", all(network, full, func(c *Case) { c.Evidence.Listener.Strangers = 1 }), Fail, "connections at"},
			{"joined, and another answered", all(network, full, func(c *Case) { connect(c).Value.Succeeded = true }), Unknown, "the same port"},
		},
	}
}

// TestUntriedDoesNotRefuse: a try that no plan can make leaves the start alone,
// and one that a plan makes and that is missing does not.
func TestUntriedDoesNotRefuse(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Case)
		want   Scope
	}{
		{"without power over the namespace", joinedNS(ns.Network), NotAttempted},
		{"with it", joinedNS(ns.User, ns.Network), Examined},
	} {
		x := healthy()
		c.change(x)
		lost(&x.Evidence.Inside.SetnsFD)
		if f := judgeSetnsFD(x); f.Verdict != Unknown || f.Scope != c.want {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}
