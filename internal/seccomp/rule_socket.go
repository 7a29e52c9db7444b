package seccomp

import (
	"strconv"
	"strings"
)

// Reasons of the rules about sockets.
const (
	whyFamily    = "no network namespace holds every family (AF_VSOCK reaches the hypervisor), and each is kernel code to attack"
	whyUnix      = "a pathname socket is a service of the host, whatever the namespaces are; socketpair stays"
	whyNetlink   = "NETLINK_ROUTE tells a program its addresses; the others configure firewalls, IPsec, audit and more"
	whyPacket    = "the kernel makes an AF_PACKET socket of it"
	whySMC       = "makes an AF_SMC socket, and no network namespace holds its RDMA devices"
	whyDatagrams = "a datagram socket of a pair can still be sent or connected to any pathname socket"
)

// socketRules are the rules that writer.socket writes.
func socketRules(c *call, o *Options) []Rule {
	if o.HostFamilies {
		return []Rule{c.rule("AF_UNIX", Refuse(EAFNOSUPPORT), whyUnix)}
	}
	var rules []Rule
	if !o.Unix {
		rules = append(rules, c.rule("AF_UNIX", Refuse(EAFNOSUPPORT), whyUnix))
	}
	rules = append(rules, c.rule(others(o, o.Unix), Refuse(EAFNOSUPPORT), whyFamily))
	return append(rules, protocolRules(c, o)...)
}

// pairRules are the rules that writer.socketpair writes.
func pairRules(c *call, o *Options) []Rule {
	var rules []Rule
	if !o.Unix {
		rules = append(rules, c.rule("AF_UNIX, and neither SOCK_STREAM nor SOCK_SEQPACKET", Refuse(ESOCKTNOSUPPORT), whyDatagrams))
	}
	if o.HostFamilies {
		return rules
	}
	rules = append(rules, c.rule(others(o, true), Refuse(EAFNOSUPPORT), whyFamily))
	return append(rules, protocolRules(c, o)...)
}

// protocolRules are the rules about allowed families that make other sockets.
func protocolRules(c *call, o *Options) []Rule {
	var rules []Rule
	if o.has(afNetlink) {
		rules = append(rules, c.rule("AF_NETLINK, and the protocol is not NETLINK_ROUTE", Refuse(EAFNOSUPPORT), whyNetlink))
	}
	if o.has(afInet) && !o.has(afPacket) {
		rules = append(rules, c.rule("AF_INET with SOCK_PACKET", Refuse(EAFNOSUPPORT), whyPacket))
	}
	if (o.has(afInet) || o.has(afInet6)) && !o.has(afSMC) {
		rules = append(rules, c.rule("AF_INET or AF_INET6 with IPPROTO_SMC", Refuse(EPROTONOSUPPORT), whySMC))
	}
	return rules
}

// others says which families are not allowed.
func others(o *Options, unix bool) string {
	var names []string
	if unix {
		names = append(names, familyName(afUnix))
	}
	for _, f := range o.Families {
		if f != afUnix {
			names = append(names, familyName(f))
		}
	}
	if len(names) == 0 {
		return "any other family"
	}
	return "a family other than " + strings.Join(names, ", ")
}

// familyName is the constant of linux/socket.h, for those that profiles name
// most, or else the number.
func familyName(f uint8) string {
	switch f {
	case afUnix:
		return "AF_UNIX"
	case afInet:
		return "AF_INET"
	case afInet6:
		return "AF_INET6"
	case afNetlink:
		return "AF_NETLINK"
	case afPacket:
		return "AF_PACKET"
	case afVsock:
		return "AF_VSOCK"
	case afSMC:
		return "AF_SMC"
	}
	return "family " + strconv.Itoa(int(f))
}
