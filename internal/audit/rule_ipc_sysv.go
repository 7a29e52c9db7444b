package audit

import "github.com/netjail/netjail/internal/ns"

var ipcSysV = Rule{
	ID:       "ipc.sysv",
	Proves:   "Shared memory, semaphores and messages of System V that belong to the caller are not found by their numbers: those belong to an IPC namespace.",
	Evidence: "shmat(2), semop(2) and msgsnd(2) by the jailed process to objects that netjail made for this; IPC_STAT, GETPID and msgrcv(2) tell netjail who was there",
	Control:  "netjail reaches each by its number, and the jailed process makes one of its own of each",
	Remedy:   "set namespaces.ipc to new",
	Key:      "namespaces.ipc",
	Judge:    judgeSysV,
}

func judgeSysV(c *Case) Finding {
	f, done := c.openIPC()
	if done {
		return f
	}
	b, done := c.baits(&f)
	if !done {
		return f
	}
	if len(b.SysV) == 0 {
		return absent(f, b.Without["sysv"])
	}
	list, ok := at(b.SysV, c.Evidence.Inside.Tries.SysV)
	if !ok {
		return f.unknown("not every object was tried")
	}
	return judgeTried(f, list, []string{"EINVAL", "EIDRM"})
}

// openIPC is the finding of a try where the IPC namespace is not the command's own.
func (c *Case) openIPC() (f Finding, done bool) {
	f = Finding{Expected: "refused"}
	switch {
	case c.joins(ns.IPC):
		f.Scope = NotAttempted
		return f.unknown("not attempted: what is found in the namespace that is joined may be somebody else's"), true
	case !c.Policy.New(ns.IPC):
		f.Expected = "host"
		return f.declared("namespaces.ipc is host: what the caller may use of it, the command may"), true
	}
	return f, false
}
