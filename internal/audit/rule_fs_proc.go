package audit

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/tree"
)

const keyProc = "namespaces.pid"

var fsProc = Rule{
	ID:       "fs.proc",
	Proves:   "The files of /proc that belong to no namespace are empty or read-only: the kernel's settings and memory, its keys, what the host's devices do.",
	Evidence: mountsEvidence + "; in a full audit, what is found at the masked paths through /proc/PID/root",
	Control:  mountsControl,
	Remedy:   "set namespaces.pid to new, which brings a /proc of the jail's own",
	Key:      keyProc,
	Judge:    judgeProc,
}

// settings is the directory without which nothing here would be told: every
// kernel has it.
const settings = "/proc/sys"

func judgeProc(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "masked or read-only"}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	if !c.Policy.New(ns.PID) && c.Expect.Tree.InPlace {
		f.Found = "the caller's /proc"
		return f.declared("namespaces.pid is host, and filesystem.root as well: what guards these files is who may open them")
	}
	paths := t.belowProc()
	bad := t.problems(paths)
	for _, i := range paths {
		if m := t.got[i]; m != nil && m.Writable() {
			bad = append(bad, t.at[i]+" can be written")
		}
	}
	if m := t.seen(settings); m == nil || m.Point != settings || m.Writable() {
		bad = append(bad, settings+" is not read-only")
	}
	if len(bad) > 0 {
		f.Found = several(bad)
		return f.fail("files of the kernel's are open")
	}
	f.Found = count(len(paths), "path") + " masked or read-only"
	if !c.Evidence.Full {
		return f.pass()
	}
	return c.lookMasked(f, t, paths)
}

// belowProc are the mounts that restrict /proc.
func (t *mountTable) belowProc() []int {
	var found []int
	for i, by := range t.list {
		if by.by != nil && by.by.Key == keyProc && t.at[i] != "/proc" && covers("/proc", t.at[i]) {
			found = append(found, i)
		}
	}
	return found
}

// lookMasked looks at the masked paths, in a full audit.
func (c *Case) lookMasked(f Finding, t *mountTable, paths []int) Finding {
	var masked []int
	for _, i := range paths {
		if k := t.list[i].by.Kind; k == tree.Mask || k == tree.Tmpfs {
			masked = append(masked, i)
		}
	}
	f, ok := c.lookEmpty(f, t, masked)
	if !ok {
		return f
	}
	return f.pass()
}
