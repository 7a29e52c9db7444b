package host

import (
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// Outline is what is certain of p's plan on this host before the snapshot. ok is
// false where nothing is to be begun on it: for root, who has work to do before
// the clone, where the streams want care, and without a new network namespace,
// which is what takes the kernel so long.
func Outline(p *policy.Policy) (o plan.Outline, ok bool) {
	if unix.Getuid() == 0 || !p.New(ns.Network) || !plainStreams(p.Process.InheritFDs) {
		return o, false
	}
	if o, ok = plan.OutlineOf(p); ok {
		o.FDBase = freeBlock(p.Process.InheritFDs, plan.FDCount)
	}
	return o, ok
}

// plainStreams says whether 0 to 2, and they alone, are inherited, are open, and
// need no care.
func plainStreams(inherited []int) bool {
	if len(inherited) != plan.StreamCount || len(closedFDs(inherited)) != 0 {
		return false
	}
	for _, fd := range inherited {
		if fd >= plan.StreamCount || stream(fd).Kind != plan.StreamOther {
			return false
		}
	}
	return true
}
