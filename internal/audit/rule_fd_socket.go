package audit

import (
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

var fdSocket = Rule{
	ID:       "fd.socket",
	Proves:   "No descriptor of the command is a socket: one made outside keeps its network namespace, whichever the command is in.",
	Evidence: "/proc/PID/fd read by netjail",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "write `stdioSockets: relay` for descriptors 0 to 2, or take the descriptor out of process.inheritFds",
	Key:      "process.stdioSockets",
	Judge:    judgeSocket,
}

func judgeSocket(c *Case) Finding {
	f := Finding{Expected: "no socket"}
	fds, ok := c.kept(&f)
	if !ok {
		return f
	}
	sockets := ofKind(fds, isSocket)
	if len(sockets) == 0 {
		f.Found = f.Expected
		return f.pass()
	}
	f.Found = fdList(sockets)
	if len(c.undeclared(sockets)) > 0 {
		return f.fail("a live connection that no key lets through")
	}
	for _, d := range sockets {
		if d.Number < plan.StreamCount && c.Policy.Process.StdioSockets != policy.StdioPass {
			return f.fail("process.stdioSockets is " + c.Policy.Process.StdioSockets.String() + ", and " + fdText(d) + " is the socket itself")
		}
	}
	return f.declared("process.inheritFds and process.stdioSockets keep it: a live connection to whoever holds the other end")
}
