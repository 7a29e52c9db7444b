package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/tree"
)

// What is shared with root's command is given to it as an idmapped mount: on
// disk its owner's, inside the command's, and nobody else's there at all. That
// takes privilege over the host's file systems, so netjail makes those mounts
// ahead, and the child finds each as a descriptor.

// aheadOp is what the names of their ops begin with.
const aheadOp = "idmap."

// mounts is how many mounts are made ahead.
func (h *Host) mounts() int {
	n := 0
	if h.Tree != nil {
		for i := range h.Tree.Entries {
			if h.Tree.Entries[i].Owner != nil {
				n++
			}
		}
	}
	return n
}

// owners are those whose files become the command's, each once.
func (h *Host) owners() []tree.Owner {
	var list []tree.Owner
	if h.Tree == nil {
		return nil
	}
	for i := range h.Tree.Entries {
		if o := h.Tree.Entries[i].Owner; o != nil && index(list, *o) < 0 {
			list = append(list, *o)
		}
	}
	return list
}

func index(list []tree.Owner, o tree.Owner) int {
	for i := range list {
		if list[i] == o {
			return i
		}
	}
	return -1
}

// Given are the entries that the command may write because netjail gives them to
// it.
func (h *Host) Given() []*tree.Entry {
	var list []*tree.Entry
	if h.Tree == nil {
		return nil
	}
	for i := range h.Tree.Entries {
		if e := &h.Tree.Entries[i]; e.Owner != nil && e.Kind == tree.Bind && !e.Options.Has(tree.ReadOnly) {
			list = append(list, e)
		}
	}
	return list
}

// mountFDs are the child's descriptors of those mounts.
func (h *Host) mountFDs() []FD {
	fds := make([]FD, h.mounts())
	for i := range fds {
		fds[i] = FD(FDCount + i)
	}
	return fds
}

// mountAhead takes in the layout, and makes what of it netjail makes itself.
func (b *builder) mountAhead() {
	if !b.host.lays() {
		return
	}
	b.laid = newTreeBuilder(b)
	if b.host.mounts() > 0 {
		b.laid.actor = Ahead
		b.laid.ahead()
		b.laid.actor = Child
	}
}

// ahead makes the mounts, each numbered as the child knows it.
func (t *treeBuilder) ahead() {
	var all []int
	for i := range t.entries {
		if t.entries[i].Owner != nil {
			all = append(all, i)
		}
	}
	owners := t.host.owners()
	users := t.host.FDBase + t.host.ChildFDs()
	for i, o := range owners {
		t.makeUsers(o, users+i)
	}
	m := t.batch(all...)
	t.openSources(aheadOp+"source", m)
	t.cloneAhead(all, owners, users, false)
	t.cloneAhead(all, owners, users, true)
	t.compareOwners(all)
	t.numberAhead(m)
}

// makeUsers makes the user namespace in which an owner's ids on disk are the
// command's outside.
func (t *treeBuilder) makeUsers(o tree.Owner, fd int) {
	uids := mapText([]MapLine{{o.UID, t.plan.OutsideUID, 1}})
	gids := mapText([]MapLine{{o.GID, t.plan.OutsideGID, 1}})
	t.add(Op{
		Name: aheadOp + "users." + strconv.Itoa(int(o.UID)) + "." + strconv.Itoa(int(o.GID)), Actor: Ahead, Call: DeedMakeUsers,
		Args: []Arg{raw([]byte(uids), strconv.Quote(uids)), raw([]byte(gids), strconv.Quote(gids)), num(fd)},
		Key:  "uidMappings", Needs: "CAP_SETUID and CAP_SETGID",
		Why: "what a mount's ids are translated by: one owner's on disk are the command's, and nobody else's are anything",
	})
}

// cloneAhead makes detached mounts of the sources, with what is mounted below
// them or of those without, and gives them their options and their owners.
func (t *treeBuilder) cloneAhead(all []int, owners []tree.Owner, users int, recursive bool) {
	var at []int
	for _, i := range all {
		if t.entries[i].Recursive == recursive {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return
	}
	name, f := aheadOp+"clone", atEmptyPath
	if recursive {
		name, f = name+".recursive", flags(atEmptyPath, atRecursive)
	}
	m := t.batch(at...)
	opened, given := t.room(len(at)), t.room(2*len(at))
	for k, i := range at {
		opened = append(opened, t.handles[i])
		t.handles[i] = resultAt(name, k)
		given = append(given, t.handles[i], idmapAttr(options(m.entries[k]), users+index(owners, *m.entries[k].Owner)))
	}
	t.named(m, Op{
		Name: name, Call: "open_tree", Args: []Arg{each, str(""), t.cloneFlags(m, atEmptyPath)}, Each: opened,
		Needs: "CAP_SYS_ADMIN", Why: cloneWhy,
	})
	t.named(m, Op{
		Name: name + ".owner", Call: "mount_setattr", Args: []Arg{each, str(""), f, each, num(mountAttrSize)}, Each: given,
		Needs: "CAP_SYS_ADMIN over the file system", Why: "in it the owner's files are the command's; nobody else's are, and those cannot be written",
	})
}

// compareOwners makes sure that the owner's files have become the command's. A
// part of a home that is somebody else's has not.
func (t *treeBuilder) compareOwners(all []int) {
	var at []int
	for _, i := range all {
		if e := &t.entries[i]; e.Node.Owner == *e.Owner {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return
	}
	const name = aheadOp + "owner"
	m := t.batch(at...)
	of, uids, gids := t.room(2*len(at)), t.room(len(at)), t.room(len(at))
	for k, i := range at {
		of = append(of, t.handles[i], outAt(k*statxSize))
		uids = append(uids, outOf(name, k*statxSize+statxUID))
		gids = append(gids, outOf(name, k*statxSize+statxGID))
	}
	t.named(m, Op{
		Name: name, Call: "statx", Args: []Arg{each, str(""), atFD, statxOwners, each}, Each: of,
		Out: statxSize * len(at), Why: "whose it is, seen through the mount",
	})
	t.named(m, Op{
		Name: name + ".uid", Call: Word, Args: []Arg{each}, Each: uids,
		Expect: equal(int64(int32(t.plan.OutsideUID))), Why: "it is the command's user",
	})
	t.named(m, Op{
		Name: name + ".gid", Call: Word, Args: []Arg{each}, Each: gids,
		Expect: equal(int64(int32(t.plan.OutsideGID))), Why: "it is the command's group",
	})
}

// numberAhead gives the mounts the numbers by which the child knows them.
func (t *treeBuilder) numberAhead(m batch) {
	numbers := t.room(2 * len(m.at))
	for k, i := range m.at {
		fd := num(t.host.FDBase + FDCount + k)
		numbers = append(numbers, t.handles[i], fd)
		t.handles[i] = fd
	}
	t.named(m, Op{
		Name: aheadOp + "number", Call: "dup3", Args: []Arg{each, each, oCloexec}, Each: numbers,
		Why: "the child finds it by this number",
	})
}

// placeLowers puts the mounts that overlays show into the store: the kernel takes
// no layer from a mount that is nowhere.
func (t *treeBuilder) placeLowers() {
	var at []int
	for i := range t.entries {
		if e := &t.entries[i]; e.Owner != nil && e.Kind != tree.Bind {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return
	}
	m := t.batch(at...)
	dirs, to := t.room(len(at)), t.room(2*len(at))
	for _, i := range at {
		dirs = append(dirs, str(lowerDir(i)))
		to = append(to, t.handles[i], str(lowerDir(i)))
	}
	t.named(m, Op{
		Name: storeOp + ".lower", Call: "mkdirat", Args: []Arg{result(storeOp), each, mode(0o555)}, Each: dirs,
		Why: "where the directory that an overlay shows is mounted",
	})
	t.named(m, Op{
		Name: storeOp + ".lower.attach", Call: "move_mount", Args: []Arg{each, str(""), result(storeOp), each, moveFromFD}, Each: to,
		Needs: adminInside, Why: "the kernel takes no layer from a mount that is nowhere",
	})
}

// lowerDir is where the mount that entry i shows through an overlay stands in
// the store.
func lowerDir(i int) string { return "lower" + strconv.Itoa(i) }
