package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var procView = Rule{
	ID:       "proc.view",
	Proves:   "/proc is that of the command's own PID namespace: it shows the jail's processes and no other, and the numbers in it are the jail's.",
	Evidence: "readlink(2) of /proc/self by the jailed process against NSpid in /proc/PID/status; the topmost mount on /proc in /proc/PID/mountinfo against the device of netjail's own /proc",
	Control:  "none needed: both sides must name the process alike",
	Remedy:   "none for a profile: a new PID namespace always gets a fresh /proc; please report it",
	Key:      "namespaces.pid",
	Judge:    judgeProcView,
}

func judgeProcView(c *Case) Finding {
	e := c.Evidence
	f := Finding{Side: SideBoth, Expected: "a fresh /proc of the jail's PID namespace"}
	self, pids, mounts, device := e.Inside.ProcSelf, e.Outside.NSPids, e.Outside.Mounts, e.Before.ProcDevice
	switch {
	case c.joins(ns.PID) && c.Policy.New(ns.Mount):
		f.Expected = "a fresh /proc of the PID namespace that is joined"
		if e.Entered == nil {
			return f.unknown("nobody looked at the process that becomes the command")
		}
		pids = e.Entered.NSPids
	case !c.Policy.New(ns.PID):
		return c.notOwn(ns.PID)
	}
	f.Source = self.Source + ", " + pids.Source + ", " + mounts.Source
	if why := cmp.Or(missing(self), missing(pids), missing(mounts), missing(device)); why != "" {
		f.Side = oneSide(self.Known, pids.Known && mounts.Known)
		return f.unknown(why)
	}
	top := topmost(mounts.Value, "/proc")
	f.Found = "process " + number(self.Value) + " in /proc, " + lastPid(pids.Value) + " in its namespace; " + cmp.Or(top.Type, "nothing") + " on /proc"
	switch {
	case lastPid(pids.Value) != number(self.Value):
		return f.fail("/proc speaks of another PID namespace")
	case top.Type != "proc" || top.Device == device.Value:
		return f.fail("/proc is the host's")
	case c.joins(ns.PID):
		return f.declared("namespaces.pid is joined: it shows the processes of whoever else is in there")
	}
	return f.pass()
}

// topmost is the last mount on a path: the one that is seen there.
func topmost(mounts []evidence.Mount, path string) evidence.Mount {
	for i := len(mounts) - 1; i >= 0; i-- {
		if mounts[i].Point == path {
			return mounts[i]
		}
	}
	return evidence.Mount{}
}
