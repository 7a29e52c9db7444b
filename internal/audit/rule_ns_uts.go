package audit

import "github.com/netjail/netjail/internal/ns"

var nsUTS = Rule{
	ID:       "ns.uts",
	Proves:   "The command is in a UTS namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence,
	Control:  nsControl,
	Remedy:   "set namespaces.uts to new",
	Key:      "namespaces.uts",
	Judge:    func(c *Case) Finding { return judgeNamespace(c, ns.UTS) },
}
