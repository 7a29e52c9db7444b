package audit

import "github.com/netjail/netjail/internal/caps"

var capsPermitted = Rule{
	ID:       "caps.permitted",
	Proves:   "The command's permitted set is the declared one at its first instruction.",
	Evidence: capsEvidence,
	Control:  capsControl,
	Remedy:   capsRemedy,
	Key:      "capabilities.permitted",
	Judge:    func(c *Case) Finding { return judgeCaps(c, caps.Permitted) },
}
