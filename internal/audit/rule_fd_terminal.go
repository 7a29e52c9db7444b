package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

var fdTerminal = Rule{
	ID:       "fd.terminal",
	Proves:   "A terminal among the descriptors 0 to 2 is one that netjail made for the command, or is open in one direction: 0 to read, 1 and 2 to write.",
	Evidence: "/proc/PID/fd and the flags in /proc/PID/fdinfo, read by netjail; with a tree of the command's own the device of its /dev/pts in /proc/PID/mountinfo",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "write `terminal: isolated`",
	Key:      "process.terminal",
	Judge:    judgeFDTerminal,
}

func judgeFDTerminal(c *Case) Finding {
	f := Finding{Expected: "none, or in one direction"}
	if c.Expect.Leads {
		f.Expected = "0, 1 and 2 on a terminal that netjail made"
	}
	open, why, ok := c.terminals(&f)
	switch {
	case !ok:
		return f
	case why != "":
		return f.unknown(why)
	}
	f.Found = terminalList(open)
	kept := false
	made := 0
	for _, d := range open {
		switch {
		case c.made(d):
			made++
		case d.Number >= plan.StreamCount:
			kept = true
		case c.Policy.Process.Terminal == policy.TerminalHost:
			kept = true
		case c.Expect.Leads:
			return f.fail(fdText(d) + " is the caller's terminal")
		case !oneWay(d):
			return f.fail("open in another direction than its number stands for: " + terminalText(d))
		}
	}
	switch {
	case c.Expect.Leads && made < plan.StreamCount:
		return f.fail("the command does not have the terminal that netjail made")
	case kept:
		return f.declared("process.terminal and process.inheritFds keep it")
	case c.Expect.OwnTerminal:
		return c.ownTerminal(f)
	case c.Expect.Leads:
		return f.as(Pass, "its node lies in the host's devpts, as the tree is the host's")
	}
	return f.pass()
}

// ownTerminal demands that the terminal is one of the devpts that is mounted at the
// command's /dev/pts: then it has a name there, and the host has none for it.
func (c *Case) ownTerminal(f Finding) Finding {
	g := f
	t := c.mounts(&g)
	if t == nil {
		return g
	}
	f.Source += ", " + g.Source
	for i := range t.lines {
		if l := &t.lines[i]; l.Point == "/dev/pts" && l.Type == "devpts" && l.Device == deviceText(c.Evidence.Terminal.FileSystem) {
			return f.as(Pass, "a terminal of the jail's own /dev/pts")
		}
	}
	return f.fail("it is none of the devpts that is mounted at the command's /dev/pts")
}

// oneWay says whether a terminal is open in one direction. One that was open so
// before, though against its number, was not netjail's to turn round.
func oneWay(d evidence.FD) bool { return d.Terminal.Value.Access != accessReadWrite }
