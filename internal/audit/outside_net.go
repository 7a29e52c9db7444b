package audit

import (
	"cmp"
	"strings"

	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// lookNet says of one part of the network namespace whether it leads out: why it is
// not known, what it holds, and what of that leads out.
func (v *view) lookNet(why, all, stray string) Finding {
	f, same, ok := v.shares(ns.Network)
	switch {
	case !ok:
		return f
	case same:
		return f.open("it is netjail's own network")
	}
	f.Source, f.Found = v.kind.Network.Links.Source, all
	switch {
	case why != "":
		f.Found = ""
		return f.unknown(why)
	case stray != "":
		f.Found = stray
		return f.open("it may lead out of the namespace")
	}
	return f.closed("")
}

func lookInterfaces(v *view) Finding {
	links := v.kind.Network.Links
	return v.lookNet(missing(links), linkNames(links.Value), strings.Join(strangers(links.Value), ", "))
}

func lookAddresses(v *view) Finding {
	addresses := v.kind.Network.Addresses
	var stray []string
	for _, a := range addresses.Value {
		if !a.Prefix.Addr().IsLoopback() {
			stray = append(stray, a.Prefix.Addr().String())
		}
	}
	return v.lookNet(missing(addresses), addressText(addresses.Value), strings.Join(stray, ", "))
}

func lookRoutes(v *view) Finding {
	n := v.kind.Network
	stray, _ := strayRoute(n)
	return v.lookNet(cmp.Or(missing(n.Routes), missing(n.Links)), number(len(n.Routes.Value))+" routes, all through lo", stray)
}

// judgeLoopbackOutside compares addresses: an address of lo is there only while lo
// is up.
func judgeLoopbackOutside(v *view) Finding {
	if !v.policy.New(ns.Network) {
		return (&Case{Policy: v.policy}).notOwn(ns.Network)
	}
	f, same, ok := v.shares(ns.Network)
	got, want := v.kind.Network.Addresses, v.policy.Loopback
	f.Source, f.Expected = got.Source, expectedLoopback(want)
	switch {
	case !ok:
		return f
	case same:
		return f.fail("it is netjail's own network")
	case missing(got) != "":
		return f.unknown(missing(got))
	}
	f.Found = addressText(got.Value)
	up := len(got.Value) > 0
	for _, p := range want.Addresses {
		if want.State == policy.LinkUp && !v.hasAddress(p) {
			return f.fail("lo does not carry " + p.String())
		}
	}
	switch {
	case up != (want.State == policy.LinkUp):
		return f.fail("lo is " + state(up))
	case want.Addresses != nil && len(got.Value) != len(want.Addresses):
		return f.fail("lo carries other addresses")
	}
	return f.pass()
}

// hasAddress says whether the address is there; /proc tells no prefix length.
func (v *view) hasAddress(p inet.Prefix) bool {
	for _, a := range v.kind.Network.Addresses.Value {
		if a.Prefix.Addr() == p.Addr() {
			return true
		}
	}
	return false
}
