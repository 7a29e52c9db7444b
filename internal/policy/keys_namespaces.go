package policy

import "github.com/netjail/netjail/internal/ns"

// namespacesKeys are the keys of namespaces.
var namespacesKeys = []Key{
	{
		Path: "namespaces", Object: true, Since: "0.1",
		Meaning: "For each kind of namespace, whether the command gets a new one, stays in netjail's own, or enters one that exists. Source: namespaces(7).",
		Checks:  []string{"ns.owner", "proc.enter", "fd.helper"},
	},
	{
		Path: "namespaces.user", Words: newOrHost, Object: true, Default: "new", Since: "0.1",
		Meaning:  "User ids, group ids and capabilities. A new one is what lets an ordinary user make the others, and what makes capabilities inside worthless outside.",
		Examples: []string{"new", "{join: /proc/1234/ns/user}"}, Checks: []string{"ns.user", "caps.parent", "proc.ptrace", "proc.pidfd-getfd", "proc.links"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.User] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return writeNamespace(p, k, ns.User) },
	},
	{
		Path: "namespaces.user.join", Atom: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The file of a namespace that exists: a link below /proc/PID/ns, or what one is bound to. Whose ids and capabilities the command gets instead of a new namespace's. Entering one takes being its owner, or root.",
		Examples: []string{"/proc/1234/ns/user"},
		read:     func(r *reader, _ *Key, n *Node) { r.join(ns.User, n) },
	},
	{
		Path: "namespaces.network", Words: newOrHost, Object: true, Default: "new", Since: "0.1",
		Meaning:  "Interfaces, addresses, routes, ports and abstract unix sockets. A new one holds a loopback interface and nothing else.",
		Examples: []string{"new", "{join: /run/netns/lab}"}, Checks: []string{"ns.network", "net.interfaces", "net.addresses", "net.routes", "net.loopback-services", "escape.connect", "escape.setns-fd", "escape.setns-proc", "escape.pidfd", "escape.nsfs-handle", "escape.siocgskns"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.Network] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return writeNamespace(p, k, ns.Network) },
	},
	{
		Path: "namespaces.network.join", Atom: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The file of a namespace that exists: a link below /proc/PID/ns, or what one is bound to. Whose interfaces, ports and abstract unix sockets the command gets. What is reachable from there is reachable for the command, and `loopback` is not netjail's to change.",
		Examples: []string{"/run/netns/lab"},
		read:     func(r *reader, _ *Key, n *Node) { r.join(ns.Network, n) },
	},
	{
		Path: "namespaces.mount", Words: newOrHost, Object: true, Default: "new", Since: "0.1",
		Meaning:  "The mount table. A new one starts as a copy whose changes do not travel back. With one that is joined `filesystem` is `joined`.",
		Examples: []string{"new"}, Checks: []string{"ns.mount"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.Mount] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return writeNamespace(p, k, ns.Mount) },
	},
	{
		Path: "namespaces.mount.join", Atom: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The file of a namespace that exists: a link below /proc/PID/ns, or what one is bound to. Whose files the command gets, and no others: its program is looked for there, and it starts in the directory that is called as the caller's, which must be there. Needs `filesystem: joined`, and a pid namespace that is not new. An ordinary user joins `user` of the same jail as well.",
		Examples: []string{"/proc/1234/ns/mnt"},
		read:     func(r *reader, _ *Key, n *Node) { r.join(ns.Mount, n) },
	},
	{
		Path: "namespaces.pid", Words: newOrHost, Object: true, Default: "new", Since: "0.1",
		Meaning:  "Process ids. In a new one the command sees, and can signal, only what it started itself; when the first process dies the kernel kills the others. Needs `mount: new`, because a fresh /proc must be mounted.",
		Examples: []string{"new", "{join: /proc/1234/ns/pid}"}, Checks: []string{"ns.pid", "proc.reaper", "proc.view", "proc.signal", "proc.kill", "proc.prlimit", "net.proc", "fs.proc"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.PID] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return writeNamespace(p, k, ns.PID) },
	},
	{
		Path: "namespaces.pid.join", Atom: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The file of a namespace that exists: a link below /proc/PID/ns, or what one is bound to. Whose processes the command sees, with a new mount namespace in a fresh /proc, and is seen by. Its first process is not netjail's: the command ends with netjail, and what the command has started does not. An ordinary user joins `user` of the same jail as well.",
		Examples: []string{"/proc/1234/ns/pid"},
		read:     func(r *reader, _ *Key, n *Node) { r.join(ns.PID, n) },
	},
	{
		Path: "namespaces.ipc", Words: newOrHost, Object: true, Default: "new", Since: "0.1",
		Meaning:  "System V IPC objects and POSIX message queues.",
		Examples: []string{"new", "{join: /proc/1234/ns/ipc}"}, Checks: []string{"ns.ipc", "ipc.sysv", "ipc.mqueue"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.IPC] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return writeNamespace(p, k, ns.IPC) },
	},
	{
		Path: "namespaces.ipc.join", Atom: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The file of a namespace that exists: a link below /proc/PID/ns, or what one is bound to. Whose System V IPC objects and POSIX message queues the command gets.",
		Examples: []string{"/proc/1234/ns/ipc"},
		read:     func(r *reader, _ *Key, n *Node) { r.join(ns.IPC, n) },
	},
	{
		Path: "namespaces.uts", Words: newOrHost, Object: true, Default: "new", Since: "0.1",
		Meaning:  "The host name and the NIS domain name.",
		Examples: []string{"new", "{join: /proc/1234/ns/uts}"}, Checks: []string{"ns.uts"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.UTS] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return writeNamespace(p, k, ns.UTS) },
	},
	{
		Path: "namespaces.uts.join", Atom: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The file of a namespace that exists: a link below /proc/PID/ns, or what one is bound to. Whose host name the command gets.",
		Examples: []string{"/proc/1234/ns/uts"},
		read:     func(r *reader, _ *Key, n *Node) { r.join(ns.UTS, n) },
	},
	{
		Path: "namespaces.cgroup", Words: newOrHost, Object: true, Default: "new", Since: "0.1",
		Meaning:  "What the command sees as the root of the cgroup tree.",
		Examples: []string{"new", "{join: /proc/1234/ns/cgroup}"}, Checks: []string{"ns.cgroup"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.Cgroup] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return writeNamespace(p, k, ns.Cgroup) },
	},
	{
		Path: "namespaces.cgroup.join", Atom: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The file of a namespace that exists: a link below /proc/PID/ns, or what one is bound to. Whose root of the cgroup tree the command gets.",
		Examples: []string{"/proc/1234/ns/cgroup"},
		read:     func(r *reader, _ *Key, n *Node) { r.join(ns.Cgroup, n) },
	},
	{
		Path: "namespaces.time", Words: newOrHost, Object: true, Default: "host", Since: "0.1",
		Meaning:  "The offsets of the monotonic and the boot-time clock. The time of day is the host's in any case.",
		Examples: []string{"host", "{join: /proc/1234/ns/time}"}, Checks: []string{"ns.time"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.Time] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return writeNamespace(p, k, ns.Time) },
	},
	{
		Path: "namespaces.time.join", Atom: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The file of a namespace that exists: a link below /proc/PID/ns, or what one is bound to. Whose offsets the command's monotonic and boot-time clocks have.",
		Examples: []string{"/proc/1234/ns/time"},
		read:     func(r *reader, _ *Key, n *Node) { r.join(ns.Time, n) },
	},
}
