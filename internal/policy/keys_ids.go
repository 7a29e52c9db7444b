package policy

// idsKeys are the keys about user and group ids.
var idsKeys = []Key{
	{
		Path: "uidMappings", Words: mappingWords, Objects: true, MaxItems: maxMappings, Default: "caller", Since: "0.1",
		Meaning:  "Which user ids exist in the new user namespace, and what they are outside: `caller`, `subordinate`, or lines as in the OCI runtime specification. Needs `user: new`.",
		Examples: []string{"caller", "subordinate", "[{containerID: 0, hostID: caller, size: 1}]"}, Checks: []string{"ids.uid-map", "ids.current", "ids.fsuid", "ids.host-root", "ids.subordinate-of-another"},
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
		Meaning:  "The first id outside. 0, the host's root, is refused without `acceptsHostRoot: true`.",
		Examples: []string{"caller", "100000"},
	},
	{
		Path: "uidMappings[].size", Atom: AtomSize, Required: true, Since: "0.1",
		Meaning:  "How many ids the line maps. With `hostID: caller` it is 1.",
		Examples: []string{"1", "65536"},
	},
	{
		Path: "gidMappings", Words: mappingWords, Objects: true, MaxItems: maxMappings, Default: "caller", Since: "0.1",
		Meaning:  "Which group ids exist in the new user namespace, and what they are outside. Needs `user: new`.",
		Examples: []string{"caller", "subordinate", "[{containerID: 0, hostID: caller, size: 1}]"}, Checks: []string{"ids.gid-map", "ids.current", "ids.host-root", "ids.subordinate-of-another"},
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
		Meaning:  "The first id outside. 0, the host's root group, is refused without `acceptsHostRoot: true`.",
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
		Path: "acceptsHostRoot", Words: trueOrFalse, Default: "false", Since: "0.1",
		Meaning:  "Whether the command may be the host's root: root with `user: host`, or with 0 outside in `uidMappings` or `gidMappings`. Such a jail does not hold, as files and /proc/sys are root's without any capability. `true` lifts the refusal and nothing else: the checks that rest on it fail by name, and under `audit: {mode: enforce}` each needs a waiver.",
		Examples: []string{"false"}, Checks: []string{"ids.host-root", "caps.parent"}, read: readHostRoot, write: writeHostRoot,
	},
}
