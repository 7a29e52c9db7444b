package audit

import "github.com/netjail/netjail/internal/plan"

var escapeSocket = Rule{
	ID:       "escape.siocgskns",
	Proves:   "A socket of netjail's network namespace does not lead into that, even with every capability of the jail's user namespace.",
	Evidence: "ioctl(2) SIOCGSKNS by the jailed process, on a socket that netjail made for this try",
	Control:  "the same call on a socket of the process's own works",
	Remedy:   "set namespaces.user to new: only CAP_NET_ADMIN in the namespace's owner gives it away",
	Key:      "namespaces.network",
	Judge:    func(c *Case) Finding { return c.judgeEntry(plan.TrySocket) },
}
