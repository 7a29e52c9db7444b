package evidence

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// ReadOwnAddresses asks rtnetlink(7) for the addresses of every interface of
// netjail's own network namespace.
func ReadOwnAddresses() Fact[[]Address] {
	const source = "RTM_GETADDR by netjail"
	list, err := readOwnAddresses()
	return factOf(list, err, source)
}

func readOwnAddresses() ([]Address, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("ask for addresses: %w", err)
	}
	defer unix.Close(fd)
	const size = unix.SizeofNlMsghdr + unix.SizeofIfAddrmsg
	request := make([]byte, size) // all families
	binary.NativeEndian.PutUint32(request, size)
	binary.NativeEndian.PutUint16(request[4:], unix.RTM_GETADDR)
	binary.NativeEndian.PutUint16(request[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	if err := unix.Sendto(fd, request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, fmt.Errorf("ask for addresses: %w", err)
	}
	var d dump
	for !d.done {
		buffer := make([]byte, 32<<10) // the kernel fills at most that much at once
		n, _, err := unix.Recvfrom(fd, buffer, 0)
		if err == nil {
			err = d.add(buffer[:n])
		}
		if err != nil {
			return nil, fmt.Errorf("read addresses: %w", err)
		}
	}
	var list []Address
	for _, m := range d.messages {
		addresses, err := decodeAddress(m)
		if err != nil {
			return nil, err
		}
		list = append(list, addresses...)
	}
	return list, nil
}
