package policy

// processKeys are the keys of process.
var processKeys = []Key{
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
		Meaning:  "Variables taken from the caller, by name, with `*` for any text, or by the name of a group, in quotes. A name that looks like a secret (*TOKEN*, *SECRET*, *PASSWORD*, *_KEY), or that tells of descriptors and sockets handed over (LISTEN_FDS, NOTIFY_SOCKET and the like), passes only where it is written in full.",
		Examples: []string{"[PATH, HOME, LC_*]", `[PATH, "@toolchain"]`, "none"}, Checks: []string{"proc.environment"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Process.Environment.Pass = readTexts(n) },
		write: func(p *Policy, _ *Key) value { return listOrNone(p.Process.Environment.Pass, text) },
	},
	{
		Path: "process.environment.set", Words: noneWord, Field: AtomVariableValue, Default: "none", Since: "0.1",
		Meaning:  "Variables with values given here. They win over `pass`.",
		Examples: []string{"{TMPDIR: /tmp}", "none"}, Checks: []string{"proc.environment"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Process.Environment.Set = readVariables(n) },
		write: func(p *Policy, _ *Key) value { return writeVariables(p.Process.Environment.Set) },
	},
	{
		Path: "process.inheritFds", Words: noneWord, Item: AtomFD, Default: "[0, 1, 2]", Since: "0.1",
		Meaning:  "File descriptors that stay open. All others are closed before anything else happens.",
		Examples: []string{"[0, 1, 2]", "none"}, Checks: []string{"fd.open", "fd.kinds", "fd.socket", "fd.directory", "fd.tun", "fd.pidfd", "fd.io-uring", "fd.shared-memory"},
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
		Examples: []string{"relay"}, Checks: []string{"fd.socket", "fd.socket-namespace", "proc.peer-pidfd"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Process.StdioSockets = StdioSockets(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Process.StdioSockets) },
	},
	{
		Path: "process.terminal", Words: terminalWords, Default: "isolated", Since: "0.1",
		Meaning:  "What becomes of the caller's terminal. `isolated` also keeps the command from typing into it (TIOCSTI, TIOCLINUX) by a system call filter, which needs `noNewPrivileges: true`.",
		Examples: []string{"isolated", "host"}, Checks: []string{"tty.session", "tty.background", "tty.inject", "fd.terminal"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Process.Terminal = Terminal(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Process.Terminal) },
	},
	{
		Path: "process.rlimits", Words: inheritedWord, Objects: true, Default: "inherited", Since: "0.1",
		Meaning:  "Resource limits of the command and what it starts, with the names of the OCI runtime specification: getrlimit(2). A resource that is not listed keeps the caller's limits, RLIMIT_CORE excepted: `process.coreDumps`. A hard limit is at most the caller's; nothing in a jail has the privilege to raise one.",
		Examples: []string{"inherited", "[{type: RLIMIT_NOFILE, soft: 1024, hard: 4096}]", "[{type: RLIMIT_CPU, soft: 60, hard: unlimited}]"}, Checks: []string{"proc.rlimits"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Process.Rlimits = readRlimits(n) },
		write: writeRlimits,
	},
	{
		Path: "process.rlimits[].type", Atom: AtomRlimitType, Required: true, Since: "0.1",
		Meaning:  "The resource. RLIMIT_RSS and RLIMIT_LOCKS, which have no effect on Linux, are refused.",
		Examples: []string{"RLIMIT_NOFILE"},
	},
	{
		Path: "process.rlimits[].soft", Words: unlimitedWord, Atom: AtomLimit, Required: true, Since: "0.1",
		Meaning:  "What the kernel enforces. The command may raise it as far as the hard limit.",
		Examples: []string{"1024", "unlimited"},
	},
	{
		Path: "process.rlimits[].hard", Words: unlimitedWord, Atom: AtomLimit, Required: true, Since: "0.1",
		Meaning:  "How far the soft limit can be raised. The command may lower it, and not raise it again.",
		Examples: []string{"4096", "unlimited"},
	},
	{
		Path: "process.coreDumps", Words: coreDumpsWords, Default: "deny", Since: "0.1",
		Meaning:  "What becomes of the memory of a process that crashes: core(5). A limit of 0 keeps the kernel from writing a file, and not from starting the helper that /proc/sys/kernel/core_pattern may name, outside the jail and as root; at exactly 1 it does neither. A command that wants to reach the helper can lower its soft limit to 0 first.",
		Examples: []string{"deny"}, Checks: []string{"proc.rlimits", "host.coredump"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Process.CoreDumps = CoreDumps(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Process.CoreDumps) },
	},
	{
		Path: "process.umask", Words: inheritedWord, Atom: AtomUmask, Default: "inherited", Since: "0.1",
		Meaning:  "The permission bits that files and directories are made without: umask(2). Four octal digits, in quotes, as otherwise YAML readers disagree about the number. The command may change it.",
		Examples: []string{"inherited", `"0022"`}, Checks: []string{"proc.umask"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Process.Umask = readUmask(n) },
		write: writeUmask,
	},
	{
		Path: "process.keyring", Words: keyringWords, Default: "new", Since: "0.1",
		Meaning:  "The session keyring: session-keyring(7). No namespace holds it, and a kernel that looks for a key on behalf of the command (Kerberos, AFS, encrypted directories) looks there, whether or not the system call filter refuses the calls for keys. A new one counts against the caller's kernel.keys.maxkeys while the command runs, where the caller has a session keyring already.",
		Examples: []string{"new"}, Checks: []string{"keys.session", "keys.request"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Process.Keyring = Keyring(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Process.Keyring) },
	},
	{
		Path: "process.timeout", Words: noTimeoutWord, Atom: AtomDuration, Default: "none", Since: "0.1",
		Meaning:  "How long the command may run: hours, minutes and seconds. Then it gets SIGTERM and, where it was stopped, SIGCONT. Five seconds later it gets SIGKILL; with a new pid namespace everything that it started ends with it, in either case. netjail says so and exits with 124. The time goes on while the command, or netjail, is stopped.",
		Examples: []string{"10m", "90s", "1h30m", "none"}, Checks: []string{"proc.timeout"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Process.Timeout = readTimeout(n) },
		write: writeTimeout,
	},
}
