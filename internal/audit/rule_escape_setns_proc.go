package audit

var escapeSetnsProc = Rule{
	ID:       "escape.setns-proc",
	Proves:   "/proc does not lead back into netjail's network namespace, even with every capability of the jail's user namespace.",
	Evidence: "openat(2) of /proc/<netjail>/ns/net and setns(2) by the jailed process",
	Control:  "setns(2) into the process's own network namespace works",
	Remedy:   "set namespaces.user and namespaces.pid to new",
	Key:      "namespaces.network",
	Judge:    judgeSetnsProc,
}

func judgeSetnsProc(c *Case) Finding {
	if f, open := c.openNetwork(); open {
		return f
	}
	// The file cannot be opened (EACCES, EPERM), is not there in the jail's
	// /proc (ENOENT, ESRCH), or opens and leads nowhere (EPERM of setns(2)).
	return judgeAttempt(Finding{Expected: "refused"}, c.Evidence.Inside.SetnsProc,
		[]string{"EPERM", "EACCES", "ENOENT", "ESRCH"})
}
