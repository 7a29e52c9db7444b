package audit

import (
	"github.com/netjail/netjail/internal/ns"
)

var procSignal = Rule{
	ID:       "proc.signal",
	Proves:   "No signal of the command's reaches a process outside the jail, also where it shares its caller's process group, which no namespace parts.",
	Evidence: "kill(2) of the jail's pid 1 by the jailed process, from a Landlock domain which pid 1 is not in",
	Control:  "the same call before there was a domain, which succeeds",
	Remedy:   "write `pid: new` and `noNewPrivileges: true`; a kernel without Landlock's scopes needs a process group of the command's own: `setsid netjail …`",
	Key:      "namespaces.pid",
	Judge:    judgeSignal,
}

func judgeSignal(c *Case) Finding {
	f := Finding{Expected: "refused"}
	switch {
	case !c.Policy.New(ns.PID):
		return Finding{Expected: c.modeOf(ns.PID)}.declared("namespaces.pid is " + c.modeOf(ns.PID) + ": processes of the same user can be signalled")
	case c.Expect.Scoped:
		return judgeAttempt(f, c.Evidence.Inside.Signal, []string{"EPERM"})
	}
	if c.Expect.ScopeWhy == "" {
		return f.unknown("nobody said whether there is a Landlock domain")
	}
	f.Expected = "as far as a pid namespace goes"
	if group := c.Evidence.Inside.Pgrp; group.Known && c.ownLeader(group.Value) {
		f.Side, f.Source, f.Found = SideInside, group.Source, "a process group of the jail's own"
		return f.as(Pass, "Landlock is not applicable: "+c.Expect.ScopeWhy)
	}
	return f.declared("not applicable: " + c.Expect.ScopeWhy + ", and so kill(0) reaches whoever shares the process group (proc.group)")
}
