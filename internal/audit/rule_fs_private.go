package audit

import "github.com/netjail/netjail/internal/ns"

var fsPrivate = Rule{
	ID:       "fs.private",
	Proves:   "Every private directory is a file system in memory that the jail alone has, and that ends with it.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "none for a profile: please report it",
	Key:      keyPrivate,
	Judge:    judgePrivate,
}

func judgePrivate(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: list(c.Policy.Filesystem.Private)}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	paths := t.of(keyPrivate)
	bad := t.problems(paths)
	for _, i := range paths {
		if m := t.got[i]; m != nil && (m.Type != "tmpfs" || !t.ownMemory(i)) {
			bad = append(bad, t.at[i]+" is no memory of the jail's own")
		}
	}
	f.Found = t.names(paths)
	if len(bad) > 0 {
		f.Found = several(bad)
		return f.fail("what is to be private is not")
	}
	switch {
	case len(c.Policy.Filesystem.Private) == 0:
		return Finding{Verdict: NotApplicable, Note: "filesystem.private is none"}
	case len(paths) == 0:
		return f.unknown("the layout makes none of them")
	}
	return f.pass()
}

// names are the places of the given mounts.
func (t *mountTable) names(paths []int) string {
	at := make([]string, 0, len(paths))
	for _, i := range paths {
		at = append(at, t.at[i])
	}
	return list(at)
}
