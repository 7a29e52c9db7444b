package policy

import (
	"slices"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

// order is the partial order of one key's values: the direction of the change
// from a to b. It is that of the key alone; a key that means nothing on one side
// is Neutral, as the key that took its meaning carries the direction.
type order func(a, b *Policy) Direction

// orders has a row for every key that has a value of its own. It is a function so
// that a start does not pay for it.
func orders() map[string]order {
	return map[string]order{
		"apiVersion":  neutral,
		"name":        neutral,
		"description": neutral,

		"namespaces.user":    namespaceOrder(ns.User),
		"namespaces.network": namespaceOrder(ns.Network),
		"namespaces.mount":   namespaceOrder(ns.Mount),
		"namespaces.pid":     namespaceOrder(ns.PID),
		"namespaces.ipc":     namespaceOrder(ns.IPC),
		"namespaces.uts":     namespaceOrder(ns.UTS),
		"namespaces.cgroup":  namespaceOrder(ns.Cgroup),
		"namespaces.time":    namespaceOrder(ns.Time),

		"uidMappings":     ofIDs(func(a, b *Policy) Direction { return mappingOrder(a.UIDMappings, b.UIDMappings) }),
		"gidMappings":     ofIDs(func(a, b *Policy) Direction { return mappingOrder(a.GIDMappings, b.GIDMappings) }),
		"setgroups":       ofIDs(func(a, b *Policy) Direction { return rank(a.Setgroups, b.Setgroups) }),
		"acceptsHostRoot": func(a, b *Policy) Direction { return loose(a.AcceptsHostRoot, b.AcceptsHostRoot) },
		"loopback":        loopbackOrder,

		"capabilities":         capabilitiesOrder,
		"noNewPrivileges":      func(a, b *Policy) Direction { return loose(a.NewPrivileges, b.NewPrivileges) },
		"nestedUserNamespaces": func(a, b *Policy) Direction { return rank(a.NestedUserNamespaces, b.NestedUserNamespaces) },

		"sockets.families": familiesOrder,
		"sockets.unix":     unixOrder,

		"filesystem.root":      func(a, b *Policy) Direction { return joinedOrder(a.Filesystem.Root, b.Filesystem.Root, RootJoined) },
		"filesystem.home":      func(a, b *Policy) Direction { return joinedOrder(a.Filesystem.Home, b.Filesystem.Home, HomeJoined) },
		"filesystem.writable":  besideHome(writableOrder),
		"filesystem.protected": protectedOrder,
		"filesystem.hidden":    func(a, b *Policy) Direction { return coverOrder(a.Filesystem.Hidden, b.Filesystem.Hidden) },
		"filesystem.private": func(a, b *Policy) Direction {
			return grants(a.Filesystem.Private, b.Filesystem.Private, in).reverse()
		},
		"filesystem.mounts": besideHome(func(a, b *Policy) Direction { return mountsOrder(a.Filesystem.Mounts, b.Filesystem.Mounts) }),

		"process.environment.pass": func(a, b *Policy) Direction {
			return grants(a.Process.Environment.Pass, b.Process.Environment.Pass, passedBy)
		},
		"process.environment.set": variablesOrder,
		"process.inheritFds":      func(a, b *Policy) Direction { return grants(a.Process.InheritFDs, b.Process.InheritFDs, in) },
		"process.dieWithParent":   func(a, b *Policy) Direction { return loose(a.Process.OutliveParent, b.Process.OutliveParent) },
		"process.hostname":        hostnameOrder,
		"process.stdioSockets":    func(a, b *Policy) Direction { return rank(a.Process.StdioSockets, b.Process.StdioSockets) },
		"process.terminal":        func(a, b *Policy) Direction { return rank(a.Process.Terminal, b.Process.Terminal) },
		"process.rlimits":         rlimitsOrder,
		"process.coreDumps":       func(a, b *Policy) Direction { return rank(a.Process.CoreDumps, b.Process.CoreDumps) },
		"process.umask":           umaskOrder,
		"process.timeout":         timeoutOrder,
		"process.keyring":         func(a, b *Policy) Direction { return rank(a.Process.Keyring, b.Process.Keyring) },

		"audit.mode":    func(a, b *Policy) Direction { return rank(a.Audit.Mode, b.Audit.Mode) },
		"audit.waivers": func(a, b *Policy) Direction { return grants(a.Audit.Waivers, b.Audit.Waivers, waivedBy) },
		"prefer":        func(a, b *Policy) Direction { return grants(a.Prefer, b.Prefer, in) },
	}
}

func neutral(*Policy, *Policy) Direction { return Neutral }

// ofIDs is an order of a key that means something only with a new user namespace.
// Without one the command has the caller's own ids, as with the defaults; that it
// loses the namespace is told by the key of that.
func ofIDs(o order) order {
	return func(a, b *Policy) Direction {
		switch own := Default(); {
		case !b.New(ns.User):
			return Neutral
		case !a.New(ns.User):
			return o(&own, b)
		}
		return o(a, b)
	}
}

// writableOrder: each path is open. Where nothing of the host's files is withheld
// the key takes nothing away and adds nothing.
func writableOrder(a, b *Policy) Direction {
	if a.Filesystem.whole() || b.Filesystem.whole() {
		return Neutral
	}
	return grants(a.Filesystem.Writable, b.Filesystem.Writable, in)
}

// besideHome is an order of paths that can be written. With `home: host` what lies
// in the home directory can be written in any case, and a path that is named there
// as well is one in which `protected` holds.
func besideHome(o order) order {
	return func(a, b *Policy) Direction {
		d := o(a, b)
		if d != Neutral && (a.Filesystem.guards() || b.Filesystem.guards()) {
			return Incomparable
		}
		return d
	}
}

// guards says whether a path that is named below an open home is more closed than
// one that is not.
func (f *Filesystem) guards() bool {
	return f.Home == HomeHost && f.Root != RootHost && f.Protected.Kind != PathsNone
}

// whole says whether the command sees and writes what the caller does.
func (f *Filesystem) whole() bool {
	return f.Root == RootHost && f.Home == HomeHost && f.Hidden.Kind == PathsNone && len(f.Private) == 0 && len(f.Mounts) == 0
}

// joinedOrder: what there is in somebody else's mount namespace is more than nothing of
// the host's, or less; nobody knows.
func joinedOrder[E ~uint8](a, b, joined E) Direction {
	if a != b && (a == joined || b == joined) {
		return Incomparable
	}
	return rank(a, b)
}

// protectedOrder: the key means nothing with the host's own root, where nothing is
// protected.
func protectedOrder(a, b *Policy) Direction {
	if a.Filesystem.Root >= RootHost || b.Filesystem.Root >= RootHost {
		return Neutral
	}
	return coverOrder(a.Filesystem.Protected, b.Filesystem.Protected)
}

// namespaceOrder: a new one is the tightest. What is joined is somebody else's,
// and may hold anything.
func namespaceOrder(k ns.Kind) order {
	return func(a, b *Policy) Direction {
		switch {
		case a.Namespaces[k] == b.Namespaces[k] && a.Joined[k] == b.Joined[k]:
			return Neutral
		case a.Namespaces[k] == NamespaceJoin && b.Namespaces[k] == NamespaceNew:
			return Tighter
		case a.Namespaces[k] == NamespaceNew && b.Namespaces[k] == NamespaceJoin:
			return Looser
		case a.Namespaces[k] == NamespaceJoin || b.Namespaces[k] == NamespaceJoin:
			return Incomparable
		}
		return rank(a.Namespaces[k], b.Namespaces[k])
	}
}

// mappingOrder: fewer lines are fewer ids. The forms name different ids.
func mappingOrder(a, b Mappings) Direction {
	if a.Kind != b.Kind {
		return Incomparable
	}
	return grants(a.List, b.List, in)
}

// loopbackOrder: down is tighter than up. nil addresses are the kernel's choice,
// which is another one on another host. Without a new network namespace the key
// means nothing.
func loopbackOrder(a, b *Policy) Direction {
	switch {
	case !a.New(ns.Network) || !b.New(ns.Network):
		return Neutral
	case a.Loopback.State != b.Loopback.State:
		return rank(a.Loopback.State, b.Loopback.State)
	case (a.Loopback.Addresses == nil) != (b.Loopback.Addresses == nil):
		return Incomparable
	}
	return grants(a.Loopback.Addresses, b.Loopback.Addresses, in)
}

func capabilitiesOrder(a, b *Policy) Direction {
	if a.Capabilities.Host != b.Capabilities.Host {
		return loose(a.Capabilities.Host, b.Capabilities.Host)
	}
	d := Neutral
	for _, k := range caps.Kinds() {
		from, to := a.Capabilities.Sets.Get(k), b.Capabilities.Sets.Get(k)
		d = d.and(shift(!to.SubsetOf(from), !from.SubsetOf(to)))
	}
	return d
}

func familiesOrder(a, b *Policy) Direction {
	if a.Sockets.HostFamilies != b.Sockets.HostFamilies {
		return loose(a.Sockets.HostFamilies, b.Sockets.HostFamilies)
	}
	return grants(a.Sockets.Families, b.Sockets.Families, in)
}

func unixOrder(a, b *Policy) Direction {
	if a.Sockets.Unix != b.Sockets.Unix {
		return rank(a.Sockets.Unix, b.Sockets.Unix)
	}
	return grants(a.Sockets.UnixAllowed, b.Sockets.UnixAllowed, in)
}

// coverOrder: each path takes something away. What the standard list holds beside
// a list of one's own depends on the version.
func coverOrder(a, b PathList) Direction {
	switch {
	case a.Kind == b.Kind:
		return grants(a.List, b.List, in).reverse()
	case b.Kind == PathsNone:
		return Looser
	case a.Kind == PathsNone:
		return Tighter
	}
	return Incomparable
}

// mountsOrder: a mount shows something and covers something. A tmpfs only covers,
// as `private` does; a bind in its own place that may be written only shows, as
// `writable` does; one that is read-only also takes away what `writable` gives.
func mountsOrder(a, b []Mount) Direction {
	d := Neutral
	for i := range b {
		if !inMounts(b[i], a) {
			d = d.and(b[i].adds())
		}
	}
	for i := range a {
		if !inMounts(a[i], b) {
			d = d.and(a[i].adds().reverse())
		}
	}
	return d
}

// adds is the direction in which a mount that is added goes.
func (m *Mount) adds() Direction {
	switch {
	case m.Type == "tmpfs":
		return Tighter
	case m.Source == m.Destination && !m.ReadOnly():
		return Looser
	}
	return Incomparable
}

// variablesOrder: a value can mean anything to a program.
func variablesOrder(a, b *Policy) Direction {
	if slices.Equal(a.Process.Environment.Set, b.Process.Environment.Set) {
		return Neutral
	}
	return Incomparable
}

// hostnameOrder: a name of its own hides the host's; which one does not matter.
func hostnameOrder(a, b *Policy) Direction {
	return loose(a.Process.Hostname == "", b.Process.Hostname == "")
}

func in[T comparable](item T, list []T) bool { return slices.Contains(list, item) }

func inMounts(m Mount, list []Mount) bool {
	return slices.ContainsFunc(list, func(n Mount) bool {
		return m.Destination == n.Destination && m.Type == n.Type && m.Source == n.Source && slices.Equal(m.Options, n.Options)
	})
}

// passedBy says whether everything that a pattern passes is passed by a list. A
// name that looks like a secret, or tells of what was handed over, passes only
// where it is written in full.
func passedBy(pattern string, list []string) bool {
	return slices.ContainsFunc(list, func(other string) bool {
		return other == pattern || !Secret(pattern) && !Handed(pattern) && (glob(other, pattern) || groupOf(other).has(pattern))
	}) || passedOneByOne(groupOf(pattern), list)
}

// passedOneByOne says whether a list passes everything of a group.
func passedOneByOne(g *VariableGroup, list []string) bool {
	return g != nil && !slices.ContainsFunc(g.Members, func(m GroupMember) bool { return !passedBy(m.Name, list) })
}
