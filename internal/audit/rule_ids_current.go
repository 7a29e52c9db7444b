package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
)

var idsCurrent = Rule{
	ID:       "ids.current",
	Proves:   "The command's real, effective and saved ids are the declared ones, inside and as netjail's user namespace numbers them.",
	Evidence: "getresuid(2) and getresgid(2) by the jailed process, Uid and Gid of /proc/PID/status by netjail",
	Control:  "none needed: the same ids are read in two user namespaces and must be each other's image",
	Remedy:   "map the id that the command is to run as in uidMappings and gidMappings",
	Key:      "uidMappings",
	Judge:    judgeCurrent,
}

func judgeCurrent(c *Case) Finding {
	e, x := c.Evidence, c.Expect
	f := Finding{Expected: "uid " + number(x.UID) + ", gid " + number(x.GID)}
	f.Side, f.Basis, f.Source = SideBoth, BasisBeforeExec, e.Inside.UIDs.Source+", "+e.Outside.UIDs.Source
	if why := cmp.Or(missing(e.Inside.UIDs), missing(e.Inside.GIDs)); why != "" {
		f.Side = SideOutside
		return f.unknown(why)
	}
	insideUID, uid, uidOK := c.idsOf(x.UID, c.uidLines())
	insideGID, gid, gidOK := c.idsOf(x.GID, c.gidLines())
	if !uidOK || !gidOK {
		return f.unknown("the map does not cover these ids")
	}
	f.Expected = "uid " + number(insideUID) + ", gid " + number(insideGID)
	f.Found = "uid " + idText(e.Inside.UIDs.Value) + ", gid " + idText(e.Inside.GIDs.Value)
	if !allAre(e.Inside.UIDs.Value, insideUID) || !allAre(e.Inside.GIDs.Value, insideGID) {
		return f.fail("the command has other ids")
	}
	return c.judgeCurrentOutside(f, uid, gid)
}

// judgeCurrentOutside goes on with what netjail sees, before exec and after.
func (c *Case) judgeCurrentOutside(f Finding, uid, gid uint32) Finding {
	f.Expected += " (outside " + number(uid) + ", " + number(gid) + ")"
	f = judgeIDs(f, &c.Evidence.Outside, uid, gid)
	if f.Verdict != Pass || c.Evidence.AfterExec == nil {
		return f
	}
	f.Basis = BasisAfterExec
	return judgeIDs(f, c.Evidence.AfterExec, uid, gid)
}

func judgeIDs(f Finding, p *evidence.Process, uid, gid uint32) Finding {
	if why := cmp.Or(missing(p.UIDs), missing(p.GIDs)); why != "" {
		f.Side = SideInside
		return f.unknown(why)
	}
	if !allAre(p.UIDs.Value, uid) || !allAre(p.GIDs.Value, gid) {
		f.Found = "outside uid " + idText(p.UIDs.Value) + ", gid " + idText(p.GIDs.Value)
		return f.fail("outside, the command has other ids")
	}
	f.Found = f.Expected
	return f.pass()
}

// allAre says whether the real, effective and saved id are all n.
func allAre(id evidence.IDs, n uint32) bool {
	return id == evidence.IDs{Real: n, Effective: n, Saved: n}
}
