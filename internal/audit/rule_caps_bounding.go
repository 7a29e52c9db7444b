package audit

import "github.com/netjail/netjail/internal/caps"

var capsBounding = Rule{
	ID:       "caps.bounding",
	Proves:   "The command's bounding set, which no execve(2) can go beyond, is the declared one.",
	Evidence: capsEvidence,
	Control:  capsControl,
	Remedy:   capsRemedy,
	Key:      "capabilities.bounding",
	Judge:    func(c *Case) Finding { return judgeCaps(c, caps.Bounding) },
}
