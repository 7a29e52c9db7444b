package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

func idRows() map[string][]row {
	return map[string][]row{
		"ids.uid-map": mapTable(
			func(c *Case) *evidence.Fact[[]evidence.IDMapLine] { return &c.Evidence.Inside.UIDMap },
			func(c *Case) *evidence.Fact[[]evidence.IDMapLine] { return &c.Evidence.Outside.UIDMap },
			func(c *Case) *[]evidence.IDMapLine { return &c.Expect.UIDMap }),
		"ids.gid-map": mapTable(
			func(c *Case) *evidence.Fact[[]evidence.IDMapLine] { return &c.Evidence.Inside.GIDMap },
			func(c *Case) *evidence.Fact[[]evidence.IDMapLine] { return &c.Evidence.Outside.GIDMap },
			func(c *Case) *[]evidence.IDMapLine { return &c.Expect.GIDMap }),
		"ids.setgroups": setgroupsTable(),
		"ids.current":   currentTable(),
		"ids.groups":    groupsTable(),
		"ids.host-root": hostRootTable(),

		"ids.subordinate-of-another": subordinateTable(),
	}
}

func mapTable(in, out func(*Case) *evidence.Fact[[]evidence.IDMapLine], want func(*Case) *[]evidence.IDMapLine) []row {
	both := func(lines ...evidence.IDMapLine) func(*Case) {
		return func(c *Case) { in(c).Value, out(c).Value = lines, lines }
	}
	two := []evidence.IDMapLine{{Inside: 0, Outside: 5000, Size: 10}, {Inside: caller, Outside: caller, Size: 1}}
	return []row{
		{"as declared", same, Pass, "1000 1000 1"},
		{"as root", asRoot, Pass, "0 1879048192 65536"},
		{"in another order", all(both(two[1], two[0]), func(c *Case) { *want(c) = two }), Pass, ""},
		{"wider", both(evidence.IDMapLine{Inside: 0, Outside: 0, Size: 4294967295}), Fail, "another map"},
		{"never written", both(), Fail, "empty"},
		{"disagree", func(c *Case) { in(c).Value = two }, Fail, disagree},
		{"changed by exec", all(held, func(c *Case) {
			c.Evidence.AfterExec.UIDMap.Value, c.Evidence.AfterExec.GIDMap.Value = two, two
		}), Fail, "execve(2)"},
		{"shared", hostNS(ns.User), NotApplicable, "namespaces.user"},
		{"inside unread", func(c *Case) { lost(in(c)) }, Unknown, "EIO"},
		{"outside unread", func(c *Case) { lost(out(c)) }, Unknown, "EIO"},
		{"nothing expected", all(both(), func(c *Case) { *want(c) = nil }), Unknown, "nobody said"},
	}
}

func setgroupsTable() []row {
	in := func(s string) func(*Case) { return func(c *Case) { c.Evidence.Inside.Setgroups.Value = s } }
	out := func(s string) func(*Case) { return func(c *Case) { c.Evidence.Outside.Setgroups.Value = s } }
	allow := func(c *Case) { c.Policy.Setgroups = policy.SetgroupsAllow }
	return []row{
		{"deny", same, Pass, "deny"},
		{"allow", all(allow, in("allow"), out("allow")), Pass, "allow"},
		{"allow, not declared", all(in("allow"), out("allow")), Fail, "the kernel says otherwise"},
		{"deny, allow declared", allow, Fail, ""},
		{"disagree", in("allow"), Fail, disagree},
		{"shared", hostNS(ns.User), NotApplicable, ""},
		{"unread", func(c *Case) { lost(&c.Evidence.Outside.Setgroups) }, Unknown, "EIO"},
	}
}

func currentTable() []row {
	return []row{
		{"as declared", same, Pass, "uid 1000, gid 1000 (outside 1000, 1000)"},
		{"as root", asRoot, Pass, "uid 0, gid 0 (outside 1879048192, 1879048192)"},
		{"held", held, Pass, ""},
		{"shared", hostNS(ns.User), Pass, ""},
		{"another uid", func(c *Case) { c.Evidence.Inside.UIDs.Value = ids(65534) }, Fail, "65534"},
		{"another gid", func(c *Case) { c.Evidence.Inside.GIDs.Value = ids(0) }, Fail, "gid 0"},
		{"saved id left", func(c *Case) { c.Evidence.Inside.UIDs.Value.Saved = 0 }, Fail, "1000/1000/0"},
		{"disagree", func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(0) }, Fail, "outside uid 0"},
		{"changed by exec", all(held, func(c *Case) { c.Evidence.AfterExec.UIDs.Value.Effective = 0 }), Fail, "1000/0/1000"},
		{"not mapped", func(c *Case) { c.Expect.UIDMap = nil }, Unknown, "does not cover"},
		{"inside unread", func(c *Case) { lost(&c.Evidence.Inside.GIDs) }, Unknown, "EIO"},
		{"outside unread", func(c *Case) { lost(&c.Evidence.Outside.GIDs) }, Unknown, "EIO"},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.UIDs) }), Unknown, "EIO"},
	}
}

func groupsTable() []row {
	groups := func(inside, outside, want []uint32) func(*Case) {
		return func(c *Case) {
			c.Evidence.Inside.Groups.Value, c.Evidence.Outside.Groups.Value, c.Expect.Groups = inside, outside, want
		}
	}
	list := func(n ...uint32) []uint32 { return n }
	return []row{
		{"none", same, Pass, "none"},
		{"only the primary one", groups(list(1000), list(1000), list(1000)), Pass, "1000"},
		{"kept", groups(list(65534, 1000), list(27, 1000), list(1000, 27)), Declared, "27, 1000"},
		{"kept, held", all(groups(list(65534), list(27), list(27)), held), Declared, "27"},
		{"more than expected", groups(list(65534), list(27), nil), Fail, "other groups"},
		{"fewer than expected", groups(nil, nil, list(27)), Fail, "other groups"},
		{"root's not dropped", all(asRoot, groups(list(65534), list(27), list(27))), Fail, "can drop them"},
		{"root's dropped", asRoot, Pass, "none"},
		{"shared, root", all(asRoot, hostNS(ns.User), groups(list(27), list(27), list(27))), Declared, "27"},
		{"shared, disagree", all(hostNS(ns.User), groups(list(27), list(28), list(28))), Fail, disagree},
		{"disagree in number", groups(list(65534), list(27, 28), list(27, 28)), Fail, disagree},
		{"disagree in image", groups(list(65534), list(1000), list(1000)), Fail, disagree},
		{"gained by exec", all(held, func(c *Case) { c.Evidence.AfterExec.Groups.Value = list(27) }), Fail, "27"},
		{"inside unread", func(c *Case) { lost(&c.Evidence.Inside.Groups) }, Unknown, "EIO"},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.Groups) }), Unknown, "after exec"},
	}
}

func hostRootTable() []row {
	zero := []evidence.IDMapLine{{Inside: 0, Outside: 0, Size: 1}}
	return []row{
		{"ordinary", same, Pass, "uid 1000"},
		{"root with a range", asRoot, Pass, "uid 1879048192"},
		{"shared, ordinary", hostNS(ns.User), Pass, ""},
		{"group 0", func(c *Case) { c.Evidence.Outside.GIDs.Value = ids(0) }, Pass, "group 0"},
		{"runs as it", func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(0) }, Fail, "uid 0"},
		{"saved id is it", func(c *Case) { c.Evidence.Outside.UIDs.Value.Saved = 0 }, Fail, "uid 0"},
		{"runs as it after exec", all(held, func(c *Case) { c.Evidence.AfterExec.UIDs.Value = ids(0) }), Fail, "uid 0"},
		{"mapped", func(c *Case) { c.Evidence.Outside.UIDMap.Value = zero }, Fail, "0 0 1"},
		{"mapped, by one side only", func(c *Case) {
			c.Evidence.Inside.UIDMap.Value = zero
			lost(&c.Evidence.Outside.UIDMap)
		}, Fail, "0 0 1"},
		{"shared, root", all(hostNS(ns.User), func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(0) }), Fail, "host's root"},
		{"map unread", func(c *Case) { lost(&c.Evidence.Outside.UIDMap) }, Unknown, "EIO"},
		{"ids unread", func(c *Case) { lost(&c.Evidence.Outside.UIDs) }, Unknown, "EIO"},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.UIDs) }), Unknown, "EIO"},

		{"root, group 0", all(asRoot, func(c *Case) { c.Evidence.Outside.GIDs.Value = ids(0) }), Fail, "root group"},
		{"root, group 0 after exec", all(asRoot, held, func(c *Case) { c.Evidence.AfterExec.GIDs.Value = ids(0) }), Fail, "gid 0"},
		{"root, group 0 mapped", all(asRoot, func(c *Case) { c.Evidence.Outside.GIDMap.Value = zero }), Fail, "0 0 1"},
		{"root, group 0 mapped, by one side only", all(asRoot, func(c *Case) {
			c.Evidence.Inside.GIDMap.Value = zero
			lost(&c.Evidence.Outside.GIDMap)
		}), Fail, "0 0 1"},
		{"whose caller is unknown, group 0", func(c *Case) {
			c.Evidence.Outside.GIDs.Value = ids(0)
			lost(&c.Evidence.Before.UIDs)
		}, Fail, "root group"},
		{"root, group map unread", all(asRoot, func(c *Case) { lost(&c.Evidence.Outside.GIDMap) }), Unknown, "EIO"},
		{"root, groups unread", all(asRoot, func(c *Case) { lost(&c.Evidence.Outside.GIDs) }), Unknown, "EIO"},
		{"root, groups unread after exec", all(asRoot, held, func(c *Case) { lost(&c.Evidence.AfterExec.GIDs) }), Unknown, "EIO"},
		{"accepted", func(c *Case) {
			c.Policy.AcceptsHostRoot = true
			c.Evidence.Outside.UIDs.Value = ids(0)
		}, Fail, "acceptsHostRoot is true"},
	}
}

// TestIDImagesAtTheEdge guards the arithmetic where a range ends at 2³²-1.
func TestIDImagesAtTheEdge(t *testing.T) {
	lines := []evidence.IDMapLine{{Inside: 10, Outside: 4294967290, Size: 6}}
	for _, c := range []struct {
		inside, outside uint32
		mapped          bool
	}{{10, 4294967290, true}, {15, 4294967295, true}, {16, 0, false}, {9, 4294967289, false}} {
		out, ok := outsideID(lines, c.inside)
		if ok != c.mapped || ok && out != c.outside {
			t.Errorf("outside of %d: %d %v", c.inside, out, ok)
		}
		in, ok := insideID(lines, c.outside)
		if ok != c.mapped || ok && in != c.inside {
			t.Errorf("inside of %d: %d %v", c.outside, in, ok)
		}
	}
}
