package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var ipcPosixShm = Rule{
	ID:       "ipc.posix-shm",
	Proves:   "/dev/shm, where POSIX shared memory lies, is a file system of the jail's own: an IPC namespace does not cover it. In a full audit, a file that netjail made in it is not found.",
	Evidence: mountsEvidence + "; in a full audit openat(2) and write(2) by the jailed process of a file that netjail made there",
	Control:  mountsControl + "; netjail's own bytes are in its file, and the jailed process opens a file of its own",
	Remedy:   "set filesystem.root to system or readonly, or name /dev/shm in filesystem.private",
	Key:      keyRoot,
	Judge:    judgeShm,
}

func judgeShm(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "the jail's own"}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	const path = "/dev/shm"
	i, m := t.top(path), t.seen(path)
	if m == nil || t.got[i] != m {
		f.Found = "another mount at " + path
		return f.fail("what is seen there is not what was declared")
	}
	f.Found = m.Type + " " + m.Device + " at " + m.Point
	switch {
	case t.ownMemory(i):
		return c.tryShm(f)
	case t.list[i].kept():
		return f.declared("filesystem.root is host: it is the host's")
	case t.list[i].byName():
		return f.declared(t.list[i].by.Key + " names it: it is the host's")
	}
	return f.fail("it is the host's")
}

// tryShm judges the attempt at netjail's file, which only a full audit makes.
// Where netjail could make none the mounts alone answer, and it is said.
func (c *Case) tryShm(f Finding) Finding {
	if !c.Evidence.Full {
		return f.pass()
	}
	b := c.Evidence.Baits
	if b == nil {
		return f.unknown("netjail has put out nothing to reach")
	}
	if b.Memory == nil {
		return f.as(Pass, "read from the mounts alone: netjail could make no file there: "+b.Without["memory"].Why)
	}
	list, _ := at([]evidence.Bait{*b.Memory}, []evidence.Fact[evidence.Attempt]{c.Evidence.Inside.Tries.Memory})
	got := judgeTried(f, list, []string{"ENOENT", "ENOTDIR", "EACCES", "EPERM", "EROFS"})
	if got.Verdict == Pass {
		got.Side, got.Source, got.Found = SideBoth, joinSources(f.Source, got.Source), f.Found+"; netjail's file: "+list[0].try.Value.Errno
	}
	return got
}
