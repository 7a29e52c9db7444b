package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

var fdSocketNamespace = Rule{
	ID:       "fd.socket-namespace",
	Proves:   "No socket among the command's descriptors belongs to another network namespace than the command's: it connects, listens and asks there.",
	Evidence: "SO_NETNS_COOKIE of a copy of each socket against that of a new socket of netjail's, and SIOCGSKNS where netjail may ask for the namespace itself",
	Control:  "netjail's own socket, which must have a cookie",
	Remedy:   "write `stdioSockets: relay` for descriptors 0 to 2, or take the descriptor out of process.inheritFds",
	Key:      "process.stdioSockets",
	Judge:    judgeSocketNamespace,
}

func judgeSocketNamespace(c *Case) Finding {
	f := Finding{Expected: "no socket of another network namespace"}
	fds, ok := c.kept(&f)
	if !ok {
		return f
	}
	sockets := ofKind(fds, isSocket)
	if len(sockets) == 0 {
		f.Found = "no socket among " + fdNumbersText(fds)
		return f.pass()
	}
	f.Source += ", SO_NETNS_COOKIE"
	f.Found = textsOf(sockets, c.socketText)
	foreign := ofKind(sockets, func(d *evidence.FD) bool { return !c.ownSocket(d) })
	switch {
	case len(c.undeclared(sockets)) > 0:
		return f.fail("no key lets it through")
	case len(foreign) == 0:
		return f.as(Pass, "they are of the command's own network namespace")
	}
	if why := c.unpassed(foreign); why != "" {
		return f.fail(why)
	}
	return f.declared("process.inheritFds and process.stdioSockets keep it: it is as good as its own network, whichever the command is in")
}

// unpassed says why a socket among 0 to 2 should not be there; empty where
// `stdioSockets: pass` keeps it.
func (c *Case) unpassed(sockets []evidence.FD) string {
	for _, d := range sockets {
		if d.Number < plan.StreamCount && c.Policy.Process.StdioSockets != policy.StdioPass {
			return "process.stdioSockets is " + c.Policy.Process.StdioSockets.String() + ", and " + fdText(d) + " is the socket itself"
		}
	}
	return ""
}

// ownSocket says whether a socket is known to belong to the command's own network
// namespace. What was opened before a new one was made does not: whether its cookie
// could be asked for or not.
func (c *Case) ownSocket(d *evidence.FD) bool {
	s := &d.Socket
	if s.Network.Known {
		own := c.Evidence.Outside.Namespaces[ns.Network]
		return own.Known && own.Value == s.Network.Value
	}
	shares := !c.ownNetwork() && !c.joins(ns.Network)
	return shares && s.HostNetwork.Known && s.HostNetwork.Value
}

func (c *Case) socketText(d *evidence.FD) string {
	s := &d.Socket
	switch {
	case c.ownSocket(d):
		return fdText(*d) + " of its own namespace"
	case s.HostNetwork.Known && s.HostNetwork.Value:
		return fdText(*d) + " of netjail's network namespace"
	case s.Network.Known:
		return fdText(*d) + " of " + nsLink(ns.Network, s.Network.Value)
	case s.HostNetwork.Known:
		return fdText(*d) + " of a network namespace that is not netjail's"
	}
	return fdText(*d) + " of a network namespace that is not told: " + missing(s.HostNetwork)
}
