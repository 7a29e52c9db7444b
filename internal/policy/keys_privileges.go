package policy

// privilegesKeys are the keys about what the command may do with what privilege.
var privilegesKeys = []Key{
	{
		Path: "capabilities", Words: capabilitiesWords, Item: AtomCapability, Object: true, Default: "none", Since: "0.1",
		Meaning:  "The five capability sets as the command finds them at its first instruction. A list is kept in all five. Source: capabilities(7).",
		Examples: []string{"none", "[CAP_NET_BIND_SERVICE]", "{bounding: [CAP_NET_RAW]}"}, Checks: []string{"caps.bounding", "caps.effective", "caps.permitted", "caps.inheritable", "caps.ambient", "caps.securebits"},
		read: readCapabilities, write: writeCapabilities, spread: spreadCapabilities,
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
}
