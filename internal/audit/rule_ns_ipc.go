package audit

import "github.com/netjail/netjail/internal/ns"

var nsIPC = Rule{
	ID:       "ns.ipc",
	Proves:   "The command is in an IPC namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence,
	Control:  nsControl,
	Remedy:   "set namespaces.ipc to new; in a shared one System V and POSIX message queues reach host processes",
	Key:      "namespaces.ipc",
	Judge:    func(c *Case) Finding { return judgeNamespace(c, ns.IPC) },
}
