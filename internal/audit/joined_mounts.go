package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// hostMount says whether the command is in netjail's own mount namespace.
func (c *Case) hostMount() bool { return c.shareMounts() && !c.joins(ns.Mount) }

// commandMounts is the table of the command's mount namespace: what of it the
// command reaches from its root.
func (c *Case) commandMounts() evidence.Fact[[]evidence.Mount] {
	if after := c.Evidence.AfterExec; after != nil && after.Mounts.Known {
		return after.Mounts
	}
	return c.Evidence.Outside.Mounts
}

// mountByID is the line of the mount with this number, nil for none.
func mountByID(lines []evidence.Mount, id int) *evidence.Mount {
	for i := range lines {
		if lines[i].ID == id {
			return &lines[i]
		}
	}
	return nil
}

// judgeJoinedRoot wants the command's root to be that of the mount namespace that it
// has joined. What its mounts show is others' affair.
func (c *Case) judgeJoinedRoot() Finding {
	lines, root := c.commandMounts(), c.Evidence.Outside.Root
	f := Finding{Expected: "the root of the joined namespace", Side: SideOutside, Source: lines.Source + ", " + root.Source}
	if why := cmp.Or(missing(lines), missing(root)); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	on := mountByID(lines.Value, root.Value.Mount)
	switch {
	case on == nil:
		f.Found = "mount " + number(root.Value.Mount)
		return f.fail("the command's root lies on a mount that the joined namespace does not hold")
	case on.Point != "/":
		f.Found = "the mount at " + on.Point
		return f.fail("the command's root is not the root of its mounts")
	}
	f.Found = "its root, " + count(len(lines.Value), "mount")
	return f.declared("namespaces.mount is joined: others have made this tree, and may change it; no key says what there is to read and to write")
}

// judgeJoinedCwd wants the working directory to lie in the mount namespace that the
// command has joined, and to be called there as the caller's is here.
func (c *Case) judgeJoinedCwd() Finding {
	lines, in, out := c.commandMounts(), c.Evidence.Inside.Cwd, c.Evidence.Outside.Cwd
	f := Finding{Side: SideBoth, Source: in.Source + ", " + out.Source + ", " + lines.Source}
	if why := cmp.Or(missing(in), missing(out), missing(lines)); why != "" {
		f.Side = oneSide(in.Known, out.Known)
		return f.unknown(why)
	}
	if c.Expect.Tree == nil {
		return f.unknown("where the command is to start is not known")
	}
	f.Expected, f.Found = c.Expect.Tree.Workdir+", in the joined namespace", in.Value
	switch {
	case in.Value != out.Value.Path:
		f.Found = "inside " + in.Value + ", outside " + out.Value.Path
		return f.fail(disagree)
	case mountByID(lines.Value, out.Value.Mount) == nil:
		return f.fail("it lies on a mount that the joined namespace does not hold")
	case in.Value != c.Expect.Tree.Workdir:
		return f.fail("it is another directory: where a link of the joined namespace leads there, start netjail in a directory without one, such as /")
	}
	return f.declared("namespaces.mount is joined: which directory this is there, others decide")
}
