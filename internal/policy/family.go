package policy

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// The numbers are AF_* of linux/socket.h; they are the same on every
// architecture.
const (
	familyInet      Family = 2
	familyInet6     Family = 10
	familyNetlink   Family = 16
	familyPacket    Family = 17
	familyCAN       Family = 29
	familyTIPC      Family = 30
	familyBluetooth Family = 31
	familyALG       Family = 38
	familyVsock     Family = 40
	familyQIPCRTR   Family = 42
	familyXDP       Family = 44
)

// familyWords are the words of `sockets.families`, in the order of
// familyNumbers. AF_UNIX has a key of its own.
var familyWords = []Word{
	{"inet", "IPv4: ip(7)"},
	{"inet6", "IPv6: ipv6(7)"},
	{"netlink", "NETLINK_ROUTE alone, which lists interfaces and addresses: rtnetlink(7)"},
	{"packet", "frames of an interface: packet(7); needs CAP_NET_RAW"},
	{"can", "the CAN bus of vehicles and machines"},
	{"tipc", "communication inside of a cluster"},
	{"bluetooth", "the host's Bluetooth adapters"},
	{"alg", "the kernel's cryptography"},
	{"vsock", "the hypervisor and other virtual machines: vsock(7); before Linux 7.0 no network namespace holds it"},
	{"qipcrtr", "processors beside the main one, such as a modem"},
	{"xdp", "frames of an interface, past the network stack"},
}

var familyNumbers = [...]Family{
	familyInet, familyInet6, familyNetlink, familyPacket, familyCAN, familyTIPC,
	familyBluetooth, familyALG, familyVsock, familyQIPCRTR, familyXDP,
}

// familyOf is the family that a word stands for.
func familyOf(word string) (f Family, ok bool) {
	for i := range familyWords {
		if familyWords[i].Text == word {
			return familyNumbers[i], true
		}
	}
	return 0, false
}

// String is the word in a profile; the number where the language has none.
func (f Family) String() string {
	for i := range familyNumbers {
		if familyNumbers[i] == f {
			return familyWords[i].Text
		}
	}
	return strconv.Itoa(int(f))
}

func checkFamily(s string) *diag.Diagnostic {
	if _, ok := familyOf(s); ok {
		return nil
	}
	// As in C: AF_INET, PF_INET.
	plain := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "af_"), "pf_")
	switch plain {
	case "unix", "local":
		return wrong(diag.UnknownFamily, diag.Quote(s)+" is not a word of this list: unix sockets have a key of their own", "write `unix: host` below `sockets`, or leave that key out to deny them")
	case "host", "none":
		return wrong(diag.UnknownFamily, diag.Quote(s)+" stands for the whole list", "write `families: "+plain+"`")
	}
	d := wrong(diag.UnknownFamily, "unknown socket family "+diag.Quote(s), "the families are "+strings.Join(texts(familyWords), ", "))
	if near, ok := diag.Nearest(plain, texts(familyWords)); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
	}
	return d
}
