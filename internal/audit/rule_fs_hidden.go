package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

var fsHidden = Rule{
	ID:       "fs.hidden",
	Proves:   "Every hidden path that the host has is covered by something empty.",
	Evidence: mountsEvidence + "; in a full audit, what is found at each path through /proc/PID/root",
	Control:  "in a full audit the same look must find the device nodes",
	Remedy:   "none for a profile: please report it",
	Key:      keyHidden,
	Judge:    judgeHidden,
}

func judgeHidden(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "empty"}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	paths := t.of(keyHidden)
	absent := c.absent(keyHidden)
	f.Found = count(len(paths), "path") + " covered"
	if len(absent) > 0 {
		f.Found += "; the host has no " + several(absent)
	}
	if bad := t.uncovered(paths); len(bad) > 0 {
		f.Found = several(bad)
		return f.fail("what is to be hidden is not")
	}
	if c.Evidence.Full && len(paths) > 0 {
		return c.lookHidden(f, t, paths)
	}
	if c.Policy.Filesystem.Hidden.Kind == policy.PathsNone {
		return f.declared("filesystem.hidden is none")
	}
	return f.pass()
}

// uncovered says what is wrong with each hidden path, whose cover must be the
// jail's own and hold no other mount but what a key names.
func (t *mountTable) uncovered(paths []int) []string {
	bad := t.problems(paths)
	for _, i := range paths {
		if t.got[i] == nil {
			continue
		}
		if !t.ownMemory(i) {
			bad = append(bad, t.at[i]+" is covered by a file system of the host")
		}
		t.each(func(j int, line *evidence.Mount) {
			if line.Point != t.at[i] && covers(t.at[i], line.Point) && (j < 0 || !t.list[j].byName()) {
				bad = append(bad, line.Point+" is mounted in what is to be empty")
			}
		})
	}
	return bad
}

// lookHidden looks at each path, in a full audit.
func (c *Case) lookHidden(f Finding, t *mountTable, paths []int) Finding {
	f, ok := c.lookEmpty(f, t, paths)
	if !ok {
		return f
	}
	f.Found += "; each looked at, and empty"
	return f.pass()
}
