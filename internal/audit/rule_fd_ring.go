package audit

import "github.com/netjail/netjail/internal/evidence"

var fdRing = Rule{
	ID:       "fd.io-uring",
	Proves:   "No descriptor of the command is an io_uring: what is put into one is done with the credentials and in the network namespace of whoever made it, past every system call filter, and a kernel thread of it goes on doing so.",
	Evidence: "the links of /proc/PID/fd, and SqThread in /proc/PID/fdinfo, read by netjail",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "take the descriptor out of process.inheritFds, or start netjail without it",
	Key:      "process.inheritFds",
	Judge: func(c *Case) Finding {
		return c.judgeKept("io_uring", "what it is told to do it does outside of the jail", isRing, ringText)
	},
}

func ringText(d *evidence.FD) string {
	switch why := missing(d.Info); {
	case why != "":
		return fdText(*d) + ", of which no more is told: " + why
	case d.Info.Value.Thread > 0:
		return fdText(*d) + ", which kernel thread " + number(d.Info.Value.Thread) + " polls"
	}
	return fdText(*d) + " without a thread of its own"
}
