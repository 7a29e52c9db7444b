package seccomp

// Bounds of a Sweep: linux/socket.h of Linux 6.18 ends with AF_MCTP, 45, and
// linux/netlink.h has room for 32 protocols.
const (
	lastFamily   = 45
	lastProtocol = 31
)

// WrongType is a type that no socket has: see wrong. It is for datagrams, of which
// the filter allows no pair of unix sockets where those are refused.
const WrongType = sockDgram | wrong

// Sweep is what the filter refuses of socket(2) and socketpair(2), family by
// family: to those of Families and Pairs it answers EAFNOSUPPORT, but for a pair of
// AF_UNIX ESOCKTNOSUPPORT; to socket(2) of AF_NETLINK and those of Protocols
// EAFNOSUPPORT. Families that are allowed are not in it.
type Sweep struct{ Families, Pairs, Protocols []uint8 }

// NewSweep says what the filter of these options refuses, as writer.socket and
// writer.socketpair decide it.
func NewSweep(o Options) Sweep {
	var s Sweep
	for f := uint8(1); f <= lastFamily; f++ {
		allowed := o.HostFamilies || o.has(f)
		if f == afUnix {
			allowed = o.Unix
		}
		if !allowed {
			s.Families = append(s.Families, f)
			s.Pairs = append(s.Pairs, f)
		}
	}
	if o.HostFamilies {
		return s
	}
	for p := uint8(1); p <= lastProtocol; p++ {
		s.Protocols = append(s.Protocols, p)
	}
	return s
}

// PairErrno is the answer to a pair of a family.
func PairErrno(family uint8) Errno {
	if family == afUnix {
		return ESOCKTNOSUPPORT
	}
	return EAFNOSUPPORT
}
