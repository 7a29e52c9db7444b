package audit

import "github.com/netjail/netjail/internal/ns"

var nsTime = Rule{
	ID:       "ns.time",
	Proves:   "The command is in a time namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence,
	Control:  nsControl,
	Remedy:   "set namespaces.time to new",
	Key:      "namespaces.time",
	Judge:    func(c *Case) Finding { return judgeNamespace(c, ns.Time) },
}
