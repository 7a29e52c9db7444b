package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

var netLoopback = Rule{
	ID:       "net.loopback",
	Proves:   "lo is up or down as declared, and carries exactly the declared addresses.",
	Evidence: "RTM_GETLINK and RTM_GETADDR dumps by the jailed process, /proc/PID/net by netjail, which tells no state and no prefix length",
	Control:  "none needed: the state is read back after it was set",
	Remedy:   "compare `netjail plan` with the key loopback",
	Key:      "loopback",
	Judge:    judgeLoopback,
}

func judgeLoopback(c *Case) Finding {
	if !c.ownNetwork() {
		return c.notOwn(ns.Network)
	}
	in, out := c.Evidence.Inside.Network, c.Evidence.Outside.Network
	f := netSides(Finding{Expected: expectedLoopback(c.Policy.Loopback)}, in.Addresses, out.Addresses)
	if why := cmp.Or(missing(in.Links), missing(in.Addresses)); why != "" {
		return f.unknown(why)
	}
	lo, ok := loopbackLink(in.Links.Value)
	if !ok {
		return f.unknown("lo is not in the answer")
	}
	on := onLink(in.Addresses.Value, lo.Index)
	f.Found = state(lo.Up) + ", " + addressText(on)
	want := c.Policy.Loopback
	switch {
	case lo.Up != (want.State == policy.LinkUp):
		return f.fail("lo is " + state(lo.Up))
	case !declaredAddresses(want, on):
		return f.fail("lo carries other addresses")
	case out.Addresses.Known && !within(out.Addresses.Value, on):
		f.Found = "inside " + addressText(on) + ", outside " + addressText(out.Addresses.Value)
		return f.fail(disagree)
	}
	return passSides(f, out.Addresses)
}

// kernelAddresses are what the kernel itself gives to lo when it comes up, the
// last of them only where it has IPv6.
func kernelAddresses() []inet.Prefix {
	return []inet.Prefix{
		inet.PrefixFrom(inet.AddrFrom4([4]byte{127, 0, 0, 1}), 8),
		inet.PrefixFrom(inet.IPv6Loopback(), 128),
	}
}

// declaredAddresses says whether lo carries what the profile says. Where it
// says nothing, that is 127.0.0.1/8 and perhaps ::1/128 once lo is up, and
// nothing before.
func declaredAddresses(want policy.Loopback, on []evidence.Address) bool {
	if want.Addresses != nil {
		return samePrefixes(want.Addresses, on)
	}
	if want.State != policy.LinkUp {
		return len(on) == 0
	}
	kernel := kernelAddresses()
	return samePrefixes(kernel[:1], on) || samePrefixes(kernel, on)
}

// samePrefixes ignores the order.
func samePrefixes(want []inet.Prefix, on []evidence.Address) bool {
	if len(want) != len(on) {
		return false
	}
	return !slices.ContainsFunc(want, func(p inet.Prefix) bool {
		return !slices.ContainsFunc(on, func(a evidence.Address) bool { return a.Prefix == p })
	})
}

// within says whether every outside address lies in a prefix that was seen
// inside: /proc tells no more.
func within(outside, inside []evidence.Address) bool {
	return !slices.ContainsFunc(outside, func(a evidence.Address) bool {
		return !slices.ContainsFunc(inside, func(b evidence.Address) bool {
			return b.Prefix.Contains(a.Prefix.Addr())
		})
	})
}

// onLink are the addresses of one interface.
func onLink(addresses []evidence.Address, link int) []evidence.Address {
	var on []evidence.Address
	for _, a := range addresses {
		if a.Link == link {
			on = append(on, a)
		}
	}
	return on
}

func expectedLoopback(want policy.Loopback) string {
	up := state(want.State == policy.LinkUp)
	switch {
	case want.Addresses == nil && want.State == policy.LinkUp:
		return up + ", the kernel's addresses"
	case len(want.Addresses) == 0:
		return up + ", no address"
	}
	texts := make([]string, 0, len(want.Addresses))
	for _, p := range want.Addresses {
		texts = append(texts, p.String())
	}
	return up + ", " + strings.Join(texts, " ")
}

func state(up bool) string {
	if up {
		return "up"
	}
	return "down"
}
