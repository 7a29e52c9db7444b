package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var fdDirectory = Rule{
	ID:       "fd.directory",
	Proves:   "No descriptor of the command is a directory, or stands for a path (O_PATH): openat(2) and fchdir(2) lead from it through the mounts on which it was opened, whatever tree the command has.",
	Evidence: "statx(2) and the links of /proc/PID/fd, and mnt_id in /proc/PID/fdinfo against /proc/PID/mountinfo, by netjail",
	Control:  "none needed: fd.open expects known descriptors in the same answer",
	Remedy:   "take the descriptor out of process.inheritFds, or start netjail without it; write filesystem.mounts for what the command is to see",
	Key:      "process.inheritFds",
	Judge:    judgeDirectory,
}

func judgeDirectory(c *Case) Finding {
	f := Finding{Expected: "no directory"}
	fds, ok := c.kept(&f)
	if !ok {
		return f
	}
	found := ofKind(fds, isDirectory)
	if len(found) == 0 {
		f.Found = f.Expected + " among " + fdNumbersText(fds)
		return f.pass()
	}
	f.Found = textsOf(found, c.directoryText)
	if len(c.undeclared(found)) > 0 {
		return f.fail("no key lets it through: it leads to other files")
	}
	for i := range found {
		switch d := &found[i]; {
		case !isStream(d) || c.inPlace():
		case c.where(d) == "":
			return f.unknown("whether " + fdText(*d) + " leads out of the command's tree is not told")
		case c.where(d) != ownTree:
			return f.fail("process.inheritFds keeps 0 to 2 as streams, and this one leads out of the command's tree")
		}
	}
	if c.inPlace() {
		return f.declared("process.inheritFds keeps it, and the tree is the host's anyway")
	}
	return f.declared("process.inheritFds keeps it: it leads to what lies below it, and by .. to what lies above")
}

// inPlace says whether the command sees the host's files where the host has them.
func (c *Case) inPlace() bool {
	return c.hostMount() || !c.joins(ns.Mount) && c.Expect.Tree != nil && c.Expect.Tree.InPlace
}

// Where a directory lies.
const (
	ownTree     = "in its own tree"
	outsideTree = "outside of its tree"
)

// where says in whose tree a directory lies; empty where that is not known.
func (c *Case) where(d *evidence.FD) string {
	mounts := c.Evidence.Outside.Mounts
	if after := c.Evidence.AfterExec; after != nil && after.Mounts.Known {
		mounts = after.Mounts
	}
	switch {
	case !d.Info.Known, d.Info.Value.Mount == 0, !mounts.Known:
		return ""
	case slices.ContainsFunc(mounts.Value, func(m evidence.Mount) bool { return m.ID == d.Info.Value.Mount }):
		return ownTree
	}
	return outsideTree
}

func (c *Case) directoryText(d *evidence.FD) string {
	text := fdText(*d)
	if !d.Directory {
		text += " (O_PATH)"
	}
	switch where := c.where(d); {
	case c.hostMount():
		return text + ", in the mount namespace that it shares"
	case where == "":
		return text + ", in a tree that is not told"
	default:
		return text + ", " + where
	}
}
