package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/seccomp"
)

var nsNested = Rule{
	ID:       "ns.nested",
	Proves:   "The command can make no user namespace, in which it would hold every capability again.",
	Evidence: filterEvidence + "; in a full audit unshare(2) in earnest, by a process of the jailed one's",
	Control:  filterControl,
	Remedy:   "set nestedUserNamespaces to deny",
	Key:      "nestedUserNamespaces",
	Judge:    judgeNested,
}

func judgeNested(c *Case) Finding {
	if c.Policy.NestedUserNamespaces == policy.NestingAllow {
		return Finding{Expected: "any"}.declared("nestedUserNamespaces is allow")
	}
	f := c.judgeProbes(Finding{Expected: "refused"}, groupNested)
	if f.Verdict != Pass || !c.Evidence.Full {
		return f
	}
	return c.tryNested(f)
}

// tryNested judges the process that a full audit has make a user namespace in
// earnest: the result of unshare(2) is what it ended with, in eight bits.
func (c *Case) tryNested(f Finding) Finding {
	const refused = 256 - int(seccomp.EPERM)
	got := c.Evidence.Inside.Tries.Nested
	if why := missing(got); why != "" {
		return f.unknown(why)
	}
	f.Source = joinSources(f.Source, got.Source)
	switch d := got.Value; {
	case d == evidence.Death{Status: refused}:
		f.Found += "; a process that made one in earnest: EPERM"
		return f
	case d == evidence.Death{}:
		f.Found = "a process made one"
		return f.fail("the command can make a user namespace")
	case d.Signal != "", d.Status == plan.AsideLost:
		f.Found = "a process that made one in earnest: " + deathText(d)
		return f.unknown("that is no answer to the call")
	default:
		f.Found = "a process that made one in earnest: errno " + number(256-d.Status)
		return f.fail("the filter did not answer as it should")
	}
}
