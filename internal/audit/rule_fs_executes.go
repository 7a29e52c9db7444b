package audit

import "github.com/netjail/netjail/internal/ns"

var fsHostExecutes = Rule{
	ID:       "fs.host-executes",
	Proves:   "Whether the command can write files that a program of the host executes or obeys later: hooks, configuration, makefiles, start-up files.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "share less in filesystem.writable, name what the host executes in filesystem.protected, and look at what the command has changed before you run it",
	Key:      keyWritable,
	Judge:    judgeExecutes,
}

func judgeExecutes(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "nothing shared for writing"}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	if c.Expect.Tree.InPlace {
		f.Found = "the caller's tree"
		return f.declared("filesystem.root is host: the command writes every file that the caller may write")
	}
	open, undeclared := c.sharedWritable(t)
	if len(undeclared) > 0 {
		f.Found = several(undeclared)
		return f.fail("the host's files can be written there, and no key says so")
	}
	if len(open) == 0 {
		f.Found = "none"
		return f.pass()
	}
	f.Found = list(c.Expect.Tree.Writable)
	if kept := t.readOnly(t.of(keyProtected)); kept > 0 {
		f.Found += ", but for " + count(kept, "path") + " that stay read-only"
	}
	return f.declared("what the command writes there runs on the host as soon as somebody there runs it")
}
