package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var netServices = Rule{
	ID:       "net.loopback-services",
	Proves:   "No TCP connection and no UDP datagram of the jail reaches a listener on the loopback of netjail's network namespace, nor on any address of its interfaces.",
	Evidence: "connect(2) and sendto(2) by the jailed process, before the filter is loaded, to listeners that netjail opened for this try on every address that rtnetlink(7) tells, 64 at most; they count what arrives. Nothing that is not netjail's is tried",
	Control:  "netjail's own connection and datagram arrive at each listener; where the jail's lo is up, the jailed process reaches a listener of its own by the same calls, and else the kernel's own word that there is no network is the refusal",
	Remedy:   "set namespaces.network to new",
	Key:      "namespaces.network",
	Judge:    judgeServices,
}

// refusedServices are the errnos by which the kernel says that nobody is there.
var refusedServices = [...]string{
	"ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EHOSTDOWN", "EADDRNOTAVAIL", "ENODEV", "EPERM", "EACCES", "EINPROGRESS",
}

func judgeServices(c *Case) Finding {
	if !c.ownNetwork() && !c.joins(ns.Network) {
		return sharedNetwork()
	}
	f := Finding{Expected: "refused"}
	b, done := c.baits(&f)
	if !done {
		return f
	}
	if len(b.Services.List) == 0 {
		return absent(f, b.Without["services"])
	}
	list, why := c.services(b)
	if why != "" {
		return f.unknown(why)
	}
	f = judgeTried(f, list, refusedServices[:])
	if f.Verdict == Pass {
		f.Found = servicesText(&b.Services, list)
	}
	return f
}

// services puts the listeners beside the attempts at them.
func (c *Case) services(b *evidence.Baits) (list []tried, why string) {
	streams, datagrams := c.Evidence.Inside.Tries.Streams, c.Evidence.Inside.Tries.Datagrams
	if len(streams)+len(datagrams) != len(b.Services.List) {
		return nil, "netjail opened " + number(len(b.Services.List)) + " listeners, and the jailed process tried " + number(len(streams)+len(datagrams))
	}
	for i := range b.Services.List {
		s := &b.Services.List[i]
		from := &streams
		if s.Datagram {
			from = &datagrams
		}
		if len(*from) == 0 {
			return nil, "the attempts are not those at netjail's listeners"
		}
		list = append(list, c.service(s, (*from)[0]))
		*from = (*from)[1:]
	}
	return list, ""
}

// service is one listener with its attempt. A datagram that has left a socket says
// nothing: where it went is what counts. A connection that arrived is the jailed
// process's only where that has not been refused: others of the host may be
// curious.
func (c *Case) service(s *evidence.Service, try evidence.Fact[evidence.Attempt]) tried {
	// Without a lo of its own that is up, no network at all is the kernel's answer.
	// In a namespace that is joined no control is tried: there a datagram that could be
	// sent shows that the call works.
	try.Value.Control = try.Value.Control || !c.Expect.LoopbackTried && try.Known && (!try.Value.Succeeded || s.Datagram && c.joins(ns.Network))
	t := tried{place: s.Address.String() + " tcp", alive: s.Control, arrived: s.Arrived, try: try}
	switch {
	case s.Datagram:
		t.place = s.Address.String() + " udp"
		if try.Known && try.Value.Succeeded && try.Value.Control {
			t.try.Value = evidence.Attempt{Control: true, Errno: "ECONNREFUSED"}
		}
	case try.Known && !try.Value.Succeeded && try.Value.Errno != "EINPROGRESS":
		t.arrived = 0
	case try.Known && try.Value.Succeeded && s.Arrived == 0 && c.joins(ns.Network):
		t.try = evidence.Unknown[evidence.Attempt](try.Source, "somebody in the namespace that is joined listens on the same port")
	}
	return t
}

// servicesText says how many were tried, and what was not.
func servicesText(s *evidence.Services, list []tried) string {
	var errnos outcomes
	for i := range list {
		if !s.List[i].Datagram {
			errnos.add(s.List[i].Address.Addr().String(), list[i].try.Value.Errno)
		}
	}
	text := "addresses with TCP and UDP listeners: " + number(s.Addresses) + ", none reached; connect(2): " + errnos.text()
	if s.Left > 0 {
		text += "; " + number(s.Left) + " more not tried"
	}
	if len(s.Unbound) > 0 {
		text += "; nobody can listen on " + several(s.Unbound)
	}
	return text
}
