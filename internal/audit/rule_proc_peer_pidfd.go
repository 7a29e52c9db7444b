package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

var procPeerPidfd = Rule{
	ID:       "proc.peer-pidfd",
	Proves:   "The command holds no unix socket, and finds none of the host's to connect to, that gives it a pidfd of the process at the other end (SO_PEERPIDFD): a handle on a process outside, which no PID namespace hides.",
	Evidence: "SO_PEERPIDFD of a copy of each kept unix socket, by netjail; for others what unix.reachable has found",
	Control:  "none needed: what is kept is asked itself",
	Remedy:   "write `stdioSockets: relay` for descriptors 0 to 2, take the descriptor out of process.inheritFds, or set sockets.unix to deny",
	Key:      "process.stdioSockets",
	Judge:    judgePeerPidfd,
}

func judgePeerPidfd(c *Case) Finding {
	f := Finding{Expected: "no handle on a process of the host"}
	fds, ok := c.kept(&f)
	if !ok {
		return f
	}
	if why := untoldFamily(fds); why != "" {
		return f.unknown("whether a socket has a peer: " + why)
	}
	held := ofKind(fds, isUnix)
	if len(held) > 0 {
		f.Source += ", SO_PEERPIDFD"
		f.Found = textsOf(held, peerText)
	}
	for i := range held {
		if why := missing(held[i].Socket.Peer); why != "" {
			return f.unknown(fdText(held[i]) + ": " + why)
		}
	}
	giving := ofKind(held, givesPeer)
	switch why := c.unpassed(giving); {
	case len(c.undeclared(giving)) > 0:
		return f.fail("no key lets it through")
	case why != "":
		return f.fail(why)
	case len(giving) > 0:
		return f.declared("process.inheritFds and process.stdioSockets keep it: it gives a handle on the process at its other end")
	}
	return c.peersInReach(f)
}

// peersInReach goes on with the sockets that the command can connect to.
func (c *Case) peersInReach(f Finding) Finding {
	r := c.reachable()
	r.Check = unixReachable.ID
	r = c.waive(r)
	f.Source = joinSources(f.Source, r.Source)
	if f.Found == "" {
		f.Found = "no unix socket is kept"
	}
	switch {
	case r.Verdict == Pass && c.Policy.Sockets.Unix == policy.UnixAllow:
		f.Found += "; the profile names " + list(c.Policy.Sockets.UnixAllowed)
		return f.declared("sockets.unix names sockets of the host: each gives a handle on its server")
	case r.Verdict == Pass, r.Verdict == NotApplicable:
		f.Found += "; none of the host's is in reach"
		return f.pass()
	}
	if r.Verdict == Declared {
		if r.Found != "" {
			f.Found += "; " + r.Found
		}
		return f.declared(unixReachable.ID + ": " + r.Note)
	}
	// unix.reachable refuses the start: one cause is told once, and nobody connects to
	// somebody's server to find out more.
	f.Scope = NotObservable
	return f.unknown("whether who is in reach gives a handle is not tried, and " + unixReachable.ID + " stands against the start anyway")
}

func givesPeer(d *evidence.FD) bool { return d.Socket.Peer.Value != 0 }

func peerText(d *evidence.FD) string {
	switch peer := d.Socket.Peer; {
	case !peer.Known:
		return fdText(*d) + ", whose peer is not told"
	case peer.Value == 0:
		return fdText(*d) + " without a peer"
	default:
		return fdText(*d) + " to " + processText(peer.Value)
	}
}

// lookPeer is the same of a process that netjail did not start.
func lookPeer(v *view) Finding {
	held, f, ok := v.openFDs(isSocket)
	if !ok {
		return f
	}
	giving := ofKind(held, func(d *evidence.FD) bool { return isUnix(d) && givesPeer(d) })
	switch why := untoldFamily(held); {
	case len(giving) > 0:
		f.Found = textsOf(giving, peerText)
		return f.open("a handle on the process at the other end")
	case why != "":
		return f.unknown(why)
	}
	for _, d := range ofKind(held, isUnix) {
		if why := missing(d.Socket.Peer); why != "" {
			return f.unknown(fdText(d) + ": " + why)
		}
	}
	return lookReachable(v)
}

// peerOpens says by which key a profile leaves such a socket.
func peerOpens(p *policy.Policy) string {
	if why := unixHostOpens(p); why != "" {
		return why
	}
	return socketOpens(p)
}
