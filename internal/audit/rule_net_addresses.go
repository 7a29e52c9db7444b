package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var netAddresses = Rule{
	ID:       "net.addresses",
	Proves:   "Every address in the network namespace is a loopback address, and on lo.",
	Evidence: "RTM_GETADDR dump by the jailed process, /proc/PID/net by netjail",
	Control:  "none needed: net.loopback expects the addresses of lo in the same answer",
	Remedy:   "find who gave the namespace an address; netjail gives loopback addresses only",
	Key:      "namespaces.network",
	Judge:    judgeAddresses,
}

func judgeAddresses(c *Case) Finding {
	in, out := c.Evidence.Inside.Network, c.Evidence.Outside.Network
	f := netSides(Finding{Expected: "loopback only"}, in.Addresses, out.Addresses)
	switch {
	case c.joins(ns.Network):
		return joinedNetwork(f, addressText(in.Addresses.Value), missing(in.Addresses))
	case !c.ownNetwork():
		return c.notOwn(ns.Network)
	}
	if why := cmp.Or(missing(in.Addresses), missing(in.Links)); why != "" {
		return f.unknown(why)
	}
	f.Found = addressText(in.Addresses.Value)
	lo, ok := loopbackLink(in.Links.Value)
	for _, a := range in.Addresses.Value {
		if !a.Prefix.Addr().IsLoopback() || !ok || a.Link != lo.Index {
			return f.fail(addressOn(a, in.Links.Value))
		}
	}
	if out.Addresses.Known {
		for _, a := range out.Addresses.Value {
			if !a.Prefix.Addr().IsLoopback() {
				f.Found = "outside " + addressText(out.Addresses.Value)
				return f.fail("not a loopback address: " + a.Prefix.String())
			}
		}
	}
	return passSides(f, out.Addresses)
}

func addressOn(a evidence.Address, links []evidence.Link) string {
	return a.Prefix.String() + " on " + linkName(links, a.Link)
}
