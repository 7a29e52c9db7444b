package audit

import (
	"strconv"

	"github.com/netjail/netjail/internal/evidence"
)

var procUmask = Rule{
	ID:       "proc.umask",
	Proves:   "The command makes files with the declared umask or else the caller's, and not with the one under which its tree was made.",
	Evidence: "Umask of /proc/PID/status by netjail, against the profile's mask or umask(2) of netjail itself",
	Control:  "none needed: two readings of the same number",
	Remedy:   "none for a profile: please report it",
	Key:      "process.umask",
	Judge:    judgeUmask,
}

func judgeUmask(c *Case) Finding {
	own, its := c.Evidence.Before.Umask, c.Evidence.Outside.Umask
	if after := afterFact(c, func(p *evidence.Process) evidence.Fact[uint32] { return p.Umask }); after != nil && after.Known {
		its = *after
	}
	if u := c.Policy.Process.Umask; u.Own {
		own = evidence.Known(u.Mask, "")
	}
	f := Finding{Side: SideOutside, Source: joinSources(its.Source, own.Source)}
	if why := missing(its); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = maskText(its.Value)
	if why := missing(own); why != "" {
		return f.unknown("netjail's own: " + why)
	}
	f.Expected = maskText(own.Value)
	if its.Value != own.Value {
		return f.fail("it is another mask")
	}
	return f.pass()
}

// maskText is a mask as umask(1) prints it.
func maskText(mask uint32) string {
	text := strconv.FormatUint(uint64(mask), 8)
	return "0000"[:max(0, 4-len(text))] + text
}
