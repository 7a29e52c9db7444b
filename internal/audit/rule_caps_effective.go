package audit

import "github.com/netjail/netjail/internal/caps"

var capsEffective = Rule{
	ID:       "caps.effective",
	Proves:   "The command's effective set is the declared one at its first instruction.",
	Evidence: capsEvidence,
	Control:  capsControl,
	Remedy:   capsRemedy,
	Key:      "capabilities.effective",
	Judge:    func(c *Case) Finding { return judgeCaps(c, caps.Effective) },
}
