package audit

import "github.com/netjail/netjail/internal/policy"

var socketsUnix = Rule{
	ID:       "sockets.unix",
	Proves:   "The command can make no unix socket but a pair, and so reaches none of the host, by whatever name.",
	Evidence: filterEvidence,
	Control:  filterControl,
	Remedy:   "set sockets.unix to deny; where a program needs unix sockets, host leaves every socket of the host in reach",
	Key:      "sockets.unix",
	Judge:    judgeUnix,
}

func judgeUnix(c *Case) Finding {
	if c.Policy.Sockets.Unix == policy.UnixHost {
		return Finding{Expected: "any"}.declared("sockets.unix is host: what the host listens on in the file system is in reach")
	}
	return c.judgeProbes(Finding{Expected: "pairs alone"}, groupUnix)
}
