package audit

import "github.com/netjail/netjail/internal/plan"

var procKill = Rule{
	ID:       "proc.kill",
	Proves:   "No signal reaches a process outside the jail by its number or by a pidfd, also where its user is the command's.",
	Evidence: victimEvidence,
	Control:  victimControl,
	Remedy:   "set namespaces.pid to new: only that parts processes of the same user",
	Key:      "namespaces.pid",
	Judge: func(c *Case) Finding {
		return c.judgeVictim(c.byPID(""), plan.TryKill, plan.TryTgkill, plan.TryPidfdSignal, plan.TryHandedSignal)
	},
}
