package audit

import "github.com/netjail/netjail/internal/caps"

var capsInheritable = Rule{
	ID:       "caps.inheritable",
	Proves:   "The command's inheritable set is the declared one.",
	Evidence: capsEvidence,
	Control:  capsControl,
	Remedy:   capsRemedy,
	Key:      "capabilities.inheritable",
	Judge:    func(c *Case) Finding { return judgeCaps(c, caps.Inheritable) },
}
