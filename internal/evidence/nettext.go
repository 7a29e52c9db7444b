package evidence

import (
	"fmt"
	"slices"

	"github.com/netjail/netjail/internal/inet"
)

// loopbackIndex is the index of the loopback interface, which the kernel makes
// first in every network namespace and never removes: LOOPBACK_IFINDEX of
// net/flow.h. An interface that is alone is therefore the loopback.
const loopbackIndex = 1

// netText is what the files below /proc/PID/net say, each of them text.
type netText struct {
	dev    []byte // dev
	inet6  []byte // if_inet6; empty for a kernel without IPv6
	route6 []byte // ipv6_route; the same
	trie   []byte // fib_trie
	// main is route. It is needed only where there is more than one interface.
	main []byte
	// index gives the index of an interface by its name, from
	// dev_snmp6/NAME. It is asked only where there is more than one.
	index func(name string) (int, error)
}

// network puts together what the files tell.
func (t *netText) network(source func(files string) string) Network {
	links, err := t.links()
	network := Network{Links: factOf(links, err, source("dev"))}
	if err != nil {
		err = fmt.Errorf("the interfaces are not known: %w", err)
		network.Addresses = Unknown[[]Address](source("fib_trie and if_inet6"), err.Error())
		network.Routes = Unknown[[]Route](source("fib_trie, route and ipv6_route"), err.Error())
		return network
	}
	entries, err := parseFibTrie(t.trie)
	if err != nil {
		err = fmt.Errorf("fib_trie: %w", err)
		network.Addresses = Unknown[[]Address](source("fib_trie"), err.Error())
		network.Routes = Unknown[[]Route](source("fib_trie"), err.Error())
		return network
	}
	addresses, err := t.addresses(entries, links)
	network.Addresses = factOf(addresses, err, source("fib_trie and if_inet6"))
	routes, err := t.routes(entries, links)
	network.Routes = factOf(routes, err, source("fib_trie, route and ipv6_route"))
	return network
}

// links gives every interface its index.
func (t *netText) links() ([]Link, error) {
	names, err := parseNetDev(t.dev)
	if err != nil {
		return nil, err
	}
	if len(names) == 1 {
		return []Link{{Index: loopbackIndex, Name: names[0], Loopback: true}}, nil
	}
	links := make([]Link, len(names))
	for i, name := range names {
		index, err := t.index(name)
		if err != nil {
			return nil, fmt.Errorf("the index of %s is not told: %w", name, err)
		}
		links[i] = Link{Index: index, Name: name, Loopback: index == loopbackIndex}
	}
	return links, nil
}

// soleLink is the one interface, or 0 where there are more.
func soleLink(links []Link) int {
	if len(links) == 1 {
		return links[0].Index
	}
	return 0
}

func (t *netText) addresses(entries []fibEntry, links []Link) ([]Address, error) {
	list, err := parseInet6Addresses(t.inet6)
	if err != nil {
		return nil, fmt.Errorf("if_inet6: %w", err)
	}
	for _, p := range ownAddresses(entries) {
		list = append(list, Address{Link: soleLink(links), Prefix: p})
	}
	return list, nil
}

// ownAddresses are the IPv4 addresses, each with the length of the narrowest
// subnet around it. Where that holds more than one address, some of them may
// have come without it (127.0.0.1/8 and 127.0.0.53/32), so all of them are /32.
func ownAddresses(entries []fibEntry) []inet.Prefix {
	var own []inet.Prefix
	members := map[inet.Prefix]int{}
	for _, e := range entries {
		if e.ownAddress() && !slices.Contains(own, e.prefix) {
			own = append(own, e.prefix)
			members[subnetOf(e.prefix, entries)]++
		}
	}
	for i, p := range own {
		subnet := subnetOf(p, entries)
		if members[subnet] == 1 {
			own[i] = inet.PrefixFrom(p.Addr(), subnet.Bits())
		}
	}
	return own
}

// subnetOf is the narrowest subnet around an address, or the address itself.
func subnetOf(p inet.Prefix, entries []fibEntry) inet.Prefix {
	best := p
	for _, e := range entries {
		// A default route is around everything and is nobody's subnet.
		if e.subnet() && e.prefix.Bits() > 0 && e.prefix.Contains(p.Addr()) && (best == p || e.prefix.Bits() > best.Bits()) {
			best = e.prefix
		}
	}
	return best
}

// routes are those of IPv6, of the IPv4 main table by their interface, and the
// rest of fib_trie.
func (t *netText) routes(entries []fibEntry, links []Link) ([]Route, error) {
	named, err := parseInet6Routes(t.route6)
	if err != nil {
		return nil, fmt.Errorf("ipv6_route: %w", err)
	}
	sole := soleLink(links)
	var main []namedRoute
	if sole == 0 {
		if main, err = parseMainRoutes(t.main); err != nil {
			return nil, fmt.Errorf("route: %w", err)
		}
	}
	list := []Route{}
	for _, r := range slices.Concat(named, main) {
		link, err := linkIndex(r.link, links)
		if err != nil {
			return nil, err
		}
		list = append(list, Route{Destination: r.destination, Link: link, Local: r.local})
	}
	return trieRoutes(list, entries, main, sole)
}

// trieRoutes appends the routes that fib_trie alone tells. Next to more than one
// interface, a route that leads somewhere must have been named by the main
// table: of any other the interface is not known, and with it nothing is.
func trieRoutes(list []Route, entries []fibEntry, main []namedRoute, sole int) ([]Route, error) {
	inMain := func(p inet.Prefix) bool {
		return slices.ContainsFunc(main, func(r namedRoute) bool { return r.destination == p })
	}
	seen := map[Route]bool{}
	for _, e := range entries {
		r := Route{Destination: e.prefix}
		switch e.kind {
		case routeLocal, routeBroadcast, routeAnycast, routeMulticast:
			r.Local, r.Link = true, sole
		case routeUnicast:
			if sole == 0 && !(e.main && inMain(e.prefix)) {
				return nil, fmt.Errorf("the interface of the route to %s is not told", e.prefix)
			}
			r.Link = sole
		}
		if e.main && sole == 0 && !r.Local && inMain(e.prefix) {
			continue // it is in the list already, with its interface
		}
		if !seen[r] {
			seen[r] = true
			list = append(list, r)
		}
	}
	return list, nil
}

// linkIndex finds an interface by its name; "*" is none.
func linkIndex(name string, links []Link) (int, error) {
	if name == "*" {
		return 0, nil
	}
	for _, l := range links {
		if l.Name == name {
			return l.Index, nil
		}
	}
	return 0, fmt.Errorf("a route goes through %s, which is no interface", name)
}

// factOf is a fact that a parser tells.
func factOf[T any](v T, err error, source string) Fact[T] {
	if err != nil {
		return Unknown[T](source, err.Error())
	}
	return Known(v, source)
}
