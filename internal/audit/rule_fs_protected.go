package audit

import (
	"strings"

	"github.com/netjail/netjail/internal/ns"

	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

var fsProtected = Rule{
	ID:       "fs.protected",
	Proves:   "Every protected path below a writable one is a read-only mount, and so is a mount each directory on the way to it, which therefore cannot be moved away. What does not exist cannot be one: it is told by name, and once more when the command has ended and it is there.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "make the files that are not there yet, and what is protected stays as it is; or name in filesystem.protected what the host executes",
	Key:      keyProtected,
	Judge:    judgeProtected,
}

func judgeProtected(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "read-only"}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	paths := t.of(keyProtected)
	if bad := c.unprotected(t, paths); len(bad) > 0 {
		f.Found = several(bad)
		return f.fail("the command can change what is to be protected")
	}
	f.Found = count(t.readOnly(paths), "path") + " read-only"
	absent := c.absent(keyProtected)
	switch {
	case len(paths) == 0 && c.Expect.Tree.InPlace:
		return f.declared("filesystem.root is host: nothing is protected from the command that is not from the caller")
	case len(c.Expect.Tree.Writable) == 0:
		f.Found = "nothing is writable"
		return f.pass()
	case c.Policy.Filesystem.Protected.Kind == policy.PathsNone:
		return f.declared("filesystem.protected is none")
	case len(absent) > 0:
		f.Found += "; the host has no " + several(absent)
		return f.declared("what does not exist can be made by the command: `run` says so at its end where it was")
	}
	return f.pass()
}

// NotePlanted adds to the finding what came into being while the command ran: its
// verdict was a judgement of the start, and stays.
func NotePlanted(findings []Finding, paths []string) {
	for i := range findings {
		if f := &findings[i]; f.Check == fsProtected.ID {
			f.Found += "; new since the command was started: " + several(paths)
		}
	}
}

// unprotected says what is wrong with the protected paths and those on the way
// to them.
func (c *Case) unprotected(t *mountTable, paths []int) []string {
	bad := t.problems(paths)
	for _, i := range paths {
		if !t.list[i].by.Options.Has(tree.ReadOnly) || t.got[i] == nil {
			continue
		}
		if t.got[i].Writable() {
			bad = append(bad, t.at[i]+" can be written")
		}
		for dir := parentOf(t.at[i]); c.belowWritable(dir); dir = parentOf(dir) {
			if on := t.top(dir); on < 0 || t.at[on] != dir || t.got[on] == nil {
				bad = append(bad, dir+", on the way to "+t.at[i]+", is no mount")
			}
		}
	}
	return bad
}

// belowWritable says whether a directory lies below a writable path.
func (c *Case) belowWritable(dir string) bool {
	for _, w := range c.Expect.Tree.Writable {
		if dir != w && covers(w, dir) {
			return true
		}
	}
	return false
}

// readOnly counts the mounts that were asked for as read-only.
func (t *mountTable) readOnly(paths []int) int {
	n := 0
	for _, i := range paths {
		if t.list[i].by.Options.Has(tree.ReadOnly) {
			n++
		}
	}
	return n
}

// parentOf is the directory that a path lies in.
func parentOf(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i]
	}
	return "/"
}
