package audit

import "github.com/netjail/netjail/internal/evidence"

var procThreads = Rule{
	ID:       "proc.threads",
	Proves:   "The jailed process has one thread, so that what is said of it is true of all of it: ids, capabilities and namespaces belong to a thread.",
	Evidence: "Threads of /proc/PID/status read by netjail",
	Control:  "none needed: the number is never 0",
	Remedy:   "none for a profile: netjail starts the command with one thread; please report it",
	Key:      "-",
	Judge:    judgeThreads,
}

func judgeThreads(c *Case) Finding {
	got := c.Evidence.Outside.Threads
	f := Finding{Side: SideOutside, Expected: "1", Source: got.Source}
	if why := missing(got); why != "" {
		return f.unknown(why)
	}
	if c.Evidence.Launcher == "stage" && got.Value > 1 {
		// The stage is netjail itself, whose runtime has threads; execve(2) ends
		// all but the one that calls it.
		f.Basis = BasisByRule
		after := afterFact(c, func(p *evidence.Process) evidence.Fact[int] { return p.Threads })
		if after == nil {
			f.Found = number(got.Value)
			return f.pass()
		}
		if why := missing(*after); why != "" {
			return f.unknown(why)
		}
		got, f.Basis, f.Source = *after, BasisAfterExec, f.Source+", "+after.Source
	}
	f.Found = number(got.Value)
	if got.Value != 1 {
		return f.unknown("only the first thread was read")
	}
	return f.pass()
}
