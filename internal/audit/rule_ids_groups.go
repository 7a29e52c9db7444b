package audit

import (
	"cmp"
	"slices"
)

var idsGroups = Rule{
	ID:       "ids.groups",
	Proves:   "The supplementary groups, which grant access even where they are not mapped, are the expected ones, and none where netjail can drop them.",
	Evidence: "getgroups(2) by the jailed process, Groups of /proc/PID/status by netjail",
	Control:  "none needed: both sides must count the same groups, each the other's image where it is mapped",
	Remedy:   "start netjail without these groups, or as root, which drops them; setgroups(2) is denied to an ordinary user's namespace",
	Key:      "setgroups",
	Judge:    judgeGroups,
}

func judgeGroups(c *Case) Finding {
	in, out := c.Evidence.Inside.Groups, c.Evidence.Outside.Groups
	f := Finding{Side: SideBoth, Expected: numbers(c.Expect.Groups), Source: in.Source + ", " + out.Source}
	if why := cmp.Or(missing(in), missing(out)); why != "" {
		f.Side = oneSide(in.Known, out.Known)
		return f.unknown(why)
	}
	f.Found = numbers(out.Value)
	if !c.sameGroups(in.Value, out.Value) {
		f.Found = "inside " + numbers(in.Value) + ", outside " + f.Found
		return f.fail(disagree)
	}
	if after := c.Evidence.AfterExec; after != nil {
		if !after.Groups.Known {
			return f.unknown("after exec: " + missing(after.Groups))
		}
		f.Found = numbers(after.Groups.Value)
		return c.compareGroups(f, after.Groups.Value)
	}
	return c.compareGroups(f, out.Value)
}

// compareGroups compares groups, as netjail's user namespace numbers them, with
// the expected ones.
func (c *Case) compareGroups(f Finding, groups []uint32) Finding {
	switch {
	case len(groups) > 0 && !c.hostUser() && c.rootCaller():
		return f.fail("netjail ran as root and can drop them")
	case !slices.Equal(sorted(groups), sorted(c.Expect.Groups)):
		return f.fail("the command has other groups")
	case c.onlyPrimary(groups):
		return f.pass()
	}
	return f.declared("they keep granting access to the host's files")
}

// sameGroups says whether two views show the same groups. The kernel keeps them
// in one order for every reader, and shows an unmapped one as the overflow id,
// whose number a sysctl sets: that one tells nothing.
func (c *Case) sameGroups(inside, outside []uint32) bool {
	if c.hostUser() {
		return slices.Equal(inside, outside)
	}
	if len(inside) != len(outside) {
		return false
	}
	for i, g := range outside {
		if image, mapped := insideID(c.gidLines(), g); mapped && image != inside[i] {
			return false
		}
	}
	return true
}

// rootCaller says whether netjail itself runs as root; unknown counts as no,
// since ids of netjail's that cannot be read fail host.unchanged.
func (c *Case) rootCaller() bool {
	ids := c.Evidence.Before.UIDs
	return ids.Known && ids.Value.Effective == 0
}

// onlyPrimary says whether groups add nothing to the command's primary group.
func (c *Case) onlyPrimary(groups []uint32) bool {
	gids := c.Evidence.Outside.GIDs
	return !slices.ContainsFunc(groups, func(g uint32) bool { return !gids.Known || g != gids.Value.Effective })
}

func sorted(groups []uint32) []uint32 { return slices.Sorted(slices.Values(groups)) }
