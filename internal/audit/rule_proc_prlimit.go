package audit

import "github.com/netjail/netjail/internal/plan"

var procPrlimit = Rule{
	ID:       "proc.prlimit",
	Proves:   "No resource limit of a process outside the jail can be read or set, also where its user is the command's.",
	Evidence: victimEvidence,
	Control:  victimControl,
	Remedy:   "set namespaces.pid to new: only that parts processes of the same user",
	Key:      "namespaces.pid",
	Judge: func(c *Case) Finding {
		return c.judgeVictim(c.byPID("prlimit64"), plan.TryLimitRead, plan.TryLimitWrite)
	},
}
