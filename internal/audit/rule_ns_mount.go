package audit

import "github.com/netjail/netjail/internal/ns"

var nsMount = Rule{
	ID:       "ns.mount",
	Proves:   "The command is in a mount namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence,
	Control:  nsControl,
	Remedy:   "set namespaces.mount to new",
	Key:      "namespaces.mount",
	Judge:    func(c *Case) Finding { return judgeNamespace(c, ns.Mount) },
}
