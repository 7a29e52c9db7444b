package plan

import (
	"encoding/binary"
	"strconv"

	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Service is a listener of netjail's on an address of the host's.
type Service struct {
	Address inet.AddrPort
	// Scope is the number of the interface of a link-local address of IPv6; 0 for
	// any other.
	Scope uint32
	// Datagram says that it is UDP; else it is TCP.
	Datagram bool
}

// The attempts at Options.Baits.Services: for those of TCP connect(2), for those
// of UDP sendto(2) of the token, in their order. The controls are the same calls
// to sockets of the child's own, where the jail's lo is up: connect(2), and
// recvfrom(2) of the token.
const (
	FactStreams         Fact = "attempt.service.stream"       // results, each 0
	FactDatagrams       Fact = "attempt.service.datagram"     // results, each the size of the token
	FactStreamControl   Fact = "attempt.service.own.connect"  // result, 0
	FactDatagramControl Fact = "attempt.service.own.datagram" // result, the size of the token; the token
)

var (
	sockDgram   = named("SOCK_DGRAM", 2)
	msgNosignal = named("MSG_NOSIGNAL", 0x4000)
	solSocket   = named("SOL_SOCKET", 1)
	soSndtimeo  = named("SO_SNDTIMEO", 21)
)

// reachServices tries to reach every listener. A refusal comes at once where there
// is no way; 50 ms bound each try where there is one, and nobody answers.
func (b *builder) reachServices() {
	if !b.policy.New(ns.Network) && !b.joins(ns.Network) || len(b.options.Baits.Services) == 0 {
		return
	}
	if own, ok := b.ownAddress(); ok {
		b.ownServices(own)
	}
	streams, datagrams := b.services(false), b.services(true)
	if n := len(streams); n > 0 {
		b.serviceSockets("service.stream", sockStream, streams)
		patience := append(wordBytes(0), wordBytes(50_000)...) // struct timeval
		b.serviceEach("service.stream.patience", "setsockopt", "", results("service.stream.socket", n),
			each, solSocket, soSndtimeo, raw(patience, "50 ms"), num(len(patience)))
		b.serviceEach("service.stream", "connect", FactStreams, atServices("service.stream.socket", streams), each, each, each)
		b.serviceEach("service.stream.close", "close", "", results("service.stream.socket", n), each)
	}
	if n := len(datagrams); n > 0 {
		token := b.options.Baits.Token
		b.serviceSockets("service.datagram", sockDgram, datagrams)
		b.serviceEach("service.datagram", "sendto", FactDatagrams, atServices("service.datagram.socket", datagrams),
			each, raw(token, "token"), num(len(token)), flags(msgDontwait, msgNosignal), each, each)
		b.serviceEach("service.datagram.close", "close", "", results("service.datagram.socket", n), each)
	}
}

// services are those of TCP, or those of UDP.
func (b *builder) services(datagram bool) (list []Service) {
	for _, s := range b.options.Baits.Services {
		if s.Datagram == datagram {
			list = append(list, s)
		}
	}
	return list
}

// serviceSockets makes a socket for each service, of its address's family.
func (b *builder) serviceSockets(name string, kind Arg, list []Service) {
	families := make([]Arg, len(list))
	for i := range list {
		families[i] = named("AF_INET", afInet.Value)
		if list[i].Address.Addr().Is6() {
			families[i] = named("AF_INET6", 10)
		}
	}
	b.serviceEach(name+".socket", "socket", "", families, each, flags(kind, sockCloexec), num(0))
}

func (b *builder) serviceEach(name, call string, fact Fact, values []Arg, args ...Arg) {
	b.baitEach(name, call, "namespaces.network", fact, values, args...)
}

// atServices are a socket, an address and its size for each service.
func atServices(sockets string, list []Service) []Arg {
	args := make([]Arg, 0, 3*len(list))
	for i := range list {
		address := list[i].sockaddr()
		args = append(args, resultAt("attempt."+sockets, i), raw(address, list[i].Address.String()), num(len(address)))
	}
	return args
}

// sockaddr is a struct sockaddr_in or sockaddr_in6. Source: ip(7), ipv6(7).
func (s *Service) sockaddr() []byte {
	addr, port := s.Address.Addr(), s.Address.Port()
	if addr.Is4() {
		a := make([]byte, 16)
		a[0] = 2 // AF_INET
		binary.BigEndian.PutUint16(a[2:], port)
		copy(a[4:], addr.AsSlice())
		return a
	}
	a := make([]byte, 28)
	a[0] = 10 // AF_INET6
	binary.BigEndian.PutUint16(a[2:], port)
	copy(a[8:], addr.AsSlice())
	binary.LittleEndian.PutUint32(a[24:], s.Scope)
	return a
}

// ownAddress is an address of the jail's lo; false where there is none, or where
// others have set the namespace up.
func (b *builder) ownAddress() (a inet.Addr, ok bool) {
	if !b.policy.New(ns.Network) || b.policy.Loopback.State != policy.LinkUp {
		return a, false
	}
	if b.policy.Loopback.Addresses == nil {
		return loopback4.Addr(), true
	}
	for _, p := range b.policy.Loopback.Addresses {
		if p.Addr().Is4() {
			return p.Addr(), true
		}
	}
	return a, false
}

// ownServices are the controls: a TCP listener of the child's own, and a UDP
// socket that sends to itself. Their port is that of a service: in a namespace of
// the jail's own nobody has it.
func (b *builder) ownServices(at inet.Addr) {
	own := Service{Address: inet.AddrPortFrom(at, b.options.Baits.Services[0].Address.Port())}
	address, text := own.sockaddr(), own.Address.String()
	here := []Arg{raw(address, text), num(len(address))}
	try := func(name, call string, fact Fact, args ...Arg) *Op {
		return b.bait("service.own."+name, call, "namespaces.network", fact, args...)
	}
	socket := func(name string) Arg { return result("attempt.service.own." + name) }

	try("listener", "socket", "", afInet, flags(sockStream, sockCloexec), num(0))
	try("bind", "bind", "", append([]Arg{socket("listener")}, here...)...)
	try("listen", "listen", "", socket("listener"), num(1))
	try("client", "socket", "", afInet, flags(sockStream, sockCloexec), num(0))
	try("connect", "connect", FactStreamControl, append([]Arg{socket("client")}, here...)...)
	try("client.close", "close", "", socket("client"))
	try("listener.close", "close", "", socket("listener"))

	token := b.options.Baits.Token
	try("echo", "socket", "", afInet, flags(sockDgram, sockCloexec), num(0))
	try("echo.bind", "bind", "", append([]Arg{socket("echo")}, here...)...)
	try("echo.send", "sendto", "", append([]Arg{socket("echo"), raw(token, "token"), num(len(token)), msgNosignal}, here...)...)
	try("echo.receive", "recvfrom", FactDatagramControl, socket("echo"), out(), num(len(token)), msgDontwait, null, null).Out = len(token)
	try("echo.close", "close", "", socket("echo"))
}

// String is the address with its protocol.
func (s *Service) String() string {
	text := s.Address.String()
	if s.Scope != 0 {
		text += " (interface " + strconv.Itoa(int(s.Scope)) + ")"
	}
	if s.Datagram {
		return text + "/udp"
	}
	return text + "/tcp"
}
