package policy

// documentKeys are what a profile says of itself, and where it starts from.
var documentKeys = []Key{
	{
		Path: "apiVersion", Words: []Word{{"netjail/v1", "this language"}}, Required: true, Own: true, Since: "0.1",
		Meaning:  "The version of the profile language. Later versions of netjail read it as this one does.",
		Examples: []string{"netjail/v1"},
		read:     func(*reader, *Key, *Node) {},
		write:    func(_ *Policy, k *Key) value { return word(k.Words[0].Text) },
	},
	{
		Path: "name", Atom: AtomName, Own: true, Since: "0.1",
		Meaning:  "What people call the profile. It has no effect.",
		Examples: []string{"offline"},
		read:     func(r *reader, _ *Key, n *Node) { r.policy.Name = n.Text },
		write:    func(p *Policy, _ *Key) value { return optional(p.Name) },
	},
	{
		Path: "description", Atom: AtomText, Own: true, Since: "0.1",
		Meaning:  "What the profile is for. It has no effect.",
		Examples: []string{"No network. Loopback is up, so local servers and tests still work."},
		read:     func(r *reader, _ *Key, n *Node) { r.policy.Description = n.Text },
		write:    func(p *Policy, _ *Key) value { return optional(p.Description) },
	},
	{
		Path: "extends", Words: noneWord, Item: AtomParent, Default: "none", Own: true, Since: "0.1",
		Meaning:  "The profiles that this one starts from, left to right; what this file says comes last. A mapping changes the keys that it names, anything else replaces what is inherited; a list can also be changed by `{add: […], remove: […]}`. The result may be tighter than each of them, and looser only where `loosens` says so. A name is looked for as on the command line; a path begins with ./ or ../ and is relative to this file.",
		Examples: []string{"[base]", "[base, ./team.yaml]"},
		read:     func(*reader, *Key, *Node) {},
	},
	{
		Path: "loosens", Words: noneWord, Item: AtomLoosened, Default: "none", Own: true, Since: "0.1",
		Meaning:  "The keys whose value here is looser than the inherited one, or cannot be compared with it. Each must be: a key that loosens nothing is an error.",
		Examples: []string{"[loopback, filesystem.writable]"},
		read:     func(*reader, *Key, *Node) {},
	},
}
