package plan

import (
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Constants of socket(2), rtnetlink(7) and linux/if.h.
var (
	afInet       = named("AF_INET", 2)
	afNetlink    = named("AF_NETLINK", 16)
	sockStream   = named("SOCK_STREAM", 1)
	sockRaw      = named("SOCK_RAW", 3)
	sockCloexec  = named("SOCK_CLOEXEC", 0o2000000)
	netlinkRoute = named("NETLINK_ROUTE", 0)
	msgDontwait  = named("MSG_DONTWAIT", 0x40)
)

// socketOp is the name of the op that opens the netlink socket.
const socketOp = "net.socket"

// loopback puts lo into the declared state. The state is declared and read
// back, not commanded blindly: lo that is up already is fine.
func (b *builder) loopback() {
	if !b.policy.New(ns.Network) && !b.joins(ns.Network) {
		return
	}
	b.child(Op{
		Name: socketOp, Call: "socket", Key: "loopback", Args: []Arg{afNetlink, flags(sockRaw, sockCloexec), netlinkRoute},
		Why: "to set and to read interfaces, addresses and routes of the new network namespace",
	})
	if b.joins(ns.Network) {
		b.last().Why = "to read interfaces, addresses and routes of the network namespace, which others have set up"
		return
	}
	up := b.policy.Loopback.State == policy.LinkUp
	text := "RTM_NEWLINK lo down"
	if up {
		text = "RTM_NEWLINK lo up"
	}
	b.request("loopback.state", linkMessage(up), text, "a new network namespace has lo, and nothing else", accepting())
	b.addresses()
}

// The addresses that the kernel itself gives to lo when it comes up.
var (
	loopback4 = inet.MustParsePrefix("127.0.0.1/8")
	loopback6 = inet.MustParsePrefix("::1/128")
)

// addresses makes lo's addresses exactly those of the profile.
func (b *builder) addresses() {
	if b.policy.Loopback.Addresses == nil {
		return
	}
	wanted := make(map[inet.Prefix]bool)
	for _, a := range b.policy.Loopback.Addresses {
		wanted[a] = true
		if a != loopback4 && a != loopback6 {
			b.request("loopback.add."+a.String(), addressMessage(rtmNewAddr, a), "RTM_NEWADDR "+a.String(), "the profile names it", accepting(eexist))
		}
	}
	for _, a := range []inet.Prefix{loopback4, loopback6} {
		if !wanted[a] {
			b.request("loopback.remove."+a.String(), addressMessage(rtmDelAddr, a), "RTM_DELADDR "+a.String(), "the kernel adds it, the profile does not name it", accepting(eaddrnotavail))
		}
	}
}

// request sends a netlink message and looks at the acknowledgement: sendto
// succeeds whatever the kernel thinks of the message.
func (b *builder) request(name string, message []byte, text, why string, e Expect) {
	b.child(Op{
		Name: name, Call: "sendto", Key: "loopback", Needs: "CAP_NET_ADMIN inside", Why: why,
		Args: []Arg{result(socketOp), raw(message, text), num(len(message)), num(0), null, num(0)},
	})
	b.child(Op{
		Name: name + ".answer", Call: "recvfrom", Key: "loopback", Out: 256,
		Args: []Arg{result(socketOp), out(), num(256), num(0), null, null}, Why: "the kernel's acknowledgement",
	})
	b.child(Op{
		Name: name + ".error", Call: Word, Key: "loopback", Expect: e,
		Args: []Arg{outOf(name+".answer", nlmsgErrorOffset)}, Why: "0, or what the kernel had against it",
	})
}
