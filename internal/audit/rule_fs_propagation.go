package audit

import "github.com/netjail/netjail/internal/ns"

var fsPropagation = Rule{
	ID:       "fs.propagation",
	Proves:   "No mount of the command's mount namespace passes mount events to one of the host's, or takes them from it.",
	Evidence: "the optional fields (shared, master, propagate_from) of every line of /proc/PID/mountinfo, by netjail",
	Control:  "none needed: a table that could not be read whole is unknown",
	Remedy:   "none for a profile: a new mount namespace is always made private; please report it",
	Key:      "filesystem.root",
	Judge:    judgePropagation,
}

func judgePropagation(c *Case) Finding {
	if !c.Policy.New(ns.Mount) {
		return c.notOwn(ns.Mount)
	}
	got := c.Evidence.Outside.Mounts
	f := Finding{Side: SideOutside, Source: got.Source, Expected: "every mount private"}
	if why := missing(got); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	for _, m := range got.Value {
		if m.Peers {
			f.Found = m.Point + " has peers"
			return f.fail("what is mounted on one side appears on the other")
		}
	}
	f.Found = number(len(got.Value)) + " mounts, all private"
	return f.pass()
}
