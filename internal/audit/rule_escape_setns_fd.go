package audit

var escapeSetnsFD = Rule{
	ID:       "escape.setns-fd",
	Proves:   "A descriptor of netjail's network namespace does not lead back into it, even with every capability of the jail's user namespace.",
	Evidence: "setns(2) by the jailed process, on a descriptor that netjail opened for this try",
	Control:  "setns(2) into the process's own network namespace works",
	Remedy:   "set namespaces.user to new: only CAP_SYS_ADMIN in the namespace's owner lets setns(2) in",
	Key:      "namespaces.network",
	Judge:    judgeSetnsFD,
}

func judgeSetnsFD(c *Case) Finding {
	if f, open := c.openNetwork(); open {
		return f
	}
	// setns(2): EPERM is the lack of CAP_SYS_ADMIN in the owner,
	// EACCES a security module. EBADF and
	// EINVAL would say that there was no such descriptor.
	return judgeAttempt(Finding{Expected: "refused"}, c.Evidence.Inside.SetnsFD, []string{"EPERM", "EACCES"})
}
