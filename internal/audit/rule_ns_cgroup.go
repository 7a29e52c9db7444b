package audit

import "github.com/netjail/netjail/internal/ns"

var nsCgroup = Rule{
	ID:       "ns.cgroup",
	Proves:   "The command is in a cgroup namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence,
	Control:  nsControl,
	Remedy:   "set namespaces.cgroup to new",
	Key:      "namespaces.cgroup",
	Judge:    func(c *Case) Finding { return judgeNamespace(c, ns.Cgroup) },
}
