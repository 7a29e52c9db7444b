package audit

import "github.com/netjail/netjail/internal/plan"

var netProc = Rule{
	ID:       "net.proc",
	Proves:   "The connections of a process outside the jail are not read in /proc.",
	Evidence: victimEvidence,
	Control:  victimControl,
	Remedy:   "set namespaces.pid to new: /proc is then the jail's own",
	Key:      "namespaces.pid",
	Judge: func(c *Case) Finding {
		return c.judgeVictim(c.byPID(""), plan.TryNet)
	},
}
