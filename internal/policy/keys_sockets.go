package policy

// socketsKeys are the keys of sockets.
var socketsKeys = []Key{
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
		Path: "sockets.unix", Words: unixWords, Object: true, Default: "deny", Since: "0.1",
		Meaning:  "Unix sockets. A container engine, D-Bus or an ssh agent listens on one, and whoever reaches it can be handed a socket of the host's network; no namespace closes the file that it is. `isolated` and `{allow: …}` need `network: new`, which holds the abstract names, and neither `root: host` nor `home: host`. A socket below a path of `filesystem.writable` is shared with everything else there.",
		Examples: []string{"deny", "isolated", "{allow: [/run/postgresql/.s.PGSQL.5432]}"}, Checks: []string{"sockets.unix", "unix.reachable", "unix.allowed", "unix.abstract", "escape.unix", "seccomp.filter"},
		read: readUnix, write: writeUnix,
	},
	{
		Path: "sockets.unix.allow", Item: AtomAbsolute, Required: true, Since: "0.1",
		Meaning:  "The host's sockets that stay in reach. For the others it is as with `isolated`.",
		Examples: []string{"[/run/postgresql/.s.PGSQL.5432]"}, Checks: []string{"unix.allowed"},
		read: readUnixAllow,
	},
}
