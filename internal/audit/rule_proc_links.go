package audit

import "github.com/netjail/netjail/internal/plan"

var procLinks = Rule{
	ID:       "proc.links",
	Proves:   "Nothing that a process outside the jail has open is found by way of /proc, nor its root, working directory, program and variables.",
	Evidence: victimEvidence,
	Control:  victimControl,
	Remedy:   "set namespaces.user to new",
	Key:      "namespaces.user",
	Judge: func(c *Case) Finding {
		return c.judgeVictim(c.byUser(""), plan.TryLinks, plan.TryEnviron)
	},
}
