package audit

import "github.com/netjail/netjail/internal/plan"

var procGetfd = Rule{
	ID:       "proc.pidfd-getfd",
	Proves:   "No descriptor of a process outside the jail can be taken, not even by a pidfd of it and with every capability of the jail's user namespace.",
	Evidence: victimEvidence,
	Control:  victimControl,
	Remedy:   "set namespaces.user to new",
	Key:      "namespaces.user",
	Judge: func(c *Case) Finding {
		return c.judgeVictim(c.byUser("pidfd_getfd"), plan.TryGetfd, plan.TryHandedGetfd)
	},
}
