package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// judgeTypes judges the mounts of certain types: there is none but those that a
// key of the profile names.
func (c *Case) judgeTypes(f Finding, open string, is func(i int, t *mountTable, line *evidence.Mount) bool) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f.Expected = "none"
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	var named, bad []string
	kept := false
	t.each(func(i int, line *evidence.Mount) {
		if !is(i, t, line) {
			return
		}
		text := line.Point + " (" + line.Type + ")"
		switch {
		case i >= 0 && t.list[i].kept():
			named, kept = append(named, text), true
		case i >= 0 && t.list[i].byName():
			named = append(named, text+" by "+t.list[i].by.Key)
		default:
			bad = append(bad, text)
		}
	})
	switch {
	case len(bad) > 0:
		f.Found = several(bad)
		return f.fail(open + ", and no key names it")
	case len(named) > 0:
		f.Found = several(named)
		if kept {
			open = "filesystem.root is host: " + open
		}
		return f.declared(open)
	}
	f.Found = "none among " + count(len(t.lines), "mount")
	return f.pass()
}

// byName says whether a key of the profile names the mount itself: what a root
// brings along is not named, nor is the command's own file.
func (w *wanted) byName() bool { return w.by != nil && w.by.Key != keyRoot && w.by.Key != "-" }
