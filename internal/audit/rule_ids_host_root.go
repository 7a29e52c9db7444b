package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
)

var idsHostRoot = Rule{
	ID:       "ids.host-root",
	Proves:   "The command is not uid 0 of netjail's user namespace, and no id of the jail maps to it: that uid opens root's files and sysctls without a capability.",
	Evidence: "/proc/self/uid_map read by the jailed process, Uid of /proc/PID/status and /proc/PID/uid_map read by netjail",
	Control:  "none needed: the kernel's own copies are read back",
	Remedy:   "never map a host id 0: run netjail as an ordinary user, or leave uidMappings at caller, which gives root a range of its own",
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
	if bad := c.hostRoot(f); bad.Verdict == Fail {
		return bad
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
// not known.
func (c *Case) hostRoot(f Finding) Finding {
	e := c.Evidence
	if hasRoot(e.Outside.UIDs) || e.AfterExec != nil && hasRoot(e.AfterExec.UIDs) {
		f.Found = "uid 0"
		return f.fail("the command runs as the host's root")
	}
	if c.hostUser() {
		return f
	}
	for _, m := range [...]evidence.Fact[[]evidence.IDMapLine]{e.Outside.UIDMap, e.Inside.UIDMap} {
		if _, mapped := insideID(m.Value, 0); m.Known && mapped {
			f.Found = mapLines(m.Value)
			return f.fail("the map reaches the host's root")
		}
	}
	return f
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
	return why
}

func hasRoot(ids evidence.Fact[evidence.IDs]) bool {
	v := ids.Value
	return ids.Known && (v.Real == 0 || v.Effective == 0 || v.Saved == 0)
}
