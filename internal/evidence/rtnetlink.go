package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/netjail/netjail/internal/inet"
)

// Numbers of linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h and linux/if.h.
const (
	rtmNewLink  = 16
	rtmNewAddr  = 20
	rtmNewRoute = 24

	linkBody  = 16 // struct ifinfomsg: family, pad uint8, type uint16, index int32, flags, change uint32
	addrBody  = 8  // struct ifaddrmsg: family, prefixlen, flags, scope uint8, index uint32
	routeBody = 12 // struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type uint8, flags uint32
	hopBody   = 8  // struct rtnexthop: len uint16, flags, hops uint8, ifindex int32

	attrIfname    = 3  // IFLA_IFNAME
	attrAddress   = 1  // IFA_ADDRESS: the peer's on a point-to-point link
	attrLocal     = 2  // IFA_LOCAL
	attrDst       = 1  // RTA_DST
	attrOif       = 4  // RTA_OIF
	attrMultipath = 9  // RTA_MULTIPATH
	flagUp        = 1  // IFF_UP
	flagLoopback  = 8  // IFF_LOOPBACK
	familyIPv4    = 2  // AF_INET
	familyIPv6    = 10 // AF_INET6
)

// The kinds of route, RTN_* of linux/rtnetlink.h.
const (
	routeUnicast     = 1
	routeLocal       = 2
	routeBroadcast   = 3
	routeAnycast     = 4
	routeMulticast   = 5
	routeBlackhole   = 6
	routeUnreachable = 7
	routeProhibit    = 8
	routeThrow       = 9
)

// decodeLink reads an RTM_NEWLINK message.
func decodeLink(m message) ([]Link, error) {
	if err := m.expect(rtmNewLink, linkBody); err != nil {
		return nil, err
	}
	flags := binary.NativeEndian.Uint32(m.body[8:])
	link := Link{
		Index:    int(int32(binary.NativeEndian.Uint32(m.body[4:]))),
		Loopback: flags&flagLoopback != 0,
		Up:       flags&flagUp != 0,
	}
	err := eachAttribute(m.body[linkBody:], func(kind uint16, value []byte) error {
		if kind != attrIfname {
			return nil
		}
		name, ended := bytes.CutSuffix(value, []byte{0})
		if !ended || len(name) == 0 || bytes.IndexByte(name, 0) >= 0 {
			return fmt.Errorf("interface name %q", value)
		}
		link.Name = string(name)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if link.Name == "" || link.Index <= 0 {
		return nil, fmt.Errorf("interface %d is called %q", link.Index, link.Name)
	}
	return []Link{link}, nil
}

// decodeAddress reads an RTM_NEWADDR message.
func decodeAddress(m message) ([]Address, error) {
	if err := m.expect(rtmNewAddr, addrBody); err != nil {
		return nil, err
	}
	family, bits := m.body[0], int(m.body[1])
	var own, peer []byte
	err := eachAttribute(m.body[addrBody:], func(kind uint16, value []byte) error {
		switch kind {
		case attrLocal:
			own = value
		case attrAddress:
			peer = value
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if own == nil { // IPv6 tells IFA_LOCAL only where there is a peer
		own = peer
	}
	prefix, err := prefixOf(family, own, bits)
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	index := int(int32(binary.NativeEndian.Uint32(m.body[4:])))
	return []Address{{Link: index, Prefix: prefix}}, nil
}

// decodeRoute reads an RTM_NEWROUTE message: one Route for each next hop.
func decodeRoute(m message) ([]Route, error) {
	if err := m.expect(rtmNewRoute, routeBody); err != nil {
		return nil, err
	}
	family, bits, kind := m.body[0], int(m.body[1]), m.body[7]
	var destination, hops []byte
	var links []int
	err := eachAttribute(m.body[routeBody:], func(kind uint16, value []byte) error {
		switch kind {
		case attrDst:
			destination = value
		case attrMultipath:
			hops = value
		case attrOif:
			if len(value) != 4 {
				return errCutAttr
			}
			links = append(links, int(int32(binary.NativeEndian.Uint32(value))))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if destination == nil && bits == 0 {
		destination = make([]byte, addressSize(family))
	}
	prefix, err := prefixOf(family, destination, bits)
	if err != nil {
		return nil, fmt.Errorf("route: %w", err)
	}
	if links, err = hopLinks(links, hops); err != nil {
		return nil, err
	}
	return routesTo(prefix, kind, links)
}

// hopLinks appends the interfaces of a multipath route's next hops.
func hopLinks(links []int, hops []byte) ([]int, error) {
	for len(hops) > 0 {
		if len(hops) < hopBody {
			return nil, errCutAttr
		}
		length := int(binary.NativeEndian.Uint16(hops))
		if length < hopBody || length > len(hops) {
			return nil, errCutAttr
		}
		links = append(links, int(int32(binary.NativeEndian.Uint32(hops[4:]))))
		hops = hops[min(align(length), len(hops)):]
	}
	return links, nil
}

// routesTo makes the routes of one kind to one destination.
func routesTo(destination inet.Prefix, kind uint8, links []int) ([]Route, error) {
	local := false
	switch kind {
	case routeLocal, routeBroadcast, routeAnycast, routeMulticast:
		local = true
	case routeUnicast:
		if len(links) == 0 {
			return nil, fmt.Errorf("route to %s: the message names no interface", destination)
		}
	case routeBlackhole, routeUnreachable, routeProhibit, routeThrow:
	default:
		return nil, fmt.Errorf("route to %s: unknown kind %d", destination, kind)
	}
	if len(links) == 0 {
		links = []int{0}
	}
	routes := make([]Route, len(links))
	for i, link := range links {
		routes[i] = Route{Destination: destination, Link: link, Local: local}
	}
	return routes, nil
}

// expect checks the message's type and that its fixed part is there.
func (m message) expect(kind uint16, size int) error {
	if m.kind != kind {
		return fmt.Errorf("message of type %d where %d was asked for", m.kind, kind)
	}
	if len(m.body) < size {
		return errCutBody
	}
	return nil
}

var errNoAddress = errors.New("the message names no address")

// prefixOf makes a prefix of an address in network byte order. Bits of the
// address beyond the prefix are kept: an interface has an address, not a net.
func prefixOf(family uint8, address []byte, bits int) (inet.Prefix, error) {
	size := addressSize(family)
	if size == 0 {
		return inet.Prefix{}, fmt.Errorf("address family %d", family)
	}
	if address == nil {
		return inet.Prefix{}, errNoAddress
	}
	a, ok := inet.AddrFromSlice(address)
	if !ok || len(address) != size || bits > 8*size {
		return inet.Prefix{}, fmt.Errorf("%d bytes and %d bits for address family %d", len(address), bits, family)
	}
	return inet.PrefixFrom(a, bits), nil
}

func addressSize(family uint8) int {
	switch family {
	case familyIPv4:
		return 4
	case familyIPv6:
		return 16
	}
	return 0
}
