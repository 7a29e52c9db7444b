package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
)

var fdOpen = Rule{
	ID:       "fd.open",
	Proves:   "The command starts with exactly the descriptors that the profile lets through: any other could be a socket, directory or namespace of the host.",
	Evidence: "/proc/PID/fd read by netjail",
	Control:  "none needed: the descriptors that were let through must be in the answer",
	Remedy:   "name the descriptor in process.inheritFds, or close it before netjail starts",
	Key:      "process.inheritFds",
	Judge:    judgeOpen,
}

func judgeOpen(c *Case) Finding {
	f := Finding{Expected: numbers(c.Expect.InheritFDs)}
	fds, ok := c.kept(&f)
	if !ok {
		return f
	}
	f.Found = numbers(fdNumbers(fds))
	if extra := c.undeclared(fds); len(extra) > 0 {
		return f.fail("not let through: " + fdList(extra))
	}
	for _, n := range c.Expect.InheritFDs {
		if !slices.ContainsFunc(fds, func(d evidence.FD) bool { return d.Number == n }) {
			return f.fail("let through and not open: " + number(n))
		}
	}
	return f.pass()
}

// undeclared are the descriptors that the profile does not name, or that
// netjail did not mean to pass on.
func (c *Case) undeclared(fds []evidence.FD) []evidence.FD {
	var extra []evidence.FD
	for _, d := range fds {
		if !slices.Contains(c.Expect.InheritFDs, d.Number) || !slices.Contains(c.Policy.Process.InheritFDs, d.Number) {
			extra = append(extra, d)
		}
	}
	return extra
}
