package audit

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var netInterfaces = Rule{
	ID:       "net.interfaces",
	Proves:   "The network namespace holds no interface but lo, save the kernel's own fallback tunnels, which must be down.",
	Evidence: "RTM_GETLINK dump by the jailed process, /proc/PID/net by netjail",
	Control:  "none needed: lo itself must be in the answer, since every network namespace has it",
	Remedy:   "find who moved an interface into the new namespace; netjail makes none",
	Key:      "namespaces.network",
	Judge:    judgeInterfaces,
}

func judgeInterfaces(c *Case) Finding {
	in, out := c.Evidence.Inside.Network.Links, c.Evidence.Outside.Network.Links
	f := netSides(Finding{Expected: loopbackName}, in, out)
	switch {
	case c.joins(ns.Network):
		return joinedNetwork(f, linkNames(in.Value), missing(in))
	case !c.ownNetwork():
		return c.notOwn(ns.Network)
	}
	if why := missing(in); why != "" {
		return f.unknown(why)
	}
	f.Found = linkNames(in.Value)
	if lo, ok := loopbackLink(in.Value); !ok || !lo.Loopback {
		return f.unknown("lo is not in the answer, so the answer is not whole")
	}
	if stranger := strangers(in.Value); len(stranger) > 0 {
		return f.fail("not declared: " + list(stranger))
	}
	if out.Known && !sameLinks(in.Value, out.Value) {
		f.Found = "inside " + f.Found + ", outside " + linkNames(out.Value)
		return f.fail(disagree)
	}
	if len(in.Value) > 1 {
		return f.as(Pass, "the kernel's fallback tunnels are down; net.core.fb_tunnels_only_for_init_net=1 keeps them out")
	}
	return passSides(f, out)
}

// strangers names the interfaces that nothing accounts for.
func strangers(links []evidence.Link) []string {
	var names []string
	for _, l := range links {
		if l.Name != loopbackName && (l.Up || l.Loopback || !slices.Contains(fallbackTunnels[:], l.Name)) {
			names = append(names, l.Name)
		}
	}
	return names
}

// fallbackTunnels are the interfaces that a loaded tunnel module puts into every
// new network namespace unless net.core.fb_tunnels_only_for_init_net is set.
// They are down and lead nowhere. Source: Documentation/admin-guide/sysctl/net.rst.
var fallbackTunnels = [...]string{
	"tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0",
}

func sameLinks(inside, outside []evidence.Link) bool {
	byName := func(a, b evidence.Link) int { return strings.Compare(a.Name, b.Name) }
	return slices.EqualFunc(
		slices.SortedFunc(slices.Values(inside), byName),
		slices.SortedFunc(slices.Values(outside), byName),
		func(a, b evidence.Link) bool { return a.Name == b.Name })
}
