package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

var idsSetgroups = Rule{
	ID:       "ids.setgroups",
	Proves:   "setgroups(2) is denied in the user namespace, or allowed where the profile says so.",
	Evidence: "/proc/self/setgroups read by the jailed process, /proc/PID/setgroups read by netjail",
	Control:  "none needed: the kernel's own copy is read back by two readers",
	Remedy:   "set setgroups to deny: a process that drops a group can open what the group is forbidden",
	Key:      "setgroups",
	Judge:    judgeSetgroups,
}

func judgeSetgroups(c *Case) Finding {
	if c.hostUser() {
		return c.notOwn(ns.User)
	}
	f := Finding{Expected: "deny"}
	if c.Policy.Setgroups == policy.SetgroupsAllow {
		f.Expected = "allow"
	}
	got, ok := reading[string]{
		inside:  c.Evidence.Inside.Setgroups,
		outside: c.Evidence.Outside.Setgroups,
		after: afterFact(c, func(p *evidence.Process) evidence.Fact[string] {
			return p.Setgroups
		}),
		same: equal[string],
		text: func(s string) string { return s },
	}.fold(&f)
	if !ok {
		return f
	}
	f.Found = got
	if c.joins(ns.User) {
		f.Expected = "any"
		return f.declared("namespaces.user is joined: who made it has decided this")
	}
	if got != f.Expected {
		return f.fail("the kernel says otherwise")
	}
	return f.pass()
}
