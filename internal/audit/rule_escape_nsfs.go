package audit

import "github.com/netjail/netjail/internal/plan"

var escapeHandle = Rule{
	ID:       "escape.nsfs-handle",
	Proves:   "The handle of netjail's network namespace, a number that can be guessed, does not open it, even with every capability of the jail's user namespace.",
	Evidence: "open_by_handle_at(2) with FD_NSFS_ROOT by the jailed process, before the filter is loaded, of the handle that name_to_handle_at(2) gives netjail (Linux 6.18)",
	Control:  "netjail itself opens its namespace by the same handle, and the jailed process its own by its own",
	Remedy:   "set namespaces.user to new: only CAP_SYS_ADMIN in the namespace's owner opens it",
	Key:      "namespaces.network",
	Judge:    judgeHandle,
}

func judgeHandle(c *Case) Finding {
	if f, open := c.openNetwork(); open {
		return f
	}
	f := Finding{Expected: "refused"}
	h, v := c.Evidence.NetHandle, c.Evidence.Victim
	switch {
	case !c.Evidence.Full, v == nil:
		return c.judgeVictim(opening{}, plan.TryHandle)
	case h == nil:
		return f.unknown("netjail did not ask for the handle of its namespace")
	case h.Missing:
		return f.as(NotApplicable, "this kernel has no handles of namespaces, which came with Linux 6.18: "+h.Why)
	}
	why := h.Why
	if h.Why == "" && h.Control != "" {
		why = "netjail's own open_by_handle_at failed: " + h.Control
	}
	switch {
	case h.Why == "" && forbidden(h.Control) && v.Excuse != "":
		return f.as(NotApplicable, why+", as "+v.Excuse+": on this host the try shows nothing")
	case why != "":
		return f.unknown(why + ", so that the probe is dead")
	}
	return c.judgeVictim(opening{}, plan.TryHandle)
}
