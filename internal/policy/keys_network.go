package policy

// networkKeys are the keys of the network namespace.
var networkKeys = []Key{
	{
		Path: "loopback", Words: linkWords, Object: true, Default: "down", Since: "0.1",
		Meaning:  "The loopback interface of the new network namespace. Needs `network: new`.",
		Examples: []string{"up", `{state: up, addresses: [127.0.0.1/8, "::1/128", 127.0.0.53/32]}`}, Checks: []string{"net.loopback"},
		read:   func(r *reader, k *Key, n *Node) { r.policy.Loopback.State = LinkState(k.word(n)) },
		write:  writeLoopback,
		spread: spreadLoopback,
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
}
