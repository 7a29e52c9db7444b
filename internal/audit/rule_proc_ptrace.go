package audit

import "github.com/netjail/netjail/internal/plan"

var procPtrace = Rule{
	ID:       "proc.ptrace",
	Proves:   "No process outside the jail can be traced, and none of its memory read or written, also where its user is the command's.",
	Evidence: victimEvidence,
	Control:  victimControl,
	Remedy:   "set namespaces.user to new",
	Key:      "namespaces.user",
	Judge: func(c *Case) Finding {
		return c.judgeVictim(c.byUser(""), plan.TryTrace, plan.TryVMRead, plan.TryVMWrite, plan.TryMem)
	},
}
