package audit

var fdKinds = Rule{
	ID:       "fd.kinds",
	Proves:   "What each descriptor of the command is open on; each is a channel to whoever made it.",
	Evidence: "the links of /proc/PID/fd read by netjail",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "take what the command does not need out of process.inheritFds",
	Key:      "process.inheritFds",
	Judge:    judgeKinds,
}

func judgeKinds(c *Case) Finding {
	f := Finding{Expected: "what process.inheritFds names"}
	fds, ok := c.kept(&f)
	if !ok {
		return f
	}
	f.Found = fdList(fds)
	switch {
	case len(c.undeclared(fds)) > 0:
		return f.fail("open on " + fdList(c.undeclared(fds)))
	case len(fds) == 0:
		return f.pass()
	}
	return f.declared("process.inheritFds keeps them")
}
