package audit

import "github.com/netjail/netjail/internal/evidence"

var seccompFilter = Rule{
	ID:       "seccomp.filter",
	Proves:   "The command runs under netjail's system call filter, which refuses what walks around namespaces: rings, keys, handles, mounts, terminal input, set-ID modes.",
	Evidence: "prctl(2) PR_GET_SECCOMP by the jailed process, Seccomp of /proc/PID/status by netjail; " + filterEvidence,
	Control:  filterControl,
	Remedy:   "the kernel needs CONFIG_SECCOMP_FILTER; a profile without a filter must open sockets.families, sockets.unix, nestedUserNamespaces and process.terminal",
	Key:      "-",
	Judge:    judgeFilter,
}

// unfilteredWhy is why there is no filter where a policy asks for none.
const unfilteredWhy = "families, unix sockets, nesting and the terminal are all left open, so there is no filter"

func judgeFilter(c *Case) Finding {
	f := Finding{Expected: "mode 2, every probe refused"}
	mode, ok := reading[int]{
		inside:  c.Evidence.Inside.Seccomp,
		outside: c.Evidence.Outside.Seccomp,
		after:   afterFact(c, func(p *evidence.Process) evidence.Fact[int] { return p.Seccomp }),
		same:    equal[int], text: number[int],
	}.fold(&f)
	if !ok {
		return f
	}
	f.Found = "mode " + number(mode)
	if !c.Policy.Filtered() {
		f.Expected = "none"
		return f.declared(unfilteredWhy)
	}
	if mode != 2 {
		return f.fail("there is no filter")
	}
	f.Found += ", "
	probes := c.judgeProbes(f, groupAny)
	probes.Side = f.Side
	probes.Source = f.Source + ", " + probes.Source
	return probes
}
