package audit

import "github.com/netjail/netjail/internal/plan"

var escapePidfd = Rule{
	ID:       "escape.pidfd",
	Proves:   "A pidfd of a process outside the jail does not lead into its namespaces, even with every capability of the jail's user namespace.",
	Evidence: "setns(2) by the jailed process, on a pidfd that netjail opened for this try, into the network namespace and those for IPC, host names and cgroups that the command does not share",
	Control:  "setns(2) by the process's own pidfd into its own namespaces works, and the process that the pidfd is of still answers",
	Remedy:   "set namespaces.user to new: only CAP_SYS_ADMIN in the namespace's owner lets setns(2) in",
	Key:      "namespaces.network",
	Judge:    func(c *Case) Finding { return c.judgeEntry(plan.TrySetns) },
}

// judgeEntry judges an attempt to enter netjail's network namespace by what was
// handed over for it.
func (c *Case) judgeEntry(try plan.Try) Finding {
	if f, open := c.openNetwork(); open {
		return f
	}
	return c.judgeVictim(opening{}, try)
}
