package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/seccomp"
)

var socketsFamilies = Rule{
	ID:       "sockets.families",
	Proves:   "socket(2) makes no family but those the profile names, and of AF_NETLINK only NETLINK_ROUTE. A full audit tries each family up to 45 and each protocol, by socket(2) and by socketpair(2).",
	Evidence: filterEvidence,
	Control:  filterControl,
	Remedy:   "name the family in sockets.families",
	Key:      "sockets.families",
	Judge:    judgeFamilies,
}

func judgeFamilies(c *Case) Finding {
	if c.Policy.Sockets.HostFamilies {
		return Finding{Expected: "any"}.declared("sockets.families is host")
	}
	f := c.judgeProbes(Finding{Expected: "the named families alone"}, groupFamily)
	if f.Verdict != Pass || !c.Evidence.Full {
		return f
	}
	return c.judgeSweep(f)
}

// judgeSweep judges the answers for every family and protocol that is not named,
// which only a full audit asks for.
func (c *Case) judgeSweep(f Finding) Finding {
	s, tries := seccomp.NewSweep(plan.FilterOptions(c.Policy)), &c.Evidence.Inside.Tries
	sweeps := []struct {
		what    string
		numbers []uint8
		got     evidence.Fact[[]string]
		want    func(uint8) seccomp.Errno
	}{
		{"socket of family ", s.Families, tries.Families, func(uint8) seccomp.Errno { return seccomp.EAFNOSUPPORT }},
		{"pair of family ", s.Pairs, tries.Pairs, seccomp.PairErrno},
		{"netlink protocol ", s.Protocols, tries.Protocols, func(uint8) seccomp.Errno { return seccomp.EAFNOSUPPORT }},
	}
	tried := 0
	for _, w := range sweeps {
		if len(w.numbers) == 0 {
			continue
		}
		if why := missing(w.got); why != "" {
			return f.unknown(why)
		}
		if len(w.got.Value) != len(w.numbers) {
			return f.unknown("not every " + w.what + "was tried")
		}
		for i, n := range w.numbers {
			if errno := w.got.Value[i]; errno != w.want(n).String() {
				f.Found = w.what + number(int(n)) + ": " + orSuccess(errno) + " instead of " + w.want(n).String()
				return f.fail("the filter did not answer as it should")
			}
		}
		tried += len(w.numbers)
	}
	f.Found += "; " + number(tried) + " families and protocols refused, one by one"
	return f
}
