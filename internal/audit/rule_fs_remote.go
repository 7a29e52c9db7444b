package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/tree"
)

var fsRemote = Rule{
	ID:       "fs.remote",
	Proves:   "No file system is in the tree behind which somebody answers, a server or a process of the host, and none that shows the host's kernel, unless a key names it.",
	Evidence: mountsEvidence + "; of an overlay, the type of what it was made from in netjail's own table",
	Control:  mountsControl,
	Remedy:   "set filesystem.root to system or readonly, which cover such a file system; name it in no mount and in no writable path",
	Key:      keyRoot,
	Judge: func(c *Case) Finding {
		return c.judgeTypes(Finding{}, "somebody answers there, or it shows the host's kernel", answeredElsewhere)
	},
}

// answeredElsewhere says whether a mount, or what an overlay shows, is of a type
// that is covered where no key names it. The types that have a rule of their own,
// and the jail's own file systems, are not among them.
func answeredElsewhere(i int, t *mountTable, line *evidence.Mount) bool {
	switch {
	case line.Type == "sysfs", line.Type == "cgroup", line.Type == "cgroup2", i >= 0 && t.list[i].isDevice():
		return false
	case i < 0 || !t.ownMemory(i):
		_, remote := tree.Covers(line.Type)
		return remote
	}
	by := t.list[i].by
	if by == nil || by.Kind != tree.Overlay && by.Kind != tree.Ephemeral {
		return false
	}
	_, remote := tree.Covers(t.table[t.callers.top(by.Source)].Type)
	return remote
}
