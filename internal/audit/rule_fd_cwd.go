package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/ns"

	"github.com/netjail/netjail/internal/evidence"
)

var fdCwd = Rule{
	ID:       "fd.cwd",
	Proves:   "The command starts in the declared directory, and that lies in its own tree: one outside would lead to all of the host's files.",
	Evidence: "getcwd(2) by the jailed process; readlink(2) of /proc/PID/cwd and the mount that statx(2) tells of it, by netjail, against /proc/PID/mountinfo",
	Control:  "none needed: both sides must name the same directory",
	Remedy:   "none for a profile: please report it",
	Key:      keyRoot,
	Judge:    judgeCwd,
}

func judgeCwd(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	in, out := c.Evidence.Inside.Cwd, c.Evidence.Outside.Cwd
	f := Finding{}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	f.Expected = c.Expect.Tree.Workdir
	f.Side, f.Source = SideBoth, in.Source+", "+out.Source+", "+f.Source
	if why := cmp.Or(missing(in), missing(out)); why != "" {
		f.Side = oneSide(in.Known, out.Known)
		return f.unknown(why)
	}
	f.Found = in.Value
	switch on := t.line(out.Value.Mount); {
	case in.Value != out.Value.Path:
		f.Found = "inside " + in.Value + ", outside " + out.Value.Path
		return f.fail(disagree)
	case in.Value != f.Expected:
		return f.fail("it is another directory")
	case on == nil:
		return f.fail("it lies on a mount that the command's tree does not hold")
	case on != t.seen(f.Expected), on != t.got[t.top(f.Expected)]:
		f.Found += " on the mount at " + on.Point
		return f.fail("it lies on a mount that is not seen there")
	}
	return f.pass()
}

// line is the line of the mount with this number.
func (t *mountTable) line(id int) *evidence.Mount {
	for i := range t.lines {
		if t.lines[i].ID == id {
			return &t.lines[i]
		}
	}
	return nil
}
