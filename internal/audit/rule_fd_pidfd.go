package audit

import "github.com/netjail/netjail/internal/evidence"

var fdPidfd = Rule{
	ID:       "fd.pidfd",
	Proves:   "No descriptor of the command stands for a process: its holder can signal that one and take its descriptors, in whichever PID namespace it is.",
	Evidence: "the links of /proc/PID/fd, and Pid in /proc/PID/fdinfo, read by netjail",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "take the descriptor out of process.inheritFds, or start netjail without it",
	Key:      "process.inheritFds",
	Judge: func(c *Case) Finding {
		return c.judgeKept("pidfd", "its holder can signal that process", isPidfd, pidfdText)
	},
}

func pidfdText(d *evidence.FD) string {
	if why := missing(d.Info); why != "" {
		return fdText(*d) + " of a process that is not told: " + why
	}
	return fdText(*d) + " of " + processText(d.Info.Value.PID)
}
