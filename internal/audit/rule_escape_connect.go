package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/ns"
)

var escapeConnect = Rule{
	ID:       "escape.connect",
	Proves:   "No connection from the jail reaches a listener on the loopback of netjail's network namespace.",
	Evidence: "connect(2) by the jailed process to a listener that netjail opened for this try; the listener counts what arrives",
	Control:  "netjail's own connection arrives at the listener, and the jailed process can make a socket where sockets.families has inet",
	Remedy:   "set namespaces.network to new",
	Key:      "namespaces.network",
	Judge:    judgeConnect,
}

func judgeConnect(c *Case) Finding {
	if !c.ownNetwork() && !c.joins(ns.Network) {
		return sharedNetwork()
	}
	f := Finding{Expected: "refused"}
	if !c.Evidence.Full {
		f.Scope = NotAttempted
		return f.unknown("not attempted in this run")
	}
	l := c.Evidence.Listener
	if l == nil {
		return f.unknown("netjail opened no listener")
	}
	if l.Strangers > 0 {
		f.Side, f.Found = SideOutside, "connections at "+l.Address.String()+": "+number(l.Strangers)
		return f.fail("somebody else than netjail reached its listener")
	}
	if !l.Control {
		return f.unknown("netjail's own connection did not arrive, so the probe is dead")
	}
	if c.joins(ns.Network) && c.Evidence.Inside.Connect.Known && c.Evidence.Inside.Connect.Value.Succeeded {
		f.Side, f.Source = SideBoth, c.Evidence.Inside.Connect.Source
		return f.unknown("somebody in the namespace that is joined listens on the same port")
	}
	if try := c.Evidence.Inside.Connect; try.Known && !try.Value.Succeeded && try.Value.Errno == "EAFNOSUPPORT" && !c.hasInet() {
		f.Side, f.Source, f.Found = SideInside, try.Source, "no socket to connect with"
		return f.pass()
	}
	// The try does not block: one that is still under way has been answered by
	// the time the listener is asked, and did not arrive.
	return judgeAttempt(f, c.Evidence.Inside.Connect, []string{
		"ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "ETIMEDOUT", "EPERM", "EACCES", "EINPROGRESS",
	})
}

// hasInet says whether the profile lets the command make sockets of AF_INET.
func (c *Case) hasInet() bool {
	const inet = 2
	return c.Policy.Sockets.HostFamilies || slices.Contains(c.Policy.Sockets.Families, inet)
}
