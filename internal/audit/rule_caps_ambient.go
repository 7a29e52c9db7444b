package audit

import "github.com/netjail/netjail/internal/caps"

var capsAmbient = Rule{
	ID:       "caps.ambient",
	Proves:   "The command's ambient set is the declared one.",
	Evidence: capsEvidence,
	Control:  capsControl,
	Remedy:   capsRemedy,
	Key:      "capabilities.ambient",
	Judge:    func(c *Case) Finding { return judgeCaps(c, caps.Ambient) },
}
