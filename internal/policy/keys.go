package policy

import "github.com/netjail/netjail/internal/ns"

// keys is the key table. Words stand in the order of their enumeration.
var keys = [...]Key{
	{
		Path: "apiVersion", Words: []Word{{"netjail/v1", "this language"}}, Required: true, Since: "0.1",
		Meaning:  "The version of the profile language. Later versions of netjail read it as this one does.",
		Examples: []string{"netjail/v1"},
		read:     func(*reader, *Key, *Node) {},
		write:    func(_ *Policy, k *Key) value { return word(k.Words[0].Text) },
	},
	{
		Path: "name", Atom: AtomName, Since: "0.1",
		Meaning:  "What people call the profile. It has no effect.",
		Examples: []string{"offline"},
		read:     func(r *reader, _ *Key, n *Node) { r.policy.Name = n.Text },
		write:    func(p *Policy, _ *Key) value { return optional(p.Name) },
	},
	{
		Path: "description", Atom: AtomText, Since: "0.1",
		Meaning:  "What the profile is for. It has no effect.",
		Examples: []string{"No network. Loopback is up, so local servers and tests still work."},
		read:     func(r *reader, _ *Key, n *Node) { r.policy.Description = n.Text },
		write:    func(p *Policy, _ *Key) value { return optional(p.Description) },
	},

	{
		Path: "namespaces", Object: true, Since: "0.1",
		Meaning: "For each kind of namespace, whether the command gets a new one or stays in netjail's own. Source: namespaces(7).",
		Checks:  []string{"ns.owner"},
	},
	{
		Path: "namespaces.user", Words: newOrHost, Default: "new", Since: "0.1",
		Meaning:  "User ids, group ids and capabilities. A new one is what lets an ordinary user make the others, and what makes capabilities inside worthless outside.",
		Examples: []string{"new"}, Checks: []string{"ns.user", "caps.parent"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.User] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Namespaces[ns.User]) },
	},
	{
		Path: "namespaces.network", Words: newOrHost, Default: "new", Since: "0.1",
		Meaning:  "Interfaces, addresses, routes, ports and abstract unix sockets. A new one holds a loopback interface and nothing else.",
		Examples: []string{"new"}, Checks: []string{"ns.network", "net.interfaces", "net.addresses", "net.routes", "escape.connect", "escape.setns-fd", "escape.setns-proc"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.Network] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Namespaces[ns.Network]) },
	},
	{
		Path: "namespaces.mount", Words: newOrHost, Default: "new", Since: "0.1",
		Meaning:  "The mount table. A new one starts as a copy whose changes do not travel back.",
		Examples: []string{"new"}, Checks: []string{"ns.mount"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.Mount] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Namespaces[ns.Mount]) },
	},
	{
		Path: "namespaces.pid", Words: newOrHost, Default: "new", Since: "0.1",
		Meaning:  "Process ids. In a new one the command sees, and can signal, only what it started itself; when the first process dies the kernel kills the others. Needs `mount: new`, because a fresh /proc must be mounted.",
		Examples: []string{"new"}, Checks: []string{"ns.pid", "proc.reaper", "proc.view"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.PID] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Namespaces[ns.PID]) },
	},
	{
		Path: "namespaces.ipc", Words: newOrHost, Default: "new", Since: "0.1",
		Meaning:  "System V IPC objects and POSIX message queues.",
		Examples: []string{"new"}, Checks: []string{"ns.ipc"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.IPC] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Namespaces[ns.IPC]) },
	},
	{
		Path: "namespaces.uts", Words: newOrHost, Default: "new", Since: "0.1",
		Meaning:  "The host name and the NIS domain name.",
		Examples: []string{"new"}, Checks: []string{"ns.uts"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.UTS] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Namespaces[ns.UTS]) },
	},
	{
		Path: "namespaces.cgroup", Words: newOrHost, Default: "new", Since: "0.1",
		Meaning:  "What the command sees as the root of the cgroup tree.",
		Examples: []string{"new"}, Checks: []string{"ns.cgroup"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Namespaces[ns.Cgroup] = NamespaceMode(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Namespaces[ns.Cgroup]) },
	},

	{
		Path: "uidMappings", Words: callerWord, Objects: true, Default: "caller", Since: "0.1",
		Meaning:  "Which user ids exist in the new user namespace, and what they are outside: `caller`, or lines as in the OCI runtime specification. Needs `user: new`.",
		Examples: []string{"caller", "[{containerID: 0, hostID: caller, size: 1}]"}, Checks: []string{"ids.uid-map", "ids.current", "ids.host-root"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.UIDMappings = readMappings(n) },
		write: func(p *Policy, _ *Key) value { return writeMappings(p, p.UIDMappings) },
	},
	{
		Path: "uidMappings[].containerID", Atom: AtomID, Required: true, Since: "0.1",
		Meaning:  "The first id inside.",
		Examples: []string{"0"},
	},
	{
		Path: "uidMappings[].hostID", Words: callerWord, Atom: AtomID, Required: true, Since: "0.1",
		Meaning:  "The first id outside. 0, the host's root, is refused.",
		Examples: []string{"caller", "100000"},
	},
	{
		Path: "uidMappings[].size", Atom: AtomSize, Required: true, Since: "0.1",
		Meaning:  "How many ids the line maps. With `hostID: caller` it is 1.",
		Examples: []string{"1", "65536"},
	},
	{
		Path: "gidMappings", Words: callerWord, Objects: true, Default: "caller", Since: "0.1",
		Meaning:  "Which group ids exist in the new user namespace, and what they are outside. Needs `user: new`.",
		Examples: []string{"caller", "[{containerID: 0, hostID: caller, size: 1}]"}, Checks: []string{"ids.gid-map", "ids.current", "ids.host-root"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.GIDMappings = readMappings(n) },
		write: func(p *Policy, _ *Key) value { return writeMappings(p, p.GIDMappings) },
	},
	{
		Path: "gidMappings[].containerID", Atom: AtomID, Required: true, Since: "0.1",
		Meaning:  "The first id inside.",
		Examples: []string{"0"},
	},
	{
		Path: "gidMappings[].hostID", Words: callerWord, Atom: AtomID, Required: true, Since: "0.1",
		Meaning:  "The first id outside. 0, the host's root group, is refused.",
		Examples: []string{"caller", "100000"},
	},
	{
		Path: "gidMappings[].size", Atom: AtomSize, Required: true, Since: "0.1",
		Meaning:  "How many ids the line maps. With `hostID: caller` it is 1.",
		Examples: []string{"1", "65536"},
	},
	{
		Path: "setgroups", Default: "deny", Since: "0.1",
		Words:    []Word{{"deny", "setgroups(2) fails in the new user namespace"}, {"allow", "it works, for who has CAP_SETGID there; the kernel lets an ordinary user write the group map only without it"}},
		Meaning:  "What /proc/PID/setgroups says. Dropping a supplementary group can gain access to files that deny it: user_namespaces(7). Needs `user: new`.",
		Examples: []string{"deny"}, Checks: []string{"ids.setgroups", "ids.groups"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Setgroups = Setgroups(k.word(n)) },
		write: writeSetgroups,
	},

	{
		Path: "loopback", Words: linkWords, Object: true, Default: "down", Since: "0.1",
		Meaning:  "The loopback interface of the new network namespace. Needs `network: new`.",
		Examples: []string{"up", `{state: up, addresses: [127.0.0.1/8, "::1/128", 127.0.0.53/32]}`}, Checks: []string{"net.loopback"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Loopback.State = LinkState(k.word(n)) },
		write: writeLoopback,
	},
	{
		Path: "loopback.state", Words: linkWords, Required: true, Since: "0.1",
		Meaning:  "Whether the interface is up.",
		Examples: []string{"up"},
		read:     func(r *reader, k *Key, n *Node) { r.policy.Loopback.State = LinkState(k.word(n)) },
	},
	{
		Path: "loopback.addresses", Item: AtomPrefix, Since: "0.1",
		Meaning:  "Exactly the addresses that the interface carries, each of 127.0.0.0/8 or ::1/128. Left out, the kernel gives it 127.0.0.1/8, and ::1/128 where it has IPv6.",
		Examples: []string{`[127.0.0.1/8, "::1/128"]`}, Checks: []string{"net.addresses"},
		read: func(r *reader, _ *Key, n *Node) { r.policy.Loopback.Addresses = readAddresses(n) },
	},

	{
		Path: "capabilities", Words: capabilitiesWords, Item: AtomCapability, Object: true, Default: "none", Since: "0.1",
		Meaning:  "The five capability sets as the command finds them at its first instruction. A list is kept in all five. Source: capabilities(7).",
		Examples: []string{"none", "[CAP_NET_BIND_SERVICE]", "{bounding: [CAP_NET_RAW]}"}, Checks: []string{"caps.bounding", "caps.effective", "caps.permitted", "caps.inheritable", "caps.ambient", "caps.securebits"},
		read: readCapabilities, write: writeCapabilities,
	},
	{
		Path: "capabilities.bounding", Words: noneWord, Item: AtomCapability, Default: "none", Since: "0.1",
		Meaning:  "What can ever be gained again. Holds at least what is inheritable.",
		Examples: []string{"none", "[CAP_NET_RAW]"}, Checks: []string{"caps.bounding"},
		read: func(r *reader, _ *Key, n *Node) { r.policy.Capabilities.Sets.Bounding = readSet(n) },
	},
	{
		Path: "capabilities.effective", Words: noneWord, Item: AtomCapability, Default: "none", Since: "0.1",
		Meaning:  "What the kernel checks. Equal to ambient.",
		Examples: []string{"none", "[CAP_NET_RAW]"}, Checks: []string{"caps.effective"},
		read: func(r *reader, _ *Key, n *Node) { r.policy.Capabilities.Sets.Effective = readSet(n) },
	},
	{
		Path: "capabilities.permitted", Words: noneWord, Item: AtomCapability, Default: "none", Since: "0.1",
		Meaning:  "What the command may make effective. Equal to ambient.",
		Examples: []string{"none", "[CAP_NET_RAW]"}, Checks: []string{"caps.permitted"},
		read: func(r *reader, _ *Key, n *Node) { r.policy.Capabilities.Sets.Permitted = readSet(n) },
	},
	{
		Path: "capabilities.inheritable", Words: noneWord, Item: AtomCapability, Default: "none", Since: "0.1",
		Meaning:  "What programs with file capabilities may get from the command. Holds at least what is ambient.",
		Examples: []string{"none", "[CAP_NET_RAW]"}, Checks: []string{"caps.inheritable"},
		read: func(r *reader, _ *Key, n *Node) { r.policy.Capabilities.Sets.Inheritable = readSet(n) },
	},
	{
		Path: "capabilities.ambient", Words: noneWord, Item: AtomCapability, Default: "none", Since: "0.1",
		Meaning:  "What survives execve(2) of an ordinary program.",
		Examples: []string{"none", "[CAP_NET_RAW]"}, Checks: []string{"caps.ambient"},
		read: func(r *reader, _ *Key, n *Node) { r.policy.Capabilities.Sets.Ambient = readSet(n) },
	},
	{
		Path: "noNewPrivileges", Words: trueOrFalse, Default: "true", Since: "0.1",
		Meaning:  "PR_SET_NO_NEW_PRIVS: set-user-ID bits and file capabilities give nothing, now and in every child. `false` is for profiles that only audit.",
		Examples: []string{"true"}, Checks: []string{"proc.no-new-privs"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.NewPrivileges = n.Text == "false" },
		write: func(p *Policy, k *Key) value { return truth(k, !p.NewPrivileges) },
	},
	{
		Path: "nestedUserNamespaces", Words: nestingWords, Default: "deny", Since: "0.1",
		Meaning:  "Whether the command may make user namespaces of its own. Inside of one it holds every capability again, and with them reaches parts of the kernel that are otherwise closed: user_namespaces(7). What is not `allow` is refused by a system call filter, which needs `noNewPrivileges: true`.",
		Examples: []string{"deny"}, Checks: []string{"ns.nested", "seccomp.filter"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.NestedUserNamespaces = Nesting(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.NestedUserNamespaces) },
	},

	{
		Path: "sockets", Object: true, Since: "0.1",
		Meaning: "Which sockets the command can make. What is not left open is refused by a system call filter, which needs `noNewPrivileges: true`; sockets that the command was started with are not concerned: `process.inheritFds`.",
	},
	{
		Path: "sockets.families", Words: familiesWords, Item: AtomFamily, Default: "[inet, inet6, netlink]", Since: "0.1",
		Meaning:  "The families that socket(2) makes, beside AF_UNIX; any other family fails with EAFNOSUPPORT. Not every family is held by a network namespace. `netlink` means NETLINK_ROUTE alone.",
		Examples: []string{"[inet, inet6, netlink]", "none", "host"}, Checks: []string{"sockets.families", "seccomp.filter"},
		read:  readFamilies,
		write: writeFamilies,
	},
	{
		Path: "sockets.unix", Words: unixWords, Later: []string{"isolated"}, LaterKeys: []string{"allow"}, Default: "deny", Since: "0.1",
		Meaning:  "Unix sockets. A container engine, D-Bus or an ssh agent listens on one, and whoever reaches it can be handed a socket of the host's network; no namespace closes the file that it is.",
		Examples: []string{"deny"}, Checks: []string{"sockets.unix", "seccomp.filter"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Sockets.Unix = UnixSockets(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Sockets.Unix) },
	},

	{
		Path: "filesystem", Object: true, Required: true, Since: "0.1",
		Meaning: "What the command sees of the host's files.",
	},
	{
		Path: "filesystem.root", Words: []Word{{"host", "the caller's mounts, with private propagation in a new mount namespace"}}, Required: true, Since: "0.1",
		Later:    []string{"system", "readonly", "empty"},
		Meaning:  "What the command sees as its root directory. The language's default is `system`, which this version does not build; so that nothing looser stands in for it unseen, the key must be written.",
		Examples: []string{"host"}, Checks: []string{"fs.propagation"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Filesystem.Root = Root(k.word(n)) + RootHost },
		write: writeRoot,
	},

	{
		Path: "process", Object: true, Since: "0.1",
		Meaning: "What the command starts with.",
	},
	{
		Path: "process.environment", Object: true, Since: "0.1",
		Meaning: "The environment variables that the command gets; no others.",
	},
	{
		Path: "process.environment.pass", Words: noneWord, Item: AtomVariable, Default: "[PATH, HOME, TERM, LANG, LC_*]", Since: "0.1",
		Meaning:  "Variables taken from the caller, by name or with `*` for any text. A name that looks like a secret (*TOKEN*, *SECRET*, *PASSWORD*, *_KEY), or that tells of descriptors and sockets handed over (LISTEN_FDS, NOTIFY_SOCKET and the like), passes only where it is written in full.",
		Examples: []string{"[PATH, HOME, LC_*]", "none"},
		read:     func(r *reader, _ *Key, n *Node) { r.policy.Process.Environment.Pass = readTexts(n) },
		write:    func(p *Policy, _ *Key) value { return listOrNone(p.Process.Environment.Pass, text) },
	},
	{
		Path: "process.environment.set", Words: noneWord, Field: AtomVariableValue, Default: "none", Since: "0.1",
		Meaning:  "Variables with values given here. They win over `pass`.",
		Examples: []string{"{TMPDIR: /tmp}", "none"},
		read:     func(r *reader, _ *Key, n *Node) { r.policy.Process.Environment.Set = readVariables(n) },
		write:    func(p *Policy, _ *Key) value { return writeVariables(p.Process.Environment.Set) },
	},
	{
		Path: "process.inheritFds", Words: noneWord, Item: AtomFD, Default: "[0, 1, 2]", Since: "0.1",
		Meaning:  "File descriptors that stay open. All others are closed before anything else happens.",
		Examples: []string{"[0, 1, 2]", "none"}, Checks: []string{"fd.open", "fd.kinds", "fd.socket"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Process.InheritFDs = readFDs(n) },
		write: func(p *Policy, _ *Key) value { return listOrNone(p.Process.InheritFDs, number[int]) },
	},
	{
		Path: "process.dieWithParent", Words: trueOrFalse, Default: "true", Since: "0.1",
		Meaning:  "Whether the command and what it started die when netjail is killed, even by SIGKILL.",
		Examples: []string{"true"}, Checks: []string{"proc.parent-death"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Process.OutliveParent = n.Text == "false" },
		write: func(p *Policy, k *Key) value { return truth(k, !p.Process.OutliveParent) },
	},
	{
		Path: "process.hostname", Words: []Word{{"host", "the host's name, which a new UTS namespace starts with"}}, Atom: AtomHostname, Default: "host", Since: "0.1",
		Meaning:  "The host name that the command sees. A name of its own needs `uts: new`.",
		Examples: []string{"host", "jail"}, Checks: []string{"proc.hostname"},
		read:  readHostname,
		write: writeHostname,
	},
	{
		Path: "process.stdioSockets", Words: stdioSocketsWords, Default: "relay", Since: "0.1",
		Meaning:  "What becomes of a socket among descriptors 0 to 2, as ssh, systemd and inetd hand over. A socket that was made outside keeps the network namespace that it was made in. Where none of the three is a socket the key means nothing.",
		Examples: []string{"relay"}, Checks: []string{"fd.socket"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Process.StdioSockets = StdioSockets(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Process.StdioSockets) },
	},
	{
		Path: "process.terminal", Words: terminalWords, Default: "isolated", Since: "0.1",
		Meaning:  "What becomes of the caller's terminal. `isolated` also keeps the command from typing into it (TIOCSTI, TIOCLINUX) by a system call filter, which needs `noNewPrivileges: true`.",
		Examples: []string{"isolated", "host"}, Checks: []string{"tty.session", "tty.background", "fd.terminal"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Process.Terminal = Terminal(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Process.Terminal) },
	},

	{
		Path: "audit", Object: true, Since: "0.1",
		Meaning: "What happens with the audit that netjail makes before the command's first instruction.",
	},
	{
		Path: "audit.mode", Default: "enforce", Since: "0.1",
		Words:    []Word{{"enforce", "a failed check means that the command never runs, and netjail exits with 125"}, {"report", "the command runs all the same, and the report says what failed"}},
		Meaning:  "What a failed check does.",
		Examples: []string{"enforce"},
		read:     func(r *reader, k *Key, n *Node) { r.policy.Audit.Mode = AuditMode(k.word(n)) },
		write:    func(p *Policy, k *Key) value { return chosen(k, p.Audit.Mode) },
	},
}
