package audit

import "github.com/netjail/netjail/internal/ns"

var procParentDeath = Rule{
	ID:       "proc.parent-death",
	Proves:   "The command is killed when its parent dies, so that killing netjail leaves nothing behind.",
	Evidence: "prctl(2) PR_GET_PDEATHSIG by the jailed process; execve(2) clears it only for a file that raises privileges",
	Control:  "none needed: the signal is 0 in a new process, so the value read was set",
	Remedy:   "set process.dieWithParent to true",
	Key:      "process.dieWithParent",
	Judge:    judgeParentDeath,
}

// sigKill is the number of SIGKILL on every architecture.
const sigKill = 9

func judgeParentDeath(c *Case) Finding {
	got := c.Evidence.Inside.DeathSig
	f := Finding{Side: SideInside, Basis: BasisByRule, Source: got.Source, Expected: "signal 9"}
	if why := missing(got); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = "signal " + number(got.Value)
	if got.Value == 0 {
		f.Found = "no signal"
	}
	switch {
	case c.Policy.Process.OutliveParent:
		f.Expected = "any"
		return f.declared("process.dieWithParent is false")
	case got.Value != sigKill:
		return f.fail("the command would outlive netjail")
	case !c.Policy.New(ns.PID):
		return f.as(Pass, "namespaces.pid is "+c.modeOf(ns.PID)+": only the command itself dies, not its children")
	}
	return f.pass()
}
