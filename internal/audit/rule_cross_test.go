package audit

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

func crossRows() map[string][]row {
	return map[string][]row{"host.unchanged": unchangedTable(), "evidence.disagree": disagreeTable()}
}

func unchangedTable() []row {
	return []row{
		{"same", same, Pass, "same before and after"},
		{"uid", func(c *Case) { c.Evidence.After.UIDs.Value = ids(0) }, Fail, "uids: before 1000, after 0"},
		{"gid", func(c *Case) { c.Evidence.After.GIDs.Value.Saved = 0 }, Fail, "gids: before 1000"},
		{"capabilities", func(c *Case) { c.Evidence.After.Caps.Value.Effective = caps.Of(caps.SysAdmin) }, Fail, "CAP_SYS_ADMIN"},
		{"namespace", func(c *Case) { c.Evidence.After.Namespaces[ns.Network].Value = 5 }, Fail, "network: before"},
		{"before unread", func(c *Case) { lost(&c.Evidence.Before.Caps) }, Unknown, "EIO"},
		{"after unread", func(c *Case) { lost(&c.Evidence.After.Namespaces[ns.PID]) }, Unknown, "EIO"},
	}
}

func disagreeTable() []row {
	return []row{
		{"agree", same, Pass, "16 facts told twice agree"},
		{"agree as root", asRoot, Pass, ""},
		{"agree, shared", hostNS(ns.User, ns.Network), Pass, ""},
		{"agree with gocapability", func(c *Case) { c.Evidence.Outside.Capget = known(caps.Sets{}, "capget(2)") }, Pass, "17 facts"},
		{"one side only", func(c *Case) { lost(&c.Evidence.Inside.Seccomp) }, Pass, "told by one side only: seccomp mode"},
		{"capabilities", func(c *Case) { c.Evidence.Outside.Caps.Value.Bounding = caps.All }, Fail, "capabilities"},
		{"gocapability", func(c *Case) {
			c.Evidence.Outside.Capget = known(caps.Sets{Effective: caps.Of(caps.Kill)}, "capget(2)")
		}, Fail, "capget"},
		{"gocapability after exec", all(held, func(c *Case) {
			c.Evidence.AfterExec.Capget = known(caps.Sets{Effective: caps.Of(caps.Kill)}, "capget(2)")
		}), Fail, "capget after exec"},
		{"no_new_privs", func(c *Case) { c.Evidence.Outside.NoNewPrivs.Value = false }, Fail, "no_new_privs 1 ≠ 0"},
		{"seccomp", func(c *Case) { c.Evidence.Outside.Seccomp.Value = 0 }, Fail, "seccomp mode 2 ≠ 0"},
		{"seccomp after exec", all(held, func(c *Case) { c.Evidence.AfterExec.Seccomp.Value = 0 }), Fail, "after exec"},
		{"namespace", func(c *Case) { c.Evidence.Inside.Namespaces[ns.IPC].Value = 5 }, Fail, "ipc namespace"},
		{"ids through the map", func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(1001) }, Fail, "uids 1000 ≠ 1001"},
		{"map", func(c *Case) { c.Evidence.Inside.GIDMap.Value = nil }, Fail, "gid map"},
		{"map unread", func(c *Case) { lost(&c.Evidence.Outside.UIDMap) }, Pass, "uid map"},
		{"id that the map lacks", func(c *Case) { c.Evidence.Inside.UIDs.Value.Saved = 5 }, Pass, "one side only: uids"},
		{"nothing told twice", func(c *Case) { c.Evidence.Outside = evidence.Process{} }, Unknown, "no fact was told twice"},
	}
}
