package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// claim is a line of a file about ids.
func claim(group bool, first, size uint32, file string) plan.Claim {
	return plan.Claim{Range: plan.Range{First: first, Size: size}, Group: group, Who: "mallory", File: file, Line: 3}
}

// claims says what the files hold. It stands behind asRoot, which fills in some.
func claims(list ...plan.Claim) func(*Case) {
	return func(c *Case) { c.Expect.Claims = append(c.Expect.Claims, list...) }
}

// keptID is a map of subordinate ids with the caller's own among them.
func keptID(c *Case) {
	lines := []evidence.IDMapLine{
		{Inside: 0, Outside: 100000, Size: caller},
		{Inside: caller, Outside: caller, Size: 1},
		{Inside: caller + 1, Outside: 100000 + caller, Size: 1000},
	}
	for _, m := range []*[]evidence.IDMapLine{
		&c.Expect.UIDMap, &c.Expect.GIDMap, &c.Evidence.Inside.UIDMap.Value, &c.Evidence.Inside.GIDMap.Value,
		&c.Evidence.Outside.UIDMap.Value, &c.Evidence.Outside.GIDMap.Value,
	} {
		*m = lines
	}
	c.Policy.UIDMappings.Kind, c.Policy.GIDMappings.Kind = policy.MappingSubordinate, policy.MappingSubordinate
	own := claim(false, 100000, 65536, "/etc/subuid")
	own.Own = true
	claims(own, claim(false, caller, 1, "/etc/passwd"), claim(true, caller, 1, "/etc/group"))(c)
}

func subordinateTable() []row {
	listed := func(c *Case) {
		c.Policy.UIDMappings.Kind, c.Policy.GIDMappings.Kind = policy.MappingList, policy.MappingList
	}
	return []row{
		{"the caller's own", same, NotApplicable, "no others"},
		{"root's range", asRoot, Pass, "1879048192 to 1879113727"},
		{"subordinate", keptID, Pass, "100000 to 100999, 101000 to 101999"},
		{"another's just behind", all(keptID, claims(claim(false, 102000, 1, "/etc/subuid"))), Pass, ""},
		{"another's range", all(keptID, claims(claim(false, 101999, 1, "/etc/subuid"))), Fail, "101000 to 101999: 101999 is mallory's, by line 3 of /etc/subuid"},
		{"an account", all(keptID, claims(claim(false, 100000, 1, "/etc/passwd"))), Fail, "/etc/passwd"},
		{"a group", all(keptID, claims(claim(true, 100500, 1, "/etc/group"))), Fail, "/etc/group"},
		{"user ids are no group ids", all(keptID, func(c *Case) { c.Evidence.Outside.UIDMap.Value = c.Evidence.Outside.UIDMap.Value[1:2] }, claims(claim(false, 100500, 1, "/etc/passwd"))), Pass, ""},
		{"another's range as root", all(asRoot, claims(claim(true, 0x70000000, 65536, "/etc/subgid"))), Fail, "/etc/subgid"},
		{"named by the profile", all(asRoot, listed, claims(claim(true, 0x70000000, 65536, "/etc/subgid"))), Declared, "the profile's maps name"},
		{"one of two maps is named by the profile", all(asRoot, listed, func(c *Case) { c.Policy.UIDMappings.Kind = policy.MappingCaller }, claims(claim(false, 0x7000ffff, 9, "/etc/subuid"))), Fail, ""},
		{"a map that reaches further than it was to", all(asRoot, func(c *Case) {
			c.Evidence.Outside.UIDMap.Value = []evidence.IDMapLine{{Inside: 0, Outside: 0, Size: 4294967295}}
		}), Fail, "root"},
		{"shared", hostNS(ns.User), NotApplicable, "namespaces.user"},
		{"a bad line", all(keptID, func(c *Case) { c.Expect.ClaimsWhy = "/etc/subuid: line 3: 1 fields" }), Unknown, "line 3"},
		{"nobody read the files", all(keptID, func(c *Case) { c.Expect.Claims = nil }), Unknown, "nobody read"},
		{"map unread", all(keptID, func(c *Case) { lost(&c.Evidence.Outside.GIDMap) }), Unknown, "EIO"},
		{"own ids unread", all(keptID, func(c *Case) { lost(&c.Evidence.Before.UIDs) }), Unknown, "EIO"},
	}
}
