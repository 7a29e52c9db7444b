package inet

import (
	"errors"
	"strconv"
	"strings"
)

var errAddr = errors.New("this is not an address")

// ParseAddr reads an address in any spelling of RFC 4291, without a zone.
func ParseAddr(s string) (Addr, error) {
	a, ok := parse4(s)
	if strings.IndexByte(s, ':') >= 0 {
		a, ok = parse6(s)
	}
	if !ok {
		return Addr{}, errAddr
	}
	return a, nil
}

// parse4 reads four decimal numbers.
func parse4(s string) (Addr, bool) {
	var b [4]byte
	for i := range b {
		part, rest, more := strings.Cut(s, ".")
		n, ok := decimal(part, 255)
		if !ok || more != (i < 3) {
			return Addr{}, false
		}
		b[i], s = byte(n), rest
	}
	return AddrFrom4(b), true
}

// parse6 reads eight groups of hexadecimal digits, of which one run of zeros may
// be left out, and the last two may be written as an IPv4 address.
func parse6(s string) (Addr, bool) {
	head, tail, gap := strings.Cut(s, "::")
	left, ok := groups(head, !gap)
	right, fine := groups(tail, true)
	if !ok || !fine {
		return Addr{}, false
	}
	// A gap stands for one group at least.
	missing := 16 - len(left) - len(right)
	if gap && missing < 2 || !gap && missing != 0 {
		return Addr{}, false
	}
	var b [16]byte
	copy(b[:], left)
	copy(b[16-len(right):], right)
	return AddrFrom16(b), true
}

// groups reads groups between colons; where the address ends with them the last
// may be an IPv4 address.
func groups(s string, last bool) (b []byte, ok bool) {
	for more := s != ""; more; {
		var part string
		part, s, more = strings.Cut(s, ":")
		if four, ok := parse4(part); ok && last && !more {
			return append(b, four.AsSlice()...), true
		}
		n, err := strconv.ParseUint(part, 16, 16)
		if err != nil || len(part) > 4 {
			return nil, false
		}
		b = append(b, byte(n>>8), byte(n))
	}
	return b, true
}

// String is the address as RFC 5952 writes it.
func (a Addr) String() string {
	switch {
	case a.Is4():
		return string(append4(nil, a.b[:4]))
	case a.Is4In6():
		return string(append4([]byte("::ffff:"), a.b[12:]))
	case a.Is6():
		return a.text6()
	}
	return "no address"
}

func append4(out, b []byte) []byte {
	for i, n := range b {
		if i > 0 {
			out = append(out, '.')
		}
		out = strconv.AppendUint(out, uint64(n), 10)
	}
	return out
}

// text6 leaves out the first of the longest runs of two or more zero groups.
func (a Addr) text6() string {
	from, to := a.zeros()
	var out []byte
	for i := 0; i < 8; i++ {
		if i == from {
			out = append(out, "::"...)
			i = to
			if i == 8 {
				break
			}
		} else if i > 0 {
			out = append(out, ':')
		}
		out = strconv.AppendUint(out, uint64(a.group(i)), 16)
	}
	return string(out)
}

func (a Addr) group(i int) uint16 { return uint16(a.b[2*i])<<8 | uint16(a.b[2*i+1]) }

// zeros is the run that is left out, as half-open interval; -1 for none.
func (a Addr) zeros() (from, to int) {
	from, to = -1, -1
	for i := 0; i < 8; i++ {
		j := i
		for j < 8 && a.group(j) == 0 {
			j++
		}
		if j-i >= 2 && j-i > to-from {
			from, to = i, j
		}
		i = max(i, j-1)
	}
	return from, to
}
