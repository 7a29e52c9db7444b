package audit

var fdShared = Rule{
	ID:       "fd.shared-memory",
	Proves:   "What the command's descriptors share with others in memory: pipes, FIFOs, memfds, eventfds, files without a name, and what lies in the host's /dev/shm. Whoever else holds one is at its other end.",
	Evidence: "the links of /proc/PID/fd, and statx(2) of what has a path, by netjail",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "take the descriptor out of process.inheritFds, or start netjail without it",
	Key:      "process.inheritFds",
	Judge:    judgeShared,
}

func judgeShared(c *Case) Finding {
	f := Finding{Expected: "what process.inheritFds names"}
	fds, ok := c.kept(&f)
	if !ok {
		return f
	}
	found := ofKind(fds, isShare)
	if len(found) == 0 {
		f.Found = "none among " + fdNumbersText(fds)
		return f.pass()
	}
	f.Found = fdList(found)
	switch streams := ofKind(found, isStream); {
	case len(c.undeclared(found)) > 0:
		return f.fail("no key lets it through: " + fdList(c.undeclared(found)))
	case len(streams) == len(found):
		return f.declared("process.inheritFds keeps 0 to 2, and these are the streams that they are: whoever holds the other end hears or says what passes")
	}
	return f.declared("process.inheritFds keeps it: whoever else holds it shares it; who that is was not looked for")
}
