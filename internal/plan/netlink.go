package plan

import (
	"encoding/binary"

	"github.com/netjail/netjail/internal/inet"
)

// Constants of linux/netlink.h and linux/rtnetlink.h.
const (
	rtmNewLink  = 16
	rtmGetLink  = 18
	rtmNewAddr  = 20
	rtmDelAddr  = 21
	rtmGetAddr  = 22
	rtmGetRoute = 26

	nlmRequest = 0x1
	nlmAck     = 0x4
	nlmDump    = 0x300

	ifaLocal      = 2
	iflaExtMask   = 29
	skipStats     = 1 << 3 // RTEXT_FILTER_SKIP_STATS
	iffUp         = 1
	loopbackIndex = 1 // LOOPBACK_IFINDEX: lo is the first interface of every network namespace
	scopeHost     = 254

	// nlmsgErrorOffset is where struct nlmsgerr's error lies in an answer.
	nlmsgErrorOffset = 16
)

// message puts a struct nlmsghdr in front of body. Numbers in netlink are in
// the host's byte order; amd64 and arm64 are both little-endian.
func message(kind, flags uint16, body []byte) []byte {
	m := make([]byte, 16, 16+len(body))
	binary.LittleEndian.PutUint32(m, uint32(16+len(body)))
	binary.LittleEndian.PutUint16(m[4:], kind)
	binary.LittleEndian.PutUint16(m[6:], nlmRequest|flags)
	binary.LittleEndian.PutUint32(m[8:], 1) // sequence number
	return append(m, body...)
}

// linkMessage sets lo up or down and leaves its other flags.
func linkMessage(up bool) []byte {
	body := make([]byte, 16) // struct ifinfomsg
	binary.LittleEndian.PutUint32(body[4:], loopbackIndex)
	if up {
		binary.LittleEndian.PutUint32(body[8:], iffUp)
	}
	binary.LittleEndian.PutUint32(body[12:], iffUp) // ifi_change: the flags that count
	return message(rtmNewLink, nlmAck, body)
}

// addressMessage adds an address to lo, or removes it.
func addressMessage(kind uint16, p inet.Prefix) []byte {
	body := make([]byte, 8, 28) // struct ifaddrmsg
	body[0] = family(p.Addr())
	body[1] = byte(p.Bits())
	body[3] = scopeHost
	binary.LittleEndian.PutUint32(body[4:], loopbackIndex)
	return message(kind, nlmAck, attribute(body, ifaLocal, p.Addr().AsSlice()))
}

// dumpMessage asks for everything of one kind. Interfaces come without their
// statistics, which would be most of the answer.
func dumpMessage(kind uint16) []byte {
	body := make([]byte, 16, 24) // struct ifinfomsg, longer than ifaddrmsg and rtmsg
	if kind == rtmGetLink {
		body = attribute(body, iflaExtMask, binary.LittleEndian.AppendUint32(nil, skipStats))
	}
	return message(kind, nlmDump, body)
}

// attribute appends a struct rtattr. Its length here is always a multiple of
// four, so no padding is needed.
func attribute(b []byte, kind uint16, value []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, uint16(4+len(value)))
	b = binary.LittleEndian.AppendUint16(b, kind)
	return append(b, value...)
}

func family(a inet.Addr) byte {
	if a.Is4() {
		return 2 // AF_INET
	}
	return 10 // AF_INET6
}
