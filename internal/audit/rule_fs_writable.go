package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/ns"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/tree"
)

var fsWritable = Rule{
	ID:       "fs.writable",
	Proves:   "The command can write to the host's files below the declared paths and nowhere else: every other mount is read-only, or holds memory of the jail's own.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "take what the command need not write out of filesystem.writable, or have it write to filesystem.private",
	Key:      "filesystem.writable",
	Judge:    judgeWritable,
}

func judgeWritable(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: list(c.Policy.Filesystem.Writable)}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	if c.Expect.Tree.InPlace {
		f.Expected, f.Found = "the caller's tree", number(len(t.writable()))+" of "+count(len(t.lines), "mount")+" writable"
		return f.declared("filesystem.root is host: the command writes where the caller may")
	}
	open, undeclared := c.sharedWritable(t)
	if len(undeclared) > 0 {
		f.Found = several(undeclared)
		return f.fail("the host's files can be written there, and no key says so")
	}
	if closed := missingFrom(open, c.Expect.Tree.Writable); len(closed) > 0 {
		f.Found = "read-only: " + several(closed)
		return f.fail("declared as writable")
	}
	f.Found = list(c.Expect.Tree.Writable)
	if len(open) == 0 {
		return f.pass()
	}
	return f.declared("fs.shared-writable: what the command writes there is the host's")
}

// sharedWritable are the mounts of the host's files that can be written, the
// declared ones and the others. Writing to a device is not writing to a file.
func (c *Case) sharedWritable(t *mountTable) (declared, undeclared []string) {
	t.each(func(i int, line *evidence.Mount) {
		switch {
		case !line.Writable(), i >= 0 && t.ownMemory(i), i >= 0 && t.list[i].isDevice(), i >= 0 && t.list[i].isProc():
		case i >= 0 && slices.ContainsFunc(c.Expect.Tree.Writable, func(dir string) bool { return covers(dir, line.Point) }):
			declared = append(declared, line.Point)
		default:
			undeclared = append(undeclared, line.Point)
		}
	})
	return declared, undeclared
}

// writable are the lines that can be written.
func (t *mountTable) writable() []string {
	var found []string
	for i := range t.lines {
		if t.lines[i].Writable() {
			found = append(found, t.lines[i].Point)
		}
	}
	return found
}

// ownMemory says whether a mount shows a file system that the jail alone has.
func (t *mountTable) ownMemory(i int) bool {
	return t.list[i].host == nil && t.got[i] != nil && !t.hosts(t.got[i].Device)
}

// isDevice says whether the mount shows a character device.
func (w *wanted) isDevice() bool {
	const mask, character = 0o170000, 0o020000 // inode(7)
	return w.by != nil && w.by.Kind == tree.Bind && w.by.Node.Type&mask == character
}

// isProc says whether the mount is /proc, of whose files fs.proc judges: without a pid
// namespace of the jail's own it is the caller's.
func (w *wanted) isProc() bool { return w.by != nil && w.by.Target == "/proc" }

// missingFrom are the wanted words that are not among the others.
func missingFrom(have, want []string) []string {
	var lacking []string
	for _, w := range want {
		if !slices.Contains(have, w) {
			lacking = append(lacking, w)
		}
	}
	return lacking
}
