package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/tree"
)

// given makes the case one of root's, whose command was given the project of user
// 1000, as a full audit sees it.
func given(c *Case) {
	asRoot(c)
	c.Evidence.Full = true
	for i := range c.Expect.Tree.Entries {
		if e := &c.Expect.Tree.Entries[i]; e.Key == keyWritable && e.Kind == tree.Bind {
			e.Node.Owner = tree.Owner{UID: 1000, GID: 100}
			e.Owner = &e.Node.Owner
		}
	}
	for i := range c.Evidence.Outside.Mounts.Value {
		if m := &c.Evidence.Outside.Mounts.Value[i]; covers("/home/me/work", m.Point) {
			m.Flags |= evidence.MountIdmapped
		}
	}
	uid, _ := outsideID(c.Expect.UIDMap, c.Expect.UID)
	gid, _ := outsideID(c.Expect.GIDMap, c.Expect.GID)
	list := known([]evidence.Given{{
		Path: "/home/me/work", Directory: true,
		Inside: evidence.Ownership{UID: uid, GID: gid}, Host: evidence.Ownership{UID: 1000, GID: 100},
		Made:   known(evidence.Ownership{UID: 1000, GID: 100}, "openat(2)"),
		Others: known(evidence.Others{Files: 9, Other: 2}, "a walk"),
	}}, "statx(2)")
	c.Evidence.Given = &list
}

// as changes what was seen of the one that was given.
func as(change func(*evidence.Given)) func(*Case) {
	return all(given, func(c *Case) { change(&c.Evidence.Given.Value[0]) })
}

func givenTable() []row {
	return []row{
		{"given", given, Pass, "/home/me/work is 1000:100's on the host, of 9 names in it are others': 2"},
		{"the cheap part", all(given, func(c *Case) {
			c.Evidence.Full = false
			g := &c.Evidence.Given.Value[0]
			lost(&g.Made)
			lost(&g.Others)
		}), Pass, "/home/me/work is 1000:100's on the host"},
		{"counted up to a bound", as(func(g *evidence.Given) { g.Others.Value.Cut, g.Others.Value.Closed = true, 3 }), Pass, "no more were looked at; directories not looked at: 3"},
		{"a file", as(func(g *evidence.Given) {
			g.Directory = false
			lost(&g.Made)
		}), Pass, "1000:100's"},
		{"an ordinary user", same, NotApplicable, "nothing of the host's is given"},
		{"only to be read", all(given, func(c *Case) {
			for i := range c.Expect.Tree.Entries {
				c.Expect.Tree.Entries[i].Options |= tree.ReadOnly
			}
		}), NotApplicable, "nothing of the host's is given"},
		{"shared", hostNS(ns.Mount), NotApplicable, "namespaces.mount is host"},
		{"not idmapped", all(given, with("/home/me/work", func(m *evidence.Mount) { m.Flags &^= evidence.MountIdmapped })), Fail, "/home/me/work is no idmapped mount"},
		{"not there", all(given, unmounted("/home/me/work")), Fail, "/home/me/work is no idmapped mount"},
		{"somebody else's on the host", as(func(g *evidence.Given) { g.Host.UID = 0 }), Fail, "/home/me/work is 0:100's on the host and not 1000:100's"},
		{"somebody else's inside", as(func(g *evidence.Given) { g.Inside.UID = 1000 }), Fail, "through the mount and not"},
		{"another group's inside", as(func(g *evidence.Given) { g.Inside.GID = 100 }), Fail, "through the mount and not"},
		{"no such id", all(given, func(c *Case) { c.Expect.UIDMap = nil }), Fail, "through the mount and not"},
		{"made as somebody else", as(func(g *evidence.Given) { g.Made.Value.UID = 0x70000000 }), Fail, "what is made in /home/me/work is 1879048192:100's on the host"},
		{"not made", as(func(g *evidence.Given) { lost(&g.Made) }), Unknown, "/home/me/work: the call: EIO"},
		{"unread", all(given, func(c *Case) { lost(c.Evidence.Given) }), Unknown, "EIO"},
		{"mounts unread", all(given, unreadMounts), Unknown, "EIO"},
		{"nobody looked", all(given, func(c *Case) { c.Evidence.Given = nil }), Unknown, "nobody looked"},
		{"nobody looked there", as(func(g *evidence.Given) { g.Path = "/x" }), Unknown, "nobody looked at /home/me/work"},
	}
}

func setIDTable() []row {
	return []row{
		{"refused", same, Pass, "13 calls answered"},
		{"let through", answer("fchmodat", "EFAULT"), Fail, "EFAULT instead of EPERM"},
		{"let through by a call that hides the mode", answer("openat2", "EINVAL"), Fail, "EINVAL instead of ENOSYS"},
		{"one that refuses every mode", answer("control.fchmod", "EPERM"), Fail, "EPERM instead of EBADF"},
		{"what another rule judges", answer("mount", "EINVAL"), Pass, "13 calls answered"},
		{"left out", untried("mknodat"), Unknown, "mknodat was not tried"},
		{"unread", unreadProbes, Unknown, "EIO"},
		{"no filter", unfiltered, Declared, "no filter"},
	}
}
