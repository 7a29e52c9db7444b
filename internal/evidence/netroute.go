package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"github.com/netjail/netjail/internal/inet"
)

// parseMainRoutes reads the text of /proc/PID/net/route, the IPv4 routes of the
// main table: a line of headings, then eleven fields. Where there is no table
// yet, because no interface has ever been up, the headings are missing too.
func parseMainRoutes(text []byte) ([]namedRoute, error) {
	var list []namedRoute
	headed := false
	err := eachLine(text, func(line []byte) error {
		if !headed {
			headed = true
			if !bytes.HasPrefix(line, []byte("Iface\tDestination\tGateway")) {
				return fmt.Errorf("%q: not the headings", line)
			}
			return nil
		}
		var field [11][]byte
		if !fields(field[:], line) {
			return fmt.Errorf("%q: not eleven fields", line)
		}
		destination, err := prefix4(field[1], field[7])
		if err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
		list = append(list, namedRoute{destination: destination, link: string(field[0])})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// prefix4 reads an IPv4 address and mask, each printed as a number of the
// host's byte order.
func prefix4(address, mask []byte) (inet.Prefix, error) {
	a, err := quad(address)
	if err != nil {
		return inet.Prefix{}, err
	}
	m, err := quad(mask)
	if err != nil {
		return inet.Prefix{}, err
	}
	zeros := bits.TrailingZeros32(binary.BigEndian.Uint32(m[:]))
	p := inet.PrefixFrom(inet.AddrFrom4(a), 32-zeros)
	if ones := bits.LeadingZeros32(^binary.BigEndian.Uint32(m[:])); ones != p.Bits() {
		return inet.Prefix{}, errors.New("the mask has a hole")
	}
	return p, nil
}

func quad(text []byte) (a [4]byte, err error) {
	if len(text) != 8 {
		return a, errHex
	}
	n, err := hex(text)
	if err != nil {
		return a, err
	}
	binary.NativeEndian.PutUint32(a[:], uint32(n))
	return a, nil
}
