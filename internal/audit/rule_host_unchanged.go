package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var hostUnchanged = Rule{
	ID:       "host.unchanged",
	Proves:   "netjail itself has the same ids, capabilities and namespaces at the gate as before the start: what was done, was done to the command.",
	Evidence: "/proc/self/status and /proc/self/ns read by netjail twice",
	Control:  "none needed: the same reading is made twice",
	Remedy:   "none for a profile: this is netjail's own process; please report it",
	Key:      "-",
	Judge:    judgeUnchanged,
}

func judgeUnchanged(c *Case) Finding {
	before, after := &c.Evidence.Before, &c.Evidence.After
	f := Finding{Side: SideOutside, Expected: "same before and after", Source: after.UIDs.Source + ", " + after.Namespaces[ns.User].Source}
	for _, change := range [...]string{
		changed("uids", before.UIDs, after.UIDs, idText),
		changed("gids", before.GIDs, after.GIDs, idText),
		changed("capabilities", before.Caps, after.Caps, caps.Sets.String),
		changedNamespace(before, after),
	} {
		if change != "" {
			f.Found = change
			return f.fail("netjail changed itself")
		}
	}
	if why := unread(before, after); why != "" {
		return f.unknown(why)
	}
	f.Found = f.Expected
	return f.pass()
}

// changed describes a fact that both readings tell differently.
func changed[T comparable](name string, before, after evidence.Fact[T], text func(T) string) string {
	if !before.Known || !after.Known || before.Value == after.Value {
		return ""
	}
	return name + ": before " + text(before.Value) + ", after " + text(after.Value)
}

func changedNamespace(before, after *evidence.Self) string {
	for _, k := range ns.All() {
		text := func(id evidence.NamespaceID) string { return nsLink(k, id) }
		if change := changed(k.String(), before.Namespaces[k], after.Namespaces[k], text); change != "" {
			return change
		}
	}
	return ""
}

// unread says which fact one of the readings lacks.
func unread(before, after *evidence.Self) string {
	for _, self := range [...]*evidence.Self{before, after} {
		why := cmp.Or(missing(self.UIDs), missing(self.GIDs), missing(self.Caps))
		for _, id := range self.Namespaces {
			why = cmp.Or(why, missing(id))
		}
		if why != "" {
			return why
		}
	}
	return ""
}
