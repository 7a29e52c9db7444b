package audit

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
		return shared("namespaces.mount")
	}
	f := Finding{Expected: c.Policy.Filesystem.Root.String()}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	f.Expected += ", " + count(len(t.list), "mount")
	var found []string
	for i := range t.list {
		if why := t.problem(i); why != "" {
			found = append(found, why)
		}
	}
	for _, line := range t.extra {
		found = append(found, line.Point+" ("+line.Type+") was not asked for")
	}
	if len(found) > 0 {
		f.Found = several(found)
		return f.fail("the tree is not the declared one")
	}
	root := c.Evidence.Outside.Root
	f.Source += ", " + root.Source
	if why := missing(root); why != "" {
		return f.unknown(why)
	}
	if c.Evidence.Full {
		bad, why := c.lookTree(&f)
		if why != "" {
			return f.unknown(why)
		}
		if len(bad) > 0 {
			f.Found = several(bad)
			return f.fail("the tree is not the declared one")
		}
	}
	f.Found = count(len(t.lines), "mount") + ", each as declared"
	if root.Value.Mount != t.got[0].ID {
		f.Found = "the root is mount " + number(root.Value.Mount) + ", and / is " + number(t.got[0].ID)
		return f.fail("the command's root is not the root of its mounts")
	}
	if c.Expect.Tree.InPlace {
		return f.declared("filesystem.root is host: the tree is the caller's, but for what other keys mount over it")
	}
	return f.pass()
}
