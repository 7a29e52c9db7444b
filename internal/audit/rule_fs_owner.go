package audit

import (
	"strings"

	"github.com/netjail/netjail/internal/ns"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/tree"
)

var fsOwner = Rule{
	ID:       "fs.owner",
	Proves:   "Run by root: what the command may write of the host's is its own inside and its owner's on the host, whoever that is; nobody else's files there can be written, root's least of all.",
	Evidence: "/proc/PID/mountinfo (the mount is idmapped); statx(2) through the command's mount and on the host; in a full audit a file without a name, made through that mount with the command's ids and found on the host by its handle, and every name below, up to a bound",
	Control:  "the owner on the host is the one that was seen before the start; a mount that translates nothing would show the same owner on both sides",
	Remedy:   "none for a profile: please report it",
	Key:      "filesystem.writable",
	Judge:    judgeGiven,
}

func judgeGiven(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	given := c.given()
	if len(given) == 0 {
		return Finding{Verdict: NotApplicable, Note: "nothing of the host's is given to the command: it writes with ids that it has on the host as well, or not at all"}
	}
	f := Finding{Expected: "the command's inside, the owner's on the host"}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	got := c.Evidence.Given
	if got == nil {
		return f.unknown("nobody looked")
	}
	if why := missing(*got); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Source += ", " + got.Source
	var found []string
	for _, e := range given {
		g, ok := givenAt(got.Value, e.Target)
		if !ok {
			return f.unknown("nobody looked at " + e.Target)
		}
		if wrong := c.ownerProblem(t, e, g); wrong != "" {
			f.Found = wrong
			return f.fail("files there belong to others than they are to")
		}
		if why := unmade(g, c.Evidence.Full); why != "" {
			return f.unknown(e.Target + ": " + why)
		}
		found = append(found, e.Target+" is "+owner(g.Host)+"'s on the host"+othersText(g))
	}
	f.Found = strings.Join(found, ", ")
	return f.pass()
}

// given are the entries of the layout that the command may write because they are
// given to it.
func (c *Case) given() (list []*tree.Entry) {
	if c.Expect.Tree == nil {
		return nil
	}
	for i := range c.Expect.Tree.Entries {
		if e := &c.Expect.Tree.Entries[i]; e.Owner != nil && e.Kind == tree.Bind && !e.Options.Has(tree.ReadOnly) {
			list = append(list, e)
		}
	}
	return list
}

func givenAt(list []evidence.Given, path string) (*evidence.Given, bool) {
	for i := range list {
		if list[i].Path == path {
			return &list[i], true
		}
	}
	return nil, false
}

// ownerProblem says what is wrong with one path.
func (c *Case) ownerProblem(t *mountTable, e *tree.Entry, g *evidence.Given) string {
	want := evidence.Ownership{UID: e.Owner.UID, GID: e.Owner.GID}
	uid, hasUID := outsideID(c.Expect.UIDMap, c.Expect.UID)
	gid, hasGID := outsideID(c.Expect.GIDMap, c.Expect.GID)
	command := evidence.Ownership{UID: uid, GID: gid}
	switch i := t.wantedAt(e); {
	case i < 0 || t.got[i] == nil || !t.got[i].Flags.Has(evidence.MountIdmapped):
		return e.Target + " is no idmapped mount"
	case g.Host != want:
		return e.Source + " is " + owner(g.Host) + "'s on the host and not " + owner(want) + "'s"
	case !hasUID || !hasGID || g.Inside != command:
		return e.Target + " is " + owner(g.Inside) + "'s through the mount and not " + owner(command) + "'s"
	case g.Made.Known && g.Made.Value != want:
		return "what is made in " + e.Target + " is " + owner(g.Made.Value) + "'s on the host and not " + owner(want) + "'s"
	}
	return ""
}

// unmade says why a full audit does not know to whom a file belongs that is made.
func unmade(g *evidence.Given, full bool) string {
	if !full || !g.Directory {
		return ""
	}
	return missing(g.Made)
}

// wantedAt is the mount that an entry makes.
func (t *mountTable) wantedAt(e *tree.Entry) int {
	for i := range t.list {
		if t.list[i].by == e && t.at[i] == e.Target {
			return i
		}
	}
	return -1
}

// owner is "0:0".
func owner(o evidence.Ownership) string { return number(o.UID) + ":" + number(o.GID) }

// othersText counts what is somebody else's, where that was counted.
func othersText(g *evidence.Given) string {
	if !g.Others.Known {
		return ""
	}
	o := g.Others.Value
	text := ", of " + number(o.Files) + " names in it are others': " + number(o.Other)
	if o.Cut {
		text += ", and no more were looked at"
	}
	if o.Closed > 0 {
		text += "; directories not looked at: " + number(o.Closed)
	}
	return text
}
