package audit

var socketsFamilies = Rule{
	ID:       "sockets.families",
	Proves:   "socket(2) makes no family but those the profile names, and of AF_NETLINK only NETLINK_ROUTE.",
	Evidence: filterEvidence,
	Control:  filterControl,
	Remedy:   "name the family in sockets.families",
	Key:      "sockets.families",
	Judge:    judgeFamilies,
}

func judgeFamilies(c *Case) Finding {
	if c.Policy.Sockets.HostFamilies {
		return Finding{Expected: "any"}.declared("sockets.families is host")
	}
	return c.judgeProbes(Finding{Expected: "the named families alone"}, groupFamily)
}
