package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
)

var hostMounts = Rule{
	ID:       "host.mounts",
	Proves:   "The host's mount table is the same at the gate as before the start, and holds none of the jail's mounts.",
	Evidence: "/proc/thread-self/mountinfo of netjail itself, read twice, against /proc/PID/mountinfo of the command; in a full audit",
	Control:  "none needed: the same reading is made twice",
	Remedy:   "run the audit again where somebody else mounted meanwhile",
	Key:      "-",
	Judge:    judgeHostMounts,
}

func judgeHostMounts(c *Case) Finding {
	if c.shareMounts() {
		return shared("namespaces.mount")
	}
	f := Finding{Expected: "same before and after"}
	if !c.Evidence.Full {
		f.Scope = NotAttempted
		return f.unknown("only a full audit reads it: others mount as well")
	}
	before, after, jail := c.Evidence.Before.Mounts, c.Evidence.After.Mounts, c.Evidence.Outside.Mounts
	f.Side, f.Source = SideOutside, after.Source+", "+jail.Source
	if why := cmp.Or(missing(before), missing(after), missing(jail)); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	came, went := without(after.Value, before.Value), without(before.Value, after.Value)
	for _, m := range came {
		if hasDevice(jail.Value, m.Device) && !hasDevice(before.Value, m.Device) {
			f.Found = m.Point + " (" + m.Type + ")"
			return f.fail("a mount of the jail's is in the host's table")
		}
	}
	if len(came)+len(went) > 0 {
		f.Found = count(len(came), "mount") + " came, " + count(len(went), "mount") + " went"
		return f.unknown("somebody mounted meanwhile, and it cannot be told who")
	}
	f.Found = count(len(after.Value), "mount") + ", the same"
	return f.pass()
}

// without are the mounts of a that b does not have.
func without(a, b []evidence.Mount) []*evidence.Mount {
	var rest []*evidence.Mount
	for i := range a {
		if i < len(b) && a[i] == b[i] {
			continue // the usual case: both tables are the same
		}
		found := false
		for j := range b {
			found = found || a[i] == b[j]
		}
		if !found {
			rest = append(rest, &a[i])
		}
	}
	return rest
}

func hasDevice(mounts []evidence.Mount, device string) bool {
	for i := range mounts {
		if mounts[i].Device == device {
			return true
		}
	}
	return false
}
