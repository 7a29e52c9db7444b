package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

func namespaceRows() map[string][]row {
	tables := map[string][]row{}
	for _, k := range ns.All() {
		tables["ns."+k.String()] = namespaceTable(k)
	}
	tables["ns.owner"] = ownerTable()
	return tables
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
