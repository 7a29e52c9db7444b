package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
)

var fdTun = Rule{
	ID:       "fd.tun",
	Proves:   "No descriptor of the command hands over the packets of an interface: a tun or tap device, vhost-net, a macvtap, or a packet socket. The interface is in whichever namespace it was made.",
	Evidence: "statx(2) of /proc/PID/fd by device number, iff in /proc/PID/fdinfo, SO_DOMAIN of a copy of each socket, by netjail",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "take the descriptor out of process.inheritFds, or start netjail without it",
	Key:      "process.inheritFds",
	Judge:    judgeTun,
}

func judgeTun(c *Case) Finding {
	f := c.judgeKept("packet device", "its holder reads and writes packets of an interface that is not the jail's", isPackets, packetText)
	if f.Verdict != Pass {
		return f
	}
	if fds, ok := c.kept(&f); ok {
		if why := untoldFamily(fds); why != "" {
			return f.unknown("whether a socket is one of packets: " + why)
		}
	}
	return f
}

// untoldFamily says why the family of a socket is not known; empty where all are.
func untoldFamily(fds []evidence.FD) string {
	for _, d := range ofKind(fds, isSocket) {
		if why := missing(d.Socket.Family); why != "" {
			return fdText(d) + ": " + why
		}
	}
	return ""
}

func packetText(d *evidence.FD) string {
	switch {
	case isSocket(d):
		return fdText(*d) + ", a packet socket"
	case !d.Info.Known:
		return fdText(*d) + ", of an interface that is not told: " + missing(d.Info)
	}
	return fdText(*d) + ", of " + cmp.Or(d.Info.Value.Interface, "no interface yet")
}
