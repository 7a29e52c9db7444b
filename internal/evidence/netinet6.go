package evidence

import (
	"errors"
	"fmt"

	"github.com/netjail/netjail/internal/inet"
)

// parseInet6Addresses reads the text of /proc/PID/net/if_inet6: address, index,
// prefix length, scope, flags, all hex, and the interface's name.
func parseInet6Addresses(text []byte) ([]Address, error) {
	list := []Address{}
	err := eachLine(text, func(line []byte) error {
		var field [6][]byte
		if !fields(field[:], line) {
			return fmt.Errorf("%q: not six fields", line)
		}
		prefix, err := prefix6(field[0], field[2])
		if err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
		index, err := hex(field[1])
		if err != nil || index == 0 || index > 1<<31-1 {
			return fmt.Errorf("%q: no interface index", line)
		}
		list = append(list, Address{Link: int(index), Prefix: prefix})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Flags of /proc/PID/net/ipv6_route: RTF_* of linux/route.h and
// linux/ipv6_route.h.
const (
	routeFlagReject  = 0x200      // RTF_REJECT
	routeFlagAnycast = 0x00100000 // RTF_ANYCAST
	routeFlagNoHop   = 0x00200000 // RTF_NONEXTHOP
	routeFlagLocal   = 0x80000000 // RTF_LOCAL
)

// namedRoute is a route with its interface's name; "*" is none.
type namedRoute struct {
	destination inet.Prefix
	link        string
	local       bool
}

// parseInet6Routes reads the text of /proc/PID/net/ipv6_route, which holds every
// table: destination, its length, source, its length, next hop, metric, two
// counters, flags, all hex, and the interface's name.
//
// The kind of a route is not told, but follows from the flags, save for
// multicast, which follows from the destination. The entry that the kernel puts
// at the end of every table to say that there is no route is left out.
func parseInet6Routes(text []byte) ([]namedRoute, error) {
	var list []namedRoute
	err := eachLine(text, func(line []byte) error {
		r, sentinel, err := parseInet6Route(line)
		if err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
		if !sentinel {
			list = append(list, r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func parseInet6Route(line []byte) (r namedRoute, sentinel bool, err error) {
	var field [10][]byte
	if !fields(field[:], line) {
		return r, false, errors.New("not ten fields")
	}
	if r.destination, err = prefix6(field[0], field[1]); err != nil {
		return r, false, err
	}
	if _, err = prefix6(field[2], field[3]); err != nil {
		return r, false, err
	}
	metric, err := hex(field[5])
	if err != nil {
		return r, false, err
	}
	flags, err := hex(field[8])
	if err != nil {
		return r, false, err
	}
	r.link = string(field[9])
	r.local = flags&(routeFlagLocal|routeFlagAnycast) != 0 || r.destination.Addr().IsMulticast()
	const noRoute = routeFlagReject | routeFlagNoHop
	sentinel = r.destination.Bits() == 0 && metric == 0xffffffff && flags&^1 == noRoute
	return r, sentinel, nil
}

// prefix6 reads an IPv6 address of 32 hex digits and a length of two.
func prefix6(address, length []byte) (inet.Prefix, error) {
	var a [16]byte
	if err := hexBytes(a[:], address); err != nil {
		return inet.Prefix{}, err
	}
	bits, err := hex(length)
	if err != nil || bits > 128 {
		return inet.Prefix{}, errors.New("no prefix length")
	}
	return inet.PrefixFrom(inet.AddrFrom16(a), int(bits)), nil
}
