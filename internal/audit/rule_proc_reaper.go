package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var procReaper = Rule{
	ID:       "proc.reaper",
	Proves:   "Pid 1 of the new PID namespace, and the leader of a session with a terminal of the command's own, is netjail's reaper: in the jail's namespaces, not dumpable, so that the command of the same uid cannot trace it, without capabilities, and open on nothing but its status channel.",
	Evidence: "/proc/PID/status, /proc/PID/ns, /proc/PID/fd of the reaper by netjail, before and after it turned non-dumpable",
	Control:  "none needed: NSpid must end in 1, and the namespaces must be those of the jailed process",
	Remedy:   "none for a profile: this is netjail's own process; please report it",
	Key:      "namespaces.pid",
	Judge:    judgeReaper,
}

func judgeReaper(c *Case) Finding {
	if !c.Policy.New(ns.PID) && !c.Expect.Leads {
		return c.notOwn(ns.PID)
	}
	f := Finding{Side: SideOutside, Expected: "pid 1, not dumpable, one status channel"}
	if !c.Policy.New(ns.PID) {
		f.Expected = "not dumpable, one status channel"
	}
	r := c.Evidence.Reaper
	if r == nil {
		f.Side = SideNone
		return f.unknown("nobody looked at the reaper")
	}
	f.Source = r.NSPids.Source + ", " + r.FDs.Source + ", " + r.Dumpable.Source
	if why := cmp.Or(missing(r.NSPids), missing(r.Caps), missing(r.FDs), missing(r.Dumpable)); why != "" {
		return f.unknown(why)
	}
	f.Found = "pid " + lastPid(r.NSPids.Value) + ", " + dumpable(r.Dumpable.Value) + ", " + fdList(r.FDs.Value)
	switch {
	case c.Policy.New(ns.PID) && lastPid(r.NSPids.Value) != "1":
		return f.fail("it is not pid 1 of the jail")
	case r.Dumpable.Value:
		return f.fail("a process of the jail could trace it")
	case !c.Policy.Capabilities.Host && !r.Caps.Value.Permitted.IsEmpty():
		f.Found += ", with " + r.Caps.Value.Permitted.String()
		return f.fail("it holds capabilities, for which it has no use")
	case !c.onlyChannel(r.FDs.Value):
		return f.fail("it holds a descriptor that a process of the jail could be given")
	}
	return c.reaperNamespaces(f, r)
}

// reaperNamespaces compares the reaper's namespaces with the jailed process's.
func (c *Case) reaperNamespaces(f Finding, r *evidence.Process) Finding {
	for _, k := range ns.All() {
		theirs, ours := r.Namespaces[k], c.Evidence.Outside.Namespaces[k]
		if why := cmp.Or(missing(theirs), missing(ours)); why != "" {
			return f.unknown(k.String() + " namespace: " + why)
		}
		if theirs.Value != ours.Value {
			f.Found += ", in " + nsLink(k, theirs.Value)
			return f.fail("it is in another " + k.String() + " namespace than the command")
		}
	}
	return f.pass()
}

// onlyChannel says whether there is at most the socket to netjail.
func (c *Case) onlyChannel(fds []evidence.FD) bool {
	sockets := 0
	for i := range fds {
		switch {
		case fds[i].Kind == evidence.FDSocket:
			sockets++
		case !c.ofRuntime(&fds[i]):
			return false
		}
	}
	return sockets <= 1
}

// lastPid is the number of a process in its own PID namespace.
func lastPid(pids []int) string {
	if len(pids) == 0 {
		return "unknown"
	}
	return number(pids[len(pids)-1])
}

func dumpable(b bool) string {
	if b {
		return "dumpable"
	}
	return "not dumpable"
}
