package audit

import "github.com/netjail/netjail/internal/policy"

var socketsUnix = Rule{
	ID:       "sockets.unix",
	Proves:   "With deny the command can make no unix socket but a pair, and so reaches none of the host, by whatever name. With isolated and allow it can make them all, for its own processes to meet: that none of the host is in reach is the affair of the mounts and of the network namespace (escape.unix, unix.abstract, unix.reachable).",
	Evidence: filterEvidence,
	Control:  filterControl,
	Remedy:   "set sockets.unix to deny; where a program needs unix sockets, isolated gives it those of the jail alone",
	Key:      "sockets.unix",
	Judge:    judgeUnix,
}

func judgeUnix(c *Case) Finding {
	switch c.Policy.Sockets.Unix {
	case policy.UnixHost:
		return Finding{Expected: "any"}.declared("sockets.unix is host: what the host listens on in the file system is in reach")
	case policy.UnixDeny:
		return c.judgeProbes(Finding{Expected: "pairs alone"}, groupUnix)
	}
	if !c.ownNetwork() {
		f := Finding{Expected: "the jail's own", Side: SideOutside, Source: "the plan", Found: "the host's abstract names"}
		return f.fail("namespaces.network is not new, and abstract sockets belong to the network namespace")
	}
	return c.judgeProbes(Finding{Expected: "the jail's own"}, groupUnix)
}
