package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/seccomp"
)

var seccompI386 = Rule{
	ID:       "seccomp.i386",
	Proves:   "Whoever makes a system call of the tables of i386 or x32, whose numbers mean other calls than those that the filter judges, is killed.",
	Evidence: "exit_group(2) by int 0x80, and by its number of the x32 table, each made by a process of the jailed one's under the same filter; wait4(2) by that one. The kernel's log may have a line of each",
	Control:  "netjail itself, outside and without the filter, makes the same calls: that tells who is killed for one from a kernel that has none",
	Remedy:   "the kernel needs CONFIG_SECCOMP_FILTER; a profile without a filter must open sockets.families, sockets.unix, nestedUserNamespaces and process.terminal",
	Key:      "-",
	Judge:    judgeI386,
}

func judgeI386(c *Case) Finding {
	switch {
	case !c.Policy.Filtered():
		f := Finding{Expected: "any"}
		if c.Evidence.Full {
			f = c.judgeTables(f)
		}
		return f.declared(unfilteredWhy)
	case !c.Evidence.Full:
		return Finding{Expected: "killed", Scope: NotAttempted}.unknown("not attempted in this run")
	case c.Expect.Arch != seccomp.AMD64:
		return Finding{Expected: "killed"}.unobservable("on this machine it takes a 32-bit program to make such a call, and netjail has none")
	}
	return c.judgeTables(Finding{Expected: "killed"})
}

// judgeTables judges the calls of both tables.
func (c *Case) judgeTables(f Finding) Finding {
	if c.Evidence.Baits == nil || c.Evidence.Baits.Compat == nil {
		return f.unknown("netjail itself tried nothing")
	}
	tries, own := &c.Evidence.Inside.Tries, c.Evidence.Baits.Compat
	first := judgeTable(f, tries.Compat, own.I386)
	second := judgeTable(f, tries.X32, own.X32)
	var found outcomes
	found.add("int 0x80", first.Found)
	found.add("x32", second.Found)
	judged := second
	if first.Verdict != Pass && second.Verdict != Fail {
		judged = first
	}
	judged.Found, judged.Source = found.text(), joinSources(first.Source, second.Source)
	return judged
}

// judgeTable judges how the process ended that made the call of one table, and how
// netjail's own did.
func judgeTable(f Finding, got, own evidence.Fact[evidence.Death]) Finding {
	if why := cmp.Or(missing(got), missing(own)); why != "" {
		f.Found = "not known"
		return f.unknown(why)
	}
	f.Side, f.Source = SideInside, joinSources(got.Source, own.Source)
	f.Found = deathText(got.Value) + ", outside " + deathText(own.Value)
	switch got.Value {
	case evidence.Death{Signal: "SIGSYS"}:
		return f.pass()
	case evidence.Death{Status: plan.DoomedMade}, evidence.Death{Status: plan.DoomedReturned}:
		return f.fail("the filter did not end whoever made the call")
	case evidence.Death{Signal: "SIGSEGV"}:
		if own.Value == got.Value {
			f.Found = "not in this kernel, which answers with SIGSEGV, also outside"
			return f.pass()
		}
	}
	return f.unknown("that is no answer to the call")
}

// deathText says how a process ended that made such a call.
func deathText(d evidence.Death) string {
	switch {
	case d.Signal != "":
		return "ended by " + d.Signal
	case d.Status == plan.DoomedMade:
		return "made"
	case d.Status == plan.DoomedReturned:
		return "refused"
	}
	return "exit status " + number(d.Status)
}
