package audit

var ipcPosixShm = Rule{
	ID:       "ipc.posix-shm",
	Proves:   "/dev/shm, where POSIX shared memory lies, is a file system of the jail's own: an IPC namespace does not cover it.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "set filesystem.root to system or readonly, or name /dev/shm in filesystem.private",
	Key:      keyRoot,
	Judge:    judgeShm,
}

func judgeShm(c *Case) Finding {
	if c.shareMounts() {
		return shared("namespaces.mount")
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
		return f.pass()
	case t.list[i].kept():
		return f.declared("filesystem.root is host: it is the host's")
	case t.list[i].byName():
		return f.declared(t.list[i].by.Key + " names it: it is the host's")
	}
	return f.fail("it is the host's")
}
