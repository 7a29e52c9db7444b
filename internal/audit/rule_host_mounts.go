package audit

import (
	"cmp"
	"slices"

	"github.com/netjail/netjail/internal/ns"

	"github.com/netjail/netjail/internal/evidence"
)

var hostMounts = Rule{
	ID:       "host.mounts",
	Proves:   "The host's mount table holds none of the jail's mounts at the gate, and what else changed in it since the start the jail could not have changed: no mount of the jail's passes mount events.",
	Evidence: "/proc/thread-self/mountinfo of netjail itself, read twice, against /proc/PID/mountinfo of the command; in a full audit",
	Control:  "none needed: the same reading is made twice",
	Remedy:   "none for a profile: a new mount namespace is always made private; please report it",
	Key:      "-",
	Judge:    judgeHostMounts,
}

func judgeHostMounts(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "none of the jail's"}
	if !c.Evidence.Full {
		f.Scope = NotAttempted
		return f.unknown("only a full audit reads it")
	}
	before, after, jail := c.Evidence.Before.Mounts, c.Evidence.After.Mounts, c.Evidence.Outside.Mounts
	t := c.mounts(&f) // it says why where there is none
	f.Side, f.Source = SideOutside, after.Source+", "+jail.Source
	if why := cmp.Or(missing(before), missing(after), missing(jail)); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	if t == nil {
		return f
	}
	came, went := without(after.Value, before.Value), without(before.Value, after.Value)
	for _, m := range came {
		if c.fromJail(t, m, before.Value) {
			f.Found = m.Point + " (" + m.Type + ")"
			return f.fail("a mount of the jail's is in the host's table")
		}
	}
	f.Found = count(len(after.Value), "mount") + ", the same"
	if len(came)+len(went) == 0 {
		return f.pass()
	}
	f.Found = count(len(came), "mount") + " came, " + count(len(went), "mount") + " went, all of them somebody else's"
	if i := slices.IndexFunc(jail.Value, func(m evidence.Mount) bool { return m.Peers }); i >= 0 {
		f.Found = jail.Value[i].Point + " has peers"
		return f.unknown("the host's mounts have changed, and it cannot be told who changed them")
	}
	return f.pass()
}

// fromJail says whether a mount of the host's that was not there before is one that
// the jail made: it shows a file system that is the jail's own or, with peers,
// through which it would have come, what the jail mounted of the host's.
// In place, what nobody asked for is the host's as well.
func (c *Case) fromJail(t *mountTable, m *evidence.Mount, before []evidence.Mount) bool {
	for i, own := range t.got {
		if own == nil || own.Device != m.Device || c.Expect.Tree.InPlace && t.list[i].by == nil {
			continue
		}
		if !hasDevice(before, m.Device) || m.Peers && own.Root == m.Root {
			return true
		}
	}
	return false
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
