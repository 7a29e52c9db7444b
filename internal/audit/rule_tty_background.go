package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

var ttyBackground = Rule{
	ID:       "tty.background",
	Proves:   "No descriptor of the command can read what is typed at the caller's terminal: the kernel keeps a background job from that only as long as it stays in the terminal's session.",
	Evidence: "/proc/PID/fd and the flags in /proc/PID/fdinfo, read by netjail; the device that netjail made",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "write `terminal: isolated`, and start netjail with 0, 1 and 2 all on the terminal, or with standard input from elsewhere",
	Key:      "process.terminal",
	Judge:    judgeBackground,
}

func judgeBackground(c *Case) Finding {
	f := Finding{Expected: "no terminal of the caller's to read"}
	open, why, ok := c.terminals(&f)
	switch {
	case !ok:
		return f
	case why != "":
		return f.unknown(why)
	}
	var readable []evidence.FD
	for _, d := range open {
		if !c.made(d) && d.Terminal.Value.Access != accessWrite {
			readable = append(readable, d)
		}
	}
	if len(readable) == 0 {
		f.Found = f.Expected
		if root := c.Policy.Filesystem.Root; root >= policy.RootHost {
			return f.as(Pass, "by descriptor; filesystem.root is "+root.String()+", so the terminal's device node may be opened by path (fs.devices)")
		}
		return f.pass()
	}
	f.Found = terminalList(readable)
	for _, d := range readable {
		if c.Policy.Process.Terminal == policy.TerminalIsolated && (c.Expect.Leads && d.Number == 0 || d.Number == 1 || d.Number == 2) {
			return f.fail("what is typed next could be read from " + fdText(d))
		}
	}
	return f.declared("process.inheritFds keeps it: a process that leaves the session reads what is typed next, also in the background")
}
