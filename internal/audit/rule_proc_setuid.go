package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/tree"
)

var procSetuid = Rule{
	ID:       "proc.setuid",
	Proves:   "A set-user-ID program gains nothing: every mount is nosuid, beside no_new_privs.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "set filesystem.root to system or readonly; with host, noNewPrivileges is what holds",
	Key:      keyRoot,
	Judge:    judgeSetuid,
}

func judgeSetuid(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "nosuid"}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	var kept int
	var named, bad []string
	t.each(func(i int, line *evidence.Mount) {
		switch {
		case line.Flags.Has(evidence.MountNosuid):
		case i >= 0 && t.list[i].kept():
			kept++
		case i >= 0 && t.list[i].isDevice(): // a node is no program
		case i >= 0 && t.list[i].byName() && !t.list[i].flags.Has(tree.Nosuid):
			named = append(named, line.Point+" by "+t.list[i].by.Key)
		default:
			bad = append(bad, line.Point)
		}
	})
	switch {
	case len(bad) > 0:
		f.Found = several(bad)
		return f.fail("a set-user-ID program there keeps its mode's meaning")
	case kept > 0:
		f.Found = count(kept, "mount") + " of the caller's that are not nosuid"
		return f.declared("filesystem.root is host: no_new_privs alone holds (proc.no-new-privs)")
	case len(named) > 0:
		f.Found = several(named)
		return f.declared("no_new_privs alone holds there (proc.no-new-privs)")
	}
	f.Found = count(len(t.lines), "mount") + ", all nosuid"
	return f.pass()
}
