// Package inet holds internet addresses and prefixes of them. It is what netjail
// needs of net/netip and no more: that package is initialised behind the YAML
// reader, for which the run of a built-in profile would have to wait (see package
// headstart). Names and meanings are net/netip's, and a test compares the two.
package inet

import (
	"bytes"
	"strconv"
)

// Addr is an IPv4 or IPv6 address without a zone. The zero Addr is no address.
type Addr struct {
	bits uint8 // 32, 128, or 0 for none
	b    [16]byte
}

// AddrFrom4 is an IPv4 address.
func AddrFrom4(a [4]byte) Addr {
	out := Addr{bits: 32}
	copy(out.b[:], a[:])
	return out
}

// AddrFrom16 is an IPv6 address.
func AddrFrom16(a [16]byte) Addr { return Addr{bits: 128, b: a} }

// AddrFromSlice is an address of four or of sixteen bytes.
func AddrFromSlice(s []byte) (a Addr, ok bool) {
	switch len(s) {
	case 4:
		return AddrFrom4([4]byte(s)), true
	case 16:
		return AddrFrom16([16]byte(s)), true
	}
	return Addr{}, false
}

// IPv6Loopback is ::1.
func IPv6Loopback() Addr { return AddrFrom16([16]byte{15: 1}) }

// IsValid says whether a is an address.
func (a Addr) IsValid() bool { return a.bits > 0 }

// Is4 says whether a is an IPv4 address.
func (a Addr) Is4() bool { return a.bits == 32 }

// Is6 says whether a is an IPv6 address.
func (a Addr) Is6() bool { return a.bits == 128 }

// mapped is what an IPv4 address in IPv6 spelling begins with: RFC 4291, 2.5.5.2.
var mapped = [12]byte{10: 0xff, 11: 0xff}

// Is4In6 says whether a is an IPv4 address in IPv6 spelling.
func (a Addr) Is4In6() bool { return a.Is6() && [12]byte(a.b[:12]) == mapped }

// IsLoopback says whether a is in 127.0.0.0/8, or is ::1.
func (a Addr) IsLoopback() bool {
	if a.Is4In6() {
		return a.b[12] == 127
	}
	return a.Is4() && a.b[0] == 127 || a == IPv6Loopback()
}

// IsMulticast says whether a is in 224.0.0.0/4 or ff00::/8.
func (a Addr) IsMulticast() bool {
	switch {
	case a.Is4():
		return a.b[0]>>4 == 0xe
	case a.Is4In6():
		return a.b[12]>>4 == 0xe
	}
	return a.Is6() && a.b[0] == 0xff
}

// BitLen is 32, 128, or 0 for no address.
func (a Addr) BitLen() int { return int(a.bits) }

// AsSlice is the address in network order: four bytes, sixteen, or none.
func (a Addr) AsSlice() []byte { return a.b[:a.bits/8] }

// As4 is the address as four bytes. Preconditions: Is4.
func (a Addr) As4() [4]byte { return [4]byte(a.b[:4]) }

// As16 is the address as sixteen bytes. Preconditions: Is6.
func (a Addr) As16() [16]byte { return a.b }

// Compare orders addresses: no address, IPv4 by value, IPv6 by value.
func (a Addr) Compare(other Addr) int {
	if a.bits != other.bits {
		return int(a.bits) - int(other.bits)
	}
	return bytes.Compare(a.b[:], other.b[:])
}

// AddrPort is an address with a port.
type AddrPort struct {
	addr Addr
	port uint16
}

// AddrPortFrom puts the two together.
func AddrPortFrom(a Addr, port uint16) AddrPort { return AddrPort{a, port} }

// Addr is the address.
func (p AddrPort) Addr() Addr { return p.addr }

// Port is the port.
func (p AddrPort) Port() uint16 { return p.port }

// String is the usual form: 127.0.0.1:80, [::1]:80.
func (p AddrPort) String() string {
	if p.addr.Is6() {
		return "[" + p.addr.String() + "]:" + strconv.Itoa(int(p.port))
	}
	return p.addr.String() + ":" + strconv.Itoa(int(p.port))
}
