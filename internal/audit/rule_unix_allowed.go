package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

var unixAllowed = Rule{
	ID:       "unix.allowed",
	Proves:   "The sockets of the host that the profile names are mounted, each at its own path. Each is a way out by itself: who listens there can hand over open descriptors, sockets of the host's network among them (SCM_RIGHTS, unix(7)), and no filter sees that.",
	Evidence: "/proc/PID/mountinfo of the jailed process, read by netjail",
	Control:  "none needed: it is a read-back",
	Remedy:   "take the socket out of sockets.unix: {allow: […]}",
	Key:      "sockets.unix",
	Judge:    judgeAllowed,
}

func judgeAllowed(c *Case) Finding {
	if c.Policy.Sockets.Unix != policy.UnixAllow {
		return Finding{Verdict: NotApplicable, Note: "sockets.unix names no socket of the host"}
	}
	f := Finding{Expected: list(c.Policy.Sockets.UnixAllowed), Side: SideOutside, Source: c.Evidence.Outside.Mounts.Source}
	if why := missing(c.Evidence.Outside.Mounts); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	allowed := c.Expect.reach.Allowed
	if len(allowed) == 0 {
		return f.unknown("the plan mounts none of them")
	}
	for _, at := range allowed {
		if !slices.ContainsFunc(c.Evidence.Outside.Mounts.Value, func(m evidence.Mount) bool { return m.Point == at }) {
			f.Found = at + " is not mounted"
			return f.fail("the command does not find the socket")
		}
	}
	f.Found = list(allowed)
	return f.declared("open on purpose: what listens there can also pass open descriptors of the host")
}
