package policy

import "github.com/netjail/netjail/internal/ns"

// Default is the policy of a profile that states nothing: what every key means
// when it is left out.
func Default() Policy {
	return Policy{
		Namespaces: [ns.Count]NamespaceMode{ns.Time: NamespaceHost},
		Loopback:   Loopback{State: LinkDown},
		Sockets:    Sockets{Families: []Family{familyInet, familyInet6, familyNetlink}},
		Filesystem: Filesystem{Root: RootSystem, Private: []string{"/run", "/tmp", "/var/tmp"}},
		Process: Process{
			Environment:  Environment{Pass: []string{"PATH", "HOME", "TERM", "LANG", "LC_*"}},
			InheritFDs:   []int{0, 1, 2},
			StdioSockets: StdioRelay,
		},
	}
}
