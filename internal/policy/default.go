package policy

// Default is the policy of a profile that states nothing: what every key means
// when it is left out. Its Filesystem.Root is RootUnset, because the language's
// default for it is not built.
func Default() Policy {
	return Policy{
		Loopback: Loopback{State: LinkDown},
		Sockets:  Sockets{Families: []Family{familyInet, familyInet6, familyNetlink}},
		Process: Process{
			Environment:  Environment{Pass: []string{"PATH", "HOME", "TERM", "LANG", "LC_*"}},
			InheritFDs:   []int{0, 1, 2},
			StdioSockets: StdioRelay,
		},
	}
}
