package audit

import "github.com/netjail/netjail/internal/evidence"

var ipcMqueue = Rule{
	ID:       "ipc.mqueue",
	Proves:   "A POSIX message queue of the caller's is not found by its name: that belongs to an IPC namespace.",
	Evidence: "mq_open(3) by the jailed process of a queue that netjail made for this, and a message to it; netjail looks whether that has come",
	Control:  "netjail's own message comes, and the jailed process makes a queue of its own",
	Remedy:   "set namespaces.ipc to new",
	Key:      "namespaces.ipc",
	Judge:    judgeMqueue,
}

func judgeMqueue(c *Case) Finding {
	f, done := c.openIPC()
	if done {
		return f
	}
	b, done := c.baits(&f)
	if !done {
		return f
	}
	if b.Queue == nil {
		return absent(f, b.Without["queue"])
	}
	list, _ := at([]evidence.Bait{*b.Queue}, []evidence.Fact[evidence.Attempt]{c.Evidence.Inside.Tries.Queue})
	return judgeTried(f, list, []string{"ENOENT"})
}
