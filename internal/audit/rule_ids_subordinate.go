package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

var idsSubordinate = Rule{
	ID:       "ids.subordinate-of-another",
	Proves:   "Beside the caller's own id, the maps hold no id that an account has, or that another user may take through newuidmap: whoever shares an id with a process can kill it, and whoever shares one with a file can write it.",
	Evidence: "/proc/PID/uid_map and gid_map read by netjail; /etc/passwd, /etc/group, /etc/subuid and /etc/subgid read before the start",
	Control:  "none needed: every line of the four files must have been understood",
	Remedy:   "give every user ranges in /etc/subuid and /etc/subgid that overlap neither each other nor an account, or leave uidMappings and gidMappings at caller",
	Key:      "uidMappings",
	Judge:    judgeSubordinate,
}

func judgeSubordinate(c *Case) Finding {
	if !c.ownUser() {
		return c.notOwn(ns.User)
	}
	out, x := &c.Evidence.Outside, c.Expect
	f := Finding{Side: SideOutside, Expected: "ids that nobody else has or may take", Source: out.UIDMap.Source + ", " + out.GIDMap.Source}
	self := c.Evidence.Before
	if why := cmp.Or(missing(out.UIDMap), missing(out.GIDMap), missing(self.UIDs), missing(self.GIDs)); why != "" {
		return f.unknown(why)
	}
	uids := foreign(out.UIDMap.Value, self.UIDs.Value.Real)
	gids := foreign(out.GIDMap.Value, self.GIDs.Value.Real)
	switch {
	case len(uids)+len(gids) == 0:
		return f.as(NotApplicable, "the maps hold the caller's own ids, and no others")
	case x.ClaimsWhy != "":
		return f.unknown(x.ClaimsWhy)
	case len(x.Claims) == 0:
		return f.unknown("nobody read which ids are taken")
	}
	f.Source += ", /etc/passwd, /etc/group, /etc/subuid, /etc/subgid"
	return c.judgeClaims(f, uids, gids)
}

// judgeClaims fails on an id that netjail chose, and owns up to one that the
// profile names.
func (c *Case) judgeClaims(f Finding, uids, gids []plan.Range) Finding {
	uid, gid := claimed(uids, c.Expect.Claims, false), claimed(gids, c.Expect.Claims, true)
	f.Found = join(uid, gid)
	chosen := func(found string, m policy.Mappings) bool { return found != "" && m.Kind != policy.MappingList }
	switch {
	case f.Found == "":
		f.Found = "of others: none of " + rangeTexts(append(uids, gids...))
		return f.pass()
	case chosen(uid, c.Policy.UIDMappings) || chosen(gid, c.Policy.GIDMappings):
		return f.fail("somebody else has, or may take, ids of the jail")
	}
	return f.declared("the profile's maps name ids that somebody else has, or may take")
}

// foreign are the ranges outside of a map, without the one line that is the
// caller's own id. Root's own id is in no map.
func foreign(lines []evidence.IDMapLine, self uint32) []plan.Range {
	var ranges []plan.Range
	for _, l := range lines {
		if self != 0 && l.Outside == self && l.Size == 1 {
			continue
		}
		ranges = append(ranges, plan.Range{First: l.Outside, Size: l.Size})
	}
	return ranges
}

// claimed names the first range that is somebody else's, and whose.
func claimed(ranges []plan.Range, claims []plan.Claim, group bool) string {
	for _, r := range ranges {
		for i := range claims {
			k := &claims[i]
			if k.Group == group && !k.Own && r.Overlaps(k.Range) {
				return rangeText(r) + ": " + rangeText(k.Range) + " is " + k.Who + "'s, by line " + number(k.Line) + " of " + k.File
			}
		}
	}
	return ""
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

func rangeTexts(ranges []plan.Range) string {
	texts := make([]string, len(ranges))
	for i, r := range ranges {
		texts[i] = rangeText(r)
	}
	return list(texts)
}

// rangeText is "100000 to 165535", or the one id.
func rangeText(r plan.Range) string {
	if r.Size == 1 {
		return number(r.First)
	}
	return number(r.First) + " to " + number(r.First+(r.Size-1))
}
