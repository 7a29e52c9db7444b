package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var netRoutes = Rule{
	ID:       "net.routes",
	Proves:   "No route of any table leads through anything but lo.",
	Evidence: "RTM_GETROUTE dump by the jailed process, /proc/PID/net by netjail",
	Control:  "none needed: the dump is read to its end mark",
	Remedy:   "find who set the route; netjail sets none",
	Key:      "namespaces.network",
	Judge:    judgeRoutes,
}

func judgeRoutes(c *Case) Finding {
	in, out := c.Evidence.Inside.Network, c.Evidence.Outside.Network
	f := netSides(Finding{Expected: "through lo only"}, in.Routes, out.Routes)
	switch {
	case c.joins(ns.Network):
		return joinedNetwork(f, joinedRoutes(in), cmp.Or(missing(in.Routes), missing(in.Links)))
	case !c.ownNetwork():
		return c.notOwn(ns.Network)
	}
	if why := cmp.Or(missing(in.Routes), missing(in.Links)); why != "" {
		return f.unknown(why)
	}
	if route, stray := strayRoute(in); stray {
		f.Found = route
		return f.fail("a route leads elsewhere")
	}
	if out.Routes.Known && out.Links.Known {
		if route, stray := strayRoute(out); stray {
			f.Found = "outside " + route
			return f.fail("a route leads elsewhere")
		}
	}
	f.Found = number(len(in.Routes.Value)) + " routes, all through lo"
	return passSides(f, out.Routes)
}

// joinedRoutes tells how many routes there are, and of one that leaves lo.
func joinedRoutes(n evidence.Network) string {
	text := number(len(n.Routes.Value)) + " routes"
	if route, stray := strayRoute(n); stray {
		return text + ", among them " + route
	}
	return text + ", all through lo"
}

// strayRoute finds a route that does not go through lo. Those that the kernel
// keeps for its own addresses go nowhere. One without an interface has its next
// hops elsewhere, and is not lo's.
func strayRoute(n evidence.Network) (text string, found bool) {
	lo, ok := loopbackLink(n.Links.Value)
	for _, r := range n.Routes.Value {
		if !r.Local && (!ok || r.Link != lo.Index) {
			return r.Destination.String() + " by " + linkName(n.Links.Value, r.Link), true
		}
	}
	return "", false
}
