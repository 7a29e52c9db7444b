package plan

import "github.com/netjail/netjail/internal/tree"

// rootOp is the name of the op whose result is a descriptor of the tree's root.
const rootOp = "mount.root"

// makeRoot begins a new root, or opens the caller's.
func (t *treeBuilder) makeRoot() {
	if t.layout.InPlace {
		t.step(Op{
			Name: rootOp, Call: "openat", Args: []Arg{atFDCWD, str("/"), flags(named("O_PATH", 0o10000000), oCloexec)},
			Why: "what the targets' paths lead from",
		})
		return
	}
	t.newTmpfs(rootOp, "0755", "the new root, empty at first")
	t.admin(Op{
		Name: rootOp + ".attach", Call: "move_mount", Args: []Arg{result(rootOp), str(""), atFDCWD, str("/"), moveFromFD},
		Why: "the kernel mounts nothing on what is nowhere, nor makes a root of it",
	})
}

// newTmpfs makes a tmpfs that is mounted nowhere. Its descriptor, the result of
// the op called name, leads into it whatever is mounted where later.
func (t *treeBuilder) newTmpfs(name, perm, why string) {
	t.admin(Op{Name: name + ".open", Call: "fsopen", Args: []Arg{str("tmpfs"), fsopenCloexec}, Why: why})
	fs := result(name + ".open")
	if perm != "" {
		t.admin(Op{
			Name: name + ".mode", Call: "fsconfig", Args: []Arg{fs, fsconfigString, str("mode"), str(perm), num(0)},
			Why: "the permission bits of its root",
		})
	}
	t.admin(Op{Name: name + ".create", Call: "fsconfig", Args: []Arg{fs, fsconfigCreate, null, null, num(0)}, Why: why})
	t.admin(Op{Name: name, Call: "fsmount", Args: []Arg{fs, fsmountCloexec, flags(attrNosuid, attrNodev)}, Why: "a mount of it that is nowhere yet"})
}

// sealed says whether entry i becomes read-only only once all in it is made.
func (t *treeBuilder) sealed(i int) bool {
	e := &t.entries[i]
	return e.Kind == tree.Tmpfs && e.Options.Has(tree.ReadOnly) && t.made[i]
}

// sealAll makes read-only what had to be written to, the new root last.
func (t *treeBuilder) sealAll() {
	for i := range t.entries {
		if !t.sealed(i) {
			continue
		}
		m := t.batch(i)
		where, path, how := result(t.around(i).root), str(t.around(i).path(m.first().Target)), atNoFollow
		if name := enterName(m.first()); t.within(i).root == name {
			where, path, how = result(name), str(""), atEmptyPath
		}
		t.named(m, Op{
			Name: m.name("seal"), Call: "mount_setattr", Args: []Arg{where, path, how, t.attr(tree.ReadOnly), num(mountAttrSize)},
			Needs: adminInside, Why: "all that it is to hold is there",
		})
	}
	if !t.layout.InPlace {
		t.admin(Op{
			Name: rootOp + ".seal", Call: "mount_setattr",
			Args: []Arg{result(rootOp), str(""), atEmptyPath, t.attr(tree.ReadOnly), num(mountAttrSize)}, Why: "all that it is to hold is there",
		})
	}
}

// enterRoot makes the tree what the command sees, and goes to where it starts.
func (t *treeBuilder) enterRoot() {
	if t.layout.InPlace {
		t.clearStore()
	} else {
		if t.cwd != rootOp {
			t.step(Op{Name: rootOp + ".enter", Call: "fchdir", Args: []Arg{result(rootOp)}, Why: "pivot_root(2) takes paths"})
		}
		t.admin(Op{
			Name: rootOp + ".pivot", Call: "pivot_root", Args: []Arg{str("."), str(".")},
			Why: "the new root is the root; the host's lies over it for the moment",
		})
		t.admin(Op{
			Name: rootOp + ".leave", Call: "umount2", Args: []Arg{str("."), mntDetach},
			Why: "the host's tree goes, and the store in it",
		})
	}
	t.step(Op{Name: rootOp + ".workdir", Call: "chdir", Args: []Arg{str(t.layout.Workdir)}, Why: "where the command starts, in its own tree"})
}
