package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
)

var ttyInject = Rule{
	ID:       "tty.inject",
	Proves:   "Into no terminal among the descriptors 0 to 2 can the command type, by TIOCSTI or by TIOCLINUX: the kernel refuses before it looks for the byte.",
	Evidence: "ioctl(2) by the jailed process, under the filter, without a byte to type: EFAULT would say that it may",
	Control:  "the same calls before the filter is loaded: the terminal itself answers",
	Remedy:   "write `terminal: isolated`",
	Key:      "process.terminal",
	Judge:    judgeInject,
}

// The answers to TIOCSTI and to TIOCLINUX that are refusals, and those that only a
// terminal gives.
var (
	refusedTyping = [2][]string{{"EPERM", "EIO"}, {"EPERM", "ENOTTY"}}
	aliveTyping   = [2][]string{{"EPERM", "EIO", "EFAULT"}, {"EPERM", "ENOTTY", "EFAULT"}}
)

func judgeInject(c *Case) Finding {
	f := Finding{Expected: "refused"}
	if !c.Evidence.Full {
		f.Scope = NotAttempted
		return f.unknown("not attempted in this run")
	}
	if len(c.Expect.Typed) == 0 {
		return Finding{Verdict: NotApplicable, Note: "none of 0 to 2 is a terminal"}
	}
	before, after := c.Evidence.Inside.Tries.TypedBefore, c.Evidence.Inside.Tries.Typed
	for _, got := range []evidence.Fact[[]string]{before, after} {
		if why := missing(got); why != "" {
			return f.unknown(why)
		}
		if len(got.Value) != 2*len(c.Expect.Typed) {
			return f.unknown("not every terminal was tried")
		}
	}
	f.Side, f.Source = SideInside, joinSources(after.Source, before.Source)
	var all outcomes
	for i, errno := range after.Value {
		place := number(c.Expect.Typed[i/2]) + " " + [2]string{"TIOCSTI", "TIOCLINUX"}[i%2]
		if !slices.Contains(aliveTyping[i%2], before.Value[i]) {
			f.Found = place + ": before the filter " + orSuccess(before.Value[i])
			return f.unknown("that is no answer of a terminal, so that the probe is dead")
		}
		if !slices.Contains(refusedTyping[i%2], errno) {
			f.Found = place + ": " + orSuccess(errno)
			return c.mayType(f, errno)
		}
		all.add(place, errno+", before the filter "+before.Value[i])
	}
	f.Found = all.text()
	return f.pass()
}

// mayType judges an answer that is no refusal.
func (c *Case) mayType(f Finding, errno string) Finding {
	switch {
	case errno != "EFAULT" && errno != "":
		return f.unknown("this errno is not a refusal")
	case !c.Policy.Filtered():
		return f.declared("families, unix sockets, nesting and the terminal are all left open, so that there is no filter: the command can type commands for whoever reads the terminal")
	}
	return f.fail("the command can type into the terminal")
}
