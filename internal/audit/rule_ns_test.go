package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

func namespaceRows() map[string][]row {
	tables := map[string][]row{}
	for _, k := range ns.All() {
		tables["ns."+k.String()] = namespaceTable(k)
	}
	tables["ns.owner"] = ownerTable()
	tables["ns.time"] = append(tables["ns.time"], timeTable()...)
	return tables
}

// timeTable are cases on a kernel without time namespaces.
func timeTable() []row {
	none := func(f *evidence.Fact[evidence.NamespaceID]) { *f = known(evidence.NoNamespace, "ns/time: ENOENT") }
	own := func(c *Case) { none(&c.Evidence.Before.Namespaces[ns.Time]) }
	inside := func(c *Case) { none(&c.Evidence.Inside.Namespaces[ns.Time]) }
	outside := func(c *Case) { none(&c.Evidence.Outside.Namespaces[ns.Time]) }
	return []row{
		{"no such kind", all(hostNS(ns.Time), own, inside, outside), Declared, "no time namespaces"},
		{"no such kind, and a new one declared", all(own, inside, outside), Unknown, "0 is no namespace"},
		{"none seen inside", all(hostNS(ns.Time), inside), Fail, disagree},
		{"none but netjail's", all(hostNS(ns.Time), inside, outside), Unknown, "0 is no namespace"},
		{"none here, and one there", all(hostNS(ns.Time), own), Unknown, "0 is no namespace"},
	}
}

// TestTimeBasis: a new time namespace is entered by execve(2), and only who
// looked behind it has seen the command in it.
func TestTimeBasis(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Case)
		want   string
	}{
		{"not held", same, BasisByRule},
		{"held", held, BasisAfterExec},
		{"held and unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.Namespaces[ns.Time]) }), BasisByRule},
		{"shared", hostNS(ns.Time), ""},
	} {
		x := healthy()
		c.change(x)
		if f := judgeTime(x); f.Basis != c.want {
			t.Errorf("%s: %q, want %q: %+v", c.name, f.Basis, c.want, f)
		}
	}
}

// degraded says that the host has none of a kind which the profile prefers.
func degraded(k ns.Kind) func(*Case) {
	return func(c *Case) { c.Expect.Degraded[k] = "there is none" }
}

func namespaceTable(k ns.Kind) []row {
	set := func(inside, outside evidence.NamespaceID) func(*Case) {
		return func(c *Case) {
			c.Evidence.Inside.Namespaces[k].Value = inside
			c.Evidence.Outside.Namespaces[k].Value = outside
		}
	}
	own := evidence.NamespaceID(ownNS + uint64(k))
	return []row{
		{"new", same, Pass, "netjail's is " + nsLink(k, own)},
		{"new and held", held, Pass, ""},
		{"not made", set(own, own), Fail, "netjail's own"},
		{"shared", hostNS(k), Declared, "namespaces." + k.String() + " is host"},
		{"shared, and it is another", all(hostNS(k), set(5, 5)), Fail, "declared as shared"},
		{"degraded", all(hostNS(k), degraded(k)), Declared, "degraded: the profile prefers a new one; there is none"},
		{"degraded, and it is another", all(hostNS(k), degraded(k), set(5, 5)), Fail, "declared as shared"},
		{"degraded, and the policy is not", all(degraded(k), set(own, own)), Fail, "netjail's own"},
		{"disagree", set(5, 6), Fail, disagree},
		{"inside sees netjail's", set(own, 5), Fail, disagree},
		{"changed by exec", all(held, func(c *Case) { c.Evidence.AfterExec.Namespaces[k].Value = 5 }), Fail, "execve(2) changed it"},
		{"no namespace", set(0, 0), Unknown, "0 is no namespace"},
		{"inside unread", func(c *Case) { lost(&c.Evidence.Inside.Namespaces[k]) }, Unknown, "the call: EIO"},
		{"outside unread", func(c *Case) { lost(&c.Evidence.Outside.Namespaces[k]) }, Unknown, "EIO"},
		{"netjail's own unread", func(c *Case) { lost(&c.Evidence.Before.Namespaces[k]) }, Unknown, "netjail's own"},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.Namespaces[k]) }), Pass, ""},
		{"never looked", func(c *Case) { *c.Evidence = evidence.Evidence{} }, Unknown, "not read"},
	}
}

func ownerTable() []row {
	owner := func(k ns.Kind, id evidence.NamespaceID) func(*Case) {
		return func(c *Case) { c.Evidence.Outside.Owners[k].Value = id }
	}
	hostUser := func(c *Case) {
		hostNS(ns.User)(c)
		for _, k := range ns.All() {
			c.Evidence.Outside.Owners[k].Value = ownNS
		}
	}
	return []row{
		{"the jail's", same, Pass, "parent"},
		{"network made too early", owner(ns.Network, ownNS), Fail, "network: user:[4026531830]"},
		{"parent is another", owner(ns.User, 5), Fail, "user: user:[5]"},
		{"no owner", owner(ns.Mount, 0), Fail, "mount"},
		{"a shared one does not matter", all(hostNS(ns.UTS), owner(ns.UTS, 5)), Pass, ""},
		{"without user namespace", hostUser, Declared, "namespaces.user is host"},
		{"without user namespace, another's", all(hostUser, owner(ns.IPC, 5)), Fail, "ipc"},
		{"nothing is new", hostNS(ns.User, ns.Network, ns.Mount, ns.PID, ns.IPC, ns.UTS, ns.Cgroup, ns.Time), NotApplicable, ""},
		{"owner unread", func(c *Case) { lost(&c.Evidence.Outside.Owners[ns.PID]) }, Unknown, "pid: the call"},
		{"own unread", func(c *Case) { lost(&c.Evidence.Before.Namespaces[ns.User]) }, Unknown, "EIO"},
		{"user unread", func(c *Case) { lost(&c.Evidence.Outside.Namespaces[ns.User]) }, Unknown, "EIO"},
	}
}
