package audit

var unixAbstract = Rule{
	ID:       "unix.abstract",
	Proves:   "No abstract unix socket of netjail's network namespace is reached: such a name belongs to a network namespace. It is tried before the filter is loaded.",
	Evidence: unixEvidence,
	Control:  unixControl,
	Remedy:   "set namespaces.network to new, or sockets.unix to deny",
	Key:      "sockets.unix",
	Judge:    func(c *Case) Finding { return judgeLures(c, true) },
}
