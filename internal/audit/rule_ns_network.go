package audit

import "github.com/netjail/netjail/internal/ns"

var nsNetwork = Rule{
	ID:       "ns.network",
	Proves:   "The command is in a network namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence,
	Control:  nsControl,
	Remedy:   "set namespaces.network to new; nothing else keeps the command off the host's network",
	Key:      "namespaces.network",
	Judge:    func(c *Case) Finding { return judgeNamespace(c, ns.Network) },
}
