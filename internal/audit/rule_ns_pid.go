package audit

import "github.com/netjail/netjail/internal/ns"

var nsPID = Rule{
	ID:       "ns.pid",
	Proves:   "The command is in a PID namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence,
	Control:  nsControl,
	Remedy:   "set namespaces.pid to new; in a shared one kill(2) and prlimit(2) reach every process of the same uid",
	Key:      "namespaces.pid",
	Judge:    func(c *Case) Finding { return judgeNamespace(c, ns.PID) },
}
