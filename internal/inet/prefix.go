package inet

import (
	"errors"
	"strconv"
	"strings"
)

// Prefix is an address with a prefix length: a network, or an address in it. The
// zero Prefix is none.
type Prefix struct {
	addr Addr
	bits uint8
}

// PrefixFrom puts the two together; it is the zero Prefix where they do not fit.
func PrefixFrom(a Addr, bits int) Prefix {
	if !a.IsValid() || bits < 0 || bits > a.BitLen() {
		return Prefix{}
	}
	return Prefix{a, uint8(bits)}
}

// Addr is the address.
func (p Prefix) Addr() Addr { return p.addr }

// Bits is the prefix length.
func (p Prefix) Bits() int { return int(p.bits) }

// IsValid says whether p is a prefix.
func (p Prefix) IsValid() bool { return p.addr.IsValid() }

// Masked is the network: p with the bits behind the prefix cleared.
func (p Prefix) Masked() Prefix {
	for i := range p.addr.b {
		switch rest := int(p.bits) - 8*i; {
		case rest <= 0:
			p.addr.b[i] = 0
		case rest < 8:
			p.addr.b[i] &^= 0xff >> rest
		}
	}
	return p
}

// Contains says whether an address of the same kind is in the network.
func (p Prefix) Contains(a Addr) bool {
	return p.IsValid() && a.bits == p.addr.bits && PrefixFrom(a, p.Bits()).Masked() == p.Masked()
}

// String is the prefix in the usual form: 127.0.0.1/8.
func (p Prefix) String() string {
	if !p.IsValid() {
		return "no prefix"
	}
	return p.addr.String() + "/" + strconv.Itoa(p.Bits())
}

var errPrefix = errors.New("this is not an address with a prefix length")

// ParsePrefix reads an address, a slash and a decimal prefix length.
func ParsePrefix(s string) (Prefix, error) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return Prefix{}, errPrefix
	}
	a, err := ParseAddr(s[:i])
	bits, ok := decimal(s[i+1:], 128)
	if err != nil || !ok || bits > a.BitLen() {
		return Prefix{}, errPrefix
	}
	return PrefixFrom(a, bits), nil
}

// MustParsePrefix is ParsePrefix of a text that was checked before.
func MustParsePrefix(s string) Prefix {
	p, err := ParsePrefix(s)
	if err != nil {
		panic("inet: " + s + ": " + err.Error())
	}
	return p
}

// decimal reads a number up to a bound in its one spelling.
func decimal(s string, most int) (int, bool) {
	if s == "" || len(s) > 3 || len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, n <= most
}
