package audit

import "github.com/netjail/netjail/internal/ns"

var nsUser = Rule{
	ID:       "ns.user",
	Proves:   "The command is in a user namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence,
	Control:  nsControl,
	Remedy:   "set namespaces.user to new; where the host forbids user namespaces, netjail's error names the cause",
	Key:      "namespaces.user",
	Judge:    func(c *Case) Finding { return judgeNamespace(c, ns.User) },
}
