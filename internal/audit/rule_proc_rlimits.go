package audit

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

var procRlimits = Rule{
	ID:       "proc.rlimits",
	Proves:   "The command has the resource limits that the profile declares; in a full audit also that every other one is the caller's.",
	Evidence: "prlimit64(2) by the jailed process, /proc/PID/limits by netjail, and in a full audit /proc/self/limits of netjail itself; execve(2) leaves them",
	Control:  "none needed: two readings of the same numbers",
	Remedy:   "look at process.rlimits and process.coreDumps, and at the caller's own limits: prlimit(1)",
	Key:      "process.rlimits",
	Judge:    judgeRlimits,
}

func judgeRlimits(c *Case) Finding {
	f := Finding{Expected: limitsText(c.Expect.Limits), Basis: BasisByRule}
	of := func(p *evidence.Process) evidence.Fact[evidence.Limits] { return p.Limits }
	if heldWith(c, of) {
		f.Basis = BasisAfterExec
	}
	found := make([]policy.Rlimit, 0, len(c.Expect.Limits))
	for _, l := range c.Expect.Limits {
		got, ok := reading[plan.Limit]{
			inside: c.Evidence.Inside.Limits[l.Type], outside: limitFact(c.Evidence.Outside.Limits, l.Type), after: limitAfter(c, l.Type),
			same: equal[plan.Limit], text: limitText,
		}.fold(&f)
		if !ok {
			f.Note = l.Type.String() + ": " + f.Note
			return f
		}
		found = append(found, policy.Rlimit{Type: l.Type, Soft: got.Soft, Hard: got.Hard})
	}
	f.Found = limitsText(found)
	p := &c.Policy.Process
	if len(found) == 0 && (p.CoreDumps == policy.CoreDumpsDeny || len(p.Rlimits) > 0) {
		return f.unknown("nobody said what the declared limits came to")
	}
	for i, l := range c.Expect.Limits {
		if found[i] != l {
			return f.fail(l.Type.String() + " is another one")
		}
	}
	if c.Evidence.Full {
		return c.judgeInherited(f)
	}
	if len(found) == 0 {
		return f.declared("process.rlimits and process.coreDumps are inherited; only a full audit compares them with the caller's")
	}
	return f.pass()
}

// judgeInherited compares the limits that the profile leaves with netjail's own.
func (c *Case) judgeInherited(f Finding) Finding {
	its, own := c.Evidence.Outside.Limits, c.Evidence.Before.Limits
	if after := c.Evidence.AfterExec; after != nil && after.Limits.Known {
		its = after.Limits
	}
	if why := cmp.Or(missing(its), missing(own)); why != "" {
		return f.unknown("those that are inherited: " + why)
	}
	f.Source = joinSources(f.Source, own.Source)
	if f.Side == SideNone {
		f.Side, f.Source = SideOutside, joinSources(its.Source, own.Source)
	}
	for t := range its.Value {
		want := own.Value[t]
		if policy.RlimitType(t) == policy.RlimitNoFile {
			want = c.Expect.NoFile
		}
		if c.sets(policy.RlimitType(t)) || its.Value[t] == want {
			continue
		}
		f.Found = policy.RlimitType(t).String() + " " + limitText(its.Value[t])
		return f.fail("the caller's is " + limitText(want) + ", and no key changes it")
	}
	if len(c.Expect.Limits) == 0 {
		return f.declared("process.rlimits and process.coreDumps are inherited: all are the caller's")
	}
	return f.as(Pass, "all others are the caller's")
}

// sets says whether the plan sets a resource's limits.
func (c *Case) sets(t policy.RlimitType) bool {
	for _, l := range c.Expect.Limits {
		if l.Type == t {
			return true
		}
	}
	return false
}

// limitFact is one of several limits.
func limitFact(all evidence.Fact[evidence.Limits], t policy.RlimitType) evidence.Fact[plan.Limit] {
	return evidence.Fact[plan.Limit]{Value: all.Value[t], Known: all.Known, Source: all.Source, Why: all.Why}
}

func limitAfter(c *Case, t policy.RlimitType) *evidence.Fact[plan.Limit] {
	if c.Evidence.AfterExec == nil {
		return nil
	}
	f := limitFact(c.Evidence.AfterExec.Limits, t)
	return &f
}

// limitsText is "RLIMIT_CORE 1:1", with the soft limit before the hard one.
func limitsText(list []policy.Rlimit) string {
	if len(list) == 0 {
		return "the caller's"
	}
	text := make([]string, len(list))
	for i, l := range list {
		text[i] = l.Type.String() + " " + limitText(plan.Limit{Soft: l.Soft, Hard: l.Hard})
	}
	return strings.Join(text, ", ")
}

func limitText(l plan.Limit) string { return limitNumber(l.Soft) + ":" + limitNumber(l.Hard) }

func limitNumber(n uint64) string {
	if n == policy.Unlimited {
		return "unlimited"
	}
	return strconv.FormatUint(n, 10)
}
