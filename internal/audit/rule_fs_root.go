package audit

import "github.com/netjail/netjail/internal/ns"

var fsRoot = Rule{
	ID:       "fs.root",
	Proves:   "The tree of files is the one that the profile declares: every mount is there, on top, of the right file system and with its attributes, and there is no other.",
	Evidence: mountsEvidence + "; the mount that /proc/PID/root lies on; in a full audit, where links lead, and the times of the directory that each overlay shows",
	Control:  mountsControl,
	Remedy:   "`netjail plan` shows how the tree is made; where the host's mounts change meanwhile, start again",
	Key:      keyRoot,
	Judge:    judgeRoot,
}

func judgeRoot(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: c.Policy.Filesystem.Root.String()}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	f.Expected += ", " + count(len(t.list), "mount")
	if bad := t.everyProblem(); len(bad) > 0 {
		f.Found = several(bad)
		return f.fail(otherTree)
	}
	if c.Evidence.Full {
		bad, why := c.lookTree(&f)
		if why != "" {
			return f.unknown(why)
		}
		if len(bad) > 0 {
			f.Found = several(bad)
			return f.fail(otherTree)
		}
	}
	f.Found = count(len(t.lines), "mount") + ", each as declared"
	return c.judgeStand(f, t)
}

const otherTree = "the tree is not the declared one"

// everyProblem is everything that the mount table tells against the tree.
func (t *mountTable) everyProblem() []string {
	var found []string
	for _, line := range t.extra {
		found = append(found, line.Point+" ("+line.Type+") was not asked for")
	}
	for i := range t.list {
		if why := t.problem(i); why != "" {
			found = append(found, why)
		}
	}
	return found
}

// judgeStand wants the command's root to be the root of the mounts that it sees.
func (c *Case) judgeStand(f Finding, t *mountTable) Finding {
	root := c.Evidence.Outside.Root
	f.Source += ", " + root.Source
	switch why := missing(root); {
	case why != "":
		return f.unknown(why)
	case root.Value.Mount != t.got[0].ID:
		f.Found = "the root is mount " + number(root.Value.Mount) + ", and / is " + number(t.got[0].ID)
		return f.fail("the command's root is not the root of its mounts")
	case c.Expect.Tree.InPlace:
		return f.declared("filesystem.root is host: the tree is the caller's, but for what other keys mount over it")
	}
	return f.pass()
}
