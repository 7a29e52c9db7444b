package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

func networkRows() map[string][]row {
	return map[string][]row{
		"net.interfaces": interfacesTable(),
		"net.loopback":   loopbackTable(),
		"net.addresses":  addressesTable(),
		"net.routes":     routesTable(),
	}
}

// also adds an interface as both sides see it.
func also(l evidence.Link) func(*Case) {
	return func(c *Case) {
		for _, f := range []*evidence.Fact[[]evidence.Link]{&c.Evidence.Inside.Network.Links, &c.Evidence.Outside.Network.Links} {
			f.Value = append(f.Value, l)
		}
	}
}

func inside(c *Case) *evidence.Network  { return &c.Evidence.Inside.Network }
func outside(c *Case) *evidence.Network { return &c.Evidence.Outside.Network }

func interfacesTable() []row {
	return []row{
		{"lo", same, Pass, "lo"},
		{"fallback tunnels", all(also(evidence.Link{Index: 2, Name: "tunl0"}), also(evidence.Link{Index: 3, Name: "sit0"})), Pass, "tunl0, sit0"},
		{"not told outside", func(c *Case) { lost(&outside(c).Links) }, Pass, "not told from outside"},
		{"another", also(evidence.Link{Index: 2, Name: "eth0"}), Fail, "not declared: eth0"},
		{"a fallback tunnel that is up", also(evidence.Link{Index: 2, Name: "sit0", Up: true}), Fail, "sit0"},
		{"disagree", func(c *Case) {
			outside(c).Links.Value = []evidence.Link{{Index: 1, Name: "lo"}, {Index: 2, Name: "eth0"}}
		}, Fail, disagree},
		{"empty answer", func(c *Case) { inside(c).Links.Value = nil }, Unknown, "not whole"},
		{"lo is no loopback", func(c *Case) { inside(c).Links.Value[0].Loopback = false }, Unknown, "not whole"},
		{"unread", func(c *Case) { lost(&inside(c).Links) }, Unknown, "EIO"},
		{"shared", hostNS(ns.Network), NotApplicable, "namespaces.network"},
	}
}

func loopbackTable() []row {
	down := func(c *Case) { c.Policy.Loopback.State = policy.LinkDown }
	isDown := func(c *Case) { inside(c).Links.Value[0].Up = false }
	carries := func(prefixes ...string) func(*Case) {
		return func(c *Case) {
			inside(c).Addresses.Value, outside(c).Addresses.Value = nil, nil
			for _, p := range prefixes {
				inside(c).Addresses.Value = append(inside(c).Addresses.Value, address(1, p))
			}
		}
	}
	declares := func(prefixes ...string) func(*Case) {
		return func(c *Case) {
			c.Policy.Loopback.Addresses = []inet.Prefix{}
			for _, p := range prefixes {
				c.Policy.Loopback.Addresses = append(c.Policy.Loopback.Addresses, inet.MustParsePrefix(p))
			}
		}
	}
	return []row{
		{"up", same, Pass, "up, 127.0.0.1/8 ::1/128"},
		{"up without IPv6", carries("127.0.0.1/8"), Pass, "up, 127.0.0.1/8"},
		{"down", all(down, isDown, carries()), Pass, "down, no address"},
		{"declared addresses", all(declares("127.0.0.53/32", "127.0.0.1/8"), carries("127.0.0.1/8", "127.0.0.53/32")), Pass, "127.0.0.53/32"},
		{"declared none", all(declares(), carries()), Pass, "up, no address"},
		{"not told outside", func(c *Case) { lost(&outside(c).Addresses) }, Pass, "not told from outside"},
		{"not up", isDown, Fail, "lo is down"},
		{"not down", down, Fail, "lo is up"},
		{"down with an address", all(down, isDown, carries("127.0.0.1/8")), Fail, "other addresses"},
		{"no address", carries(), Fail, "other addresses"},
		{"one too many", carries("127.0.0.1/8", "127.0.0.9/8"), Fail, "other addresses"},
		{"another prefix length", carries("127.0.0.1/32"), Fail, "other addresses"},
		{"declared one is missing", all(declares("127.0.0.1/8", "127.0.0.53/32"), carries("127.0.0.1/8")), Fail, "other addresses"},
		{"disagree", func(c *Case) { outside(c).Addresses.Value = []evidence.Address{address(1, "10.0.0.1/32")} }, Fail, disagree},
		{"no lo", func(c *Case) { inside(c).Links.Value = nil }, Unknown, "not in the answer"},
		{"links unread", func(c *Case) { lost(&inside(c).Links) }, Unknown, "EIO"},
		{"addresses unread", func(c *Case) { lost(&inside(c).Addresses) }, Unknown, "EIO"},
		{"shared", hostNS(ns.Network), NotApplicable, ""},
	}
}

func addressesTable() []row {
	add := func(n func(*Case) *evidence.Network, a evidence.Address) func(*Case) {
		return func(c *Case) { n(c).Addresses.Value = append(n(c).Addresses.Value, a) }
	}
	return []row{
		{"loopback", same, Pass, "127.0.0.1/8"},
		{"none", func(c *Case) { inside(c).Addresses.Value, outside(c).Addresses.Value = nil, nil }, Pass, "no address"},
		{"not told outside", func(c *Case) { lost(&outside(c).Addresses) }, Pass, "not told from outside"},
		{"a real one", add(inside, address(1, "10.0.0.1/24")), Fail, "10.0.0.1/24 on lo"},
		{"link-local", add(inside, address(1, "fe80::1/64")), Fail, "fe80::1/64"},
		{"loopback address elsewhere", all(also(evidence.Link{Index: 2, Name: "sit0"}), add(inside, address(2, "127.0.0.2/8"))), Fail, "on sit0"},
		{"disagree", add(outside, address(1, "10.0.0.1/32")), Fail, "outside"},
		{"unread", func(c *Case) { lost(&inside(c).Addresses) }, Unknown, "EIO"},
		{"links unread", func(c *Case) { lost(&inside(c).Links) }, Unknown, "EIO"},
		{"shared", hostNS(ns.Network), NotApplicable, ""},
	}
}

func routesTable() []row {
	add := func(n func(*Case) *evidence.Network, r evidence.Route) func(*Case) {
		return func(c *Case) { n(c).Routes.Value = append(n(c).Routes.Value, r) }
	}
	return []row{
		{"lo only", same, Pass, "2 routes"},
		{"none", func(c *Case) { inside(c).Routes.Value = nil }, Pass, "0 routes"},
		{"the kernel's own", add(inside, route("ff00::/8", 9, true)), Pass, ""},
		{"not told outside", func(c *Case) { lost(&outside(c).Routes) }, Pass, "not told from outside"},
		{"default", add(inside, route("0.0.0.0/0", 2, false)), Fail, "0.0.0.0/0 by no interface"},
		{"default by a known interface", all(also(evidence.Link{Index: 2, Name: "eth0"}), add(inside, route("::/0", 2, false))), Fail, "::/0 by eth0"},
		{"several next hops", add(inside, route("0.0.0.0/0", 0, false)), Fail, "no interface"},
		{"disagree", add(outside, route("0.0.0.0/0", 2, false)), Fail, "outside"},
		{"unread", func(c *Case) { lost(&inside(c).Routes) }, Unknown, "EIO"},
		{"links unread", func(c *Case) { lost(&inside(c).Links) }, Unknown, "EIO"},
		{"shared", hostNS(ns.Network), NotApplicable, ""},
	}
}
