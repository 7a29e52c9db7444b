package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// healthyLimits gives a case RLIMIT_CORE and RLIMIT_NOFILE as declared.
func healthyLimits(c *Case) {
	c.Expect.Limits = []policy.Rlimit{{Type: policy.RlimitNoFile, Soft: 64, Hard: 128}, {Type: policy.RlimitCore, Soft: 1, Hard: 1}}
	var all evidence.Limits
	for i := range all {
		all[i] = plan.Limit{Soft: 8 << 20, Hard: policy.Unlimited}
	}
	c.Evidence.Before.Limits = known(all, "/proc/self/limits")
	all[policy.RlimitNoFile], all[policy.RlimitCore] = plan.Limit{Soft: 64, Hard: 128}, plan.Limit{Soft: 1, Hard: 1}
	c.Evidence.Outside.Limits = known(all, "/proc/72/limits")
	for _, l := range c.Expect.Limits {
		c.Evidence.Inside.Limits[l.Type] = known(all[l.Type], "prlimit64(2)")
	}
}

func rlimitsTable() []row {
	full := func(c *Case) { c.Evidence.Full = true }
	inside := func(l plan.Limit) func(*Case) {
		return func(c *Case) { c.Evidence.Inside.Limits[policy.RlimitCore].Value = l }
	}
	outside := func(l plan.Limit) func(*Case) {
		return func(c *Case) { c.Evidence.Outside.Limits.Value[policy.RlimitCore] = l }
	}
	after := func(change func(*evidence.Limits)) func(*Case) {
		return all(held, func(c *Case) { change(&c.Evidence.AfterExec.Limits.Value) })
	}
	inherited := func(c *Case) {
		c.Expect.Limits = nil
		c.Policy.Process.CoreDumps = policy.CoreDumpsInherited
		c.Evidence.Outside.Limits.Value = c.Evidence.Before.Limits.Value
		c.Expect.NoFile = c.Evidence.Before.Limits.Value[policy.RlimitNoFile]
	}
	other := plan.Limit{Soft: 0, Hard: policy.Unlimited}
	return []row{
		{"as declared", same, Pass, "RLIMIT_NOFILE 64:128, RLIMIT_CORE 1:1"},
		{"held", held, Pass, "RLIMIT_CORE 1:1"},
		{"another", all(inside(other), outside(other)), Fail, "RLIMIT_CORE is another one"},
		{"disagree", outside(other), Fail, "RLIMIT_CORE: " + disagree},
		{"changed by exec", after(func(l *evidence.Limits) { l[policy.RlimitCore] = other }), Fail, "execve(2) changed it"},
		{"full", full, Pass, "all others are the caller's"},
		{"full, another one lower", all(full, func(c *Case) { c.Evidence.Outside.Limits.Value[9].Hard = 5 }), Fail, "RLIMIT_AS 8388608:5"},
		{"full, another one lower after exec", all(full, after(func(l *evidence.Limits) { l[9].Soft = 5 })), Fail, "RLIMIT_AS 5:unlimited"},
		{"full, own unread", all(full, func(c *Case) { lost(&c.Evidence.Before.Limits) }), Unknown, "EIO"},
		{"inherited", inherited, Declared, "only a full audit"},
		{"inherited, full", all(inherited, full), Declared, "all are the caller's"},
		{"inherited, and the runtime's files", all(inherited, full, func(c *Case) { c.Expect.NoFile.Soft = 1 }), Fail, "the caller's is 1:"},
		{"not told", func(c *Case) { c.Expect.Limits = nil }, Unknown, "nobody said"},
		{"unread inside", func(c *Case) { lost(&c.Evidence.Inside.Limits[policy.RlimitCore]) }, Unknown, "RLIMIT_CORE: the call: EIO"},
		{"never asked inside", func(c *Case) { c.Evidence.Inside.Limits[policy.RlimitCore] = evidence.Fact[plan.Limit]{} }, Unknown, "not read"},
		{"unread outside", func(c *Case) { lost(&c.Evidence.Outside.Limits) }, Unknown, "EIO"},
	}
}
