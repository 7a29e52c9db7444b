package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
)

var idsHostRoot = Rule{
	ID:       "ids.host-root",
	Proves:   "The command is not uid 0 of netjail's user namespace, and no id of the jail maps to it: that uid opens root's files and sysctls without a capability. Where netjail is run by root, the same of gid 0.",
	Evidence: "/proc/self/uid_map read by the jailed process, Uid of /proc/PID/status and /proc/PID/uid_map read by netjail; run by root, Gid and the gid_maps as well",
	Control:  "none needed: the kernel's own copies are read back",
	Remedy:   "never map a host id 0: run netjail as an ordinary user, or leave uidMappings at caller, which gives root a range of its own; acceptsHostRoot lets a profile ask for it, and this check fails all the same",
	Key:      "uidMappings",
	Judge:    judgeHostRoot,
}

func judgeHostRoot(c *Case) Finding {
	e := c.Evidence
	f := Finding{Side: SideOutside, Expected: "not uid 0", Source: e.Outside.UIDs.Source}
	if !c.hostUser() {
		f.Side, f.Expected = SideBoth, "not uid 0, and uid 0 not mapped"
		f.Source += ", " + e.Outside.UIDMap.Source + ", " + e.Inside.UIDMap.Source
	}
	if bad := cmp.Or(c.hostRoot(f), c.hostRootGroup(f)); bad != nil {
		if c.Policy.AcceptsHostRoot {
			bad.Note += ": acceptsHostRoot is true, and such a jail does not hold"
		}
		return *bad
	}
	why := c.hostRootUnread()
	if why != "" {
		return f.unknown(why)
	}
	f.Found = "uid " + number(e.Outside.UIDs.Value.Effective)
	if gids := e.Outside.GIDs; gids.Known && gids.Value.Effective == 0 {
		return f.as(Pass, "the group is the host's group 0")
	}
	return f.pass()
}

// hostRoot fails on any reading that shows the host's uid 0, whatever else is
// not known; nil where none does.
func (c *Case) hostRoot(f Finding) *Finding {
	e := c.Evidence
	if hasRoot(e.Outside.UIDs) || e.AfterExec != nil && hasRoot(e.AfterExec.UIDs) {
		f.Found = "uid 0"
		return failing(f, "the command runs as the host's root")
	}
	return c.mapsRoot(f, e.Outside.UIDMap, e.Inside.UIDMap, "the map reaches the host's root")
}

// hostRootGroup is the same for gid 0. That of an ordinary user is his own: he
// has what it opens in any case.
func (c *Case) hostRootGroup(f Finding) *Finding {
	e := c.Evidence
	if c.ordinaryCaller() {
		return nil
	}
	f.Side, f.Expected, f.Source = SideOutside, "not gid 0", e.Outside.GIDs.Source
	if !c.hostUser() {
		f.Side, f.Expected = SideBoth, "not gid 0, and gid 0 not mapped"
		f.Source += ", " + e.Outside.GIDMap.Source + ", " + e.Inside.GIDMap.Source
	}
	if hasRoot(e.Outside.GIDs) || e.AfterExec != nil && hasRoot(e.AfterExec.GIDs) {
		f.Found = "gid 0"
		return failing(f, "the command runs as the host's root group")
	}
	return c.mapsRoot(f, e.Outside.GIDMap, e.Inside.GIDMap, "the map reaches the host's root group")
}

// mapsRoot fails on a map, as either side reads it, that holds 0 outside.
func (c *Case) mapsRoot(f Finding, outside, inside evidence.Fact[[]evidence.IDMapLine], why string) *Finding {
	if c.hostUser() {
		return nil
	}
	for _, m := range [...]evidence.Fact[[]evidence.IDMapLine]{outside, inside} {
		if _, mapped := insideID(m.Value, 0); m.Known && mapped {
			f.Found = mapLines(m.Value)
			return failing(f, why)
		}
	}
	return nil
}

// ordinaryCaller says whether netjail is known to be run by somebody else than root.
func (c *Case) ordinaryCaller() bool {
	ids := c.Evidence.Before.UIDs
	return ids.Known && !hasRoot(ids)
}

// hostRootUnread says which of the readings is not there.
func (c *Case) hostRootUnread() string {
	e := c.Evidence
	why := missing(e.Outside.UIDs)
	if e.AfterExec != nil {
		why = cmp.Or(why, missing(e.AfterExec.UIDs))
	}
	if !c.hostUser() {
		why = cmp.Or(why, missing(e.Outside.UIDMap), missing(e.Inside.UIDMap))
	}
	if why != "" || c.ordinaryCaller() {
		return why
	}
	return c.hostRootGroupUnread()
}

func (c *Case) hostRootGroupUnread() string {
	e := c.Evidence
	why := missing(e.Outside.GIDs)
	if e.AfterExec != nil {
		why = cmp.Or(why, missing(e.AfterExec.GIDs))
	}
	if !c.hostUser() {
		why = cmp.Or(why, missing(e.Outside.GIDMap), missing(e.Inside.GIDMap))
	}
	return why
}

func hasRoot(ids evidence.Fact[evidence.IDs]) bool {
	v := ids.Value
	return ids.Known && (v.Real == 0 || v.Effective == 0 || v.Saved == 0)
}

func failing(f Finding, why string) *Finding {
	f = f.fail(why)
	return &f
}
