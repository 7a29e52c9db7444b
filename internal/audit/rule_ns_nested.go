package audit

import "github.com/netjail/netjail/internal/policy"

var nsNested = Rule{
	ID:       "ns.nested",
	Proves:   "The command can make no user namespace, in which it would hold every capability again.",
	Evidence: filterEvidence,
	Control:  filterControl,
	Remedy:   "set nestedUserNamespaces to deny",
	Key:      "nestedUserNamespaces",
	Judge:    judgeNested,
}

func judgeNested(c *Case) Finding {
	if c.Policy.NestedUserNamespaces == policy.NestingAllow {
		return Finding{Expected: "any"}.declared("nestedUserNamespaces is allow")
	}
	return c.judgeProbes(Finding{Expected: "refused"}, groupNested)
}
