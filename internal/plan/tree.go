package plan

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/tree"
)

// treeBuilder makes the ops of a layout.
//
// Nobody must be able to make a path lead elsewhere while the tree is made: what
// the command may write, somebody who runs at the same time may write as well.
// So a source is opened without following a link, and compared with what the
// snapshot saw; and a target is either found through names that are netjail's
// own, or opened in the same way, and mounted on as a descriptor.
type treeBuilder struct {
	*builder
	// actor is who carries out the ops of entries.
	actor   Actor
	layout  *tree.Layout
	entries []tree.Entry
	// base is the region of the root.
	base region
	// owner is for each entry the mount that it lies in directly, -1 for the root;
	// behind is the last mount before it that it lies in or over, also one of a
	// path upon itself. used says of a mount that entries lie in it, made that some
	// of them are no mounts, done that it was made.
	owner, behind    []int
	used, made, done []bool
	// handles are, for what is mounted from a descriptor, that descriptor; stats
	// are where the mode of a source is written.
	handles, stats []Arg
	// attrs are struct mount_attr, by options.
	attrs [1 << len(attributes)]Arg
	// slots are the fixed numbers of descriptors that stand in a string, by entry;
	// store is the store's. 0 is none, next the first that is free.
	slots       []int
	store, next int
	// cwd names the op whose result is the current directory, empty for unknown.
	cwd string
	// straight and beneath are struct open_how for a source and for a target.
	straight, beneath Arg
}

// lays says whether there is a layout that asks for anything.
func (h *Host) lays() bool { return h.Tree != nil && (!h.Tree.InPlace || len(h.Tree.Entries) > 0) }

// makesTree says whether the plan makes what the command sees as its files.
func (b *builder) makesTree() bool { return b.policy.New(ns.Mount) && b.host.lays() }

// opsOfTree is about how many ops the layout comes to.
func (h *Host) opsOfTree() int {
	if !h.lays() {
		return 0
	}
	return 40 + 2*len(h.Tree.Entries)
}

// laysProc says whether the layout brings a /proc.
func (b *builder) laysProc() bool {
	if !b.host.lays() {
		return false
	}
	for i := range b.host.Tree.Entries {
		if e := &b.host.Tree.Entries[i]; e.Kind == tree.Proc && e.Target == "/proc" {
			return true
		}
	}
	return !b.host.Tree.InPlace
}

// newTreeBuilder takes in a layout.
func newTreeBuilder(b *builder) *treeBuilder {
	l := b.host.Tree
	n := len(l.Entries)
	t := &treeBuilder{
		builder: b, actor: Child, layout: l, entries: l.Entries, next: b.firstSlot(n),
		handles: make([]Arg, n), stats: make([]Arg, n), slots: make([]int, n), straight: openHow(false), beneath: openHow(true),
	}
	t.base = baseRegion(l)
	t.survey()
	return t
}

// tree makes what the command sees as its files.
func (b *builder) tree() {
	t := b.laid
	if t == nil {
		return
	}
	t.step(Op{
		Name: umaskOp, Call: "umask", Args: []Arg{num(0)},
		Why: "permission bits are to be what the layout says, whatever the caller's mask",
	})
	t.sources()
	t.makeRoot()
	t.makeStore()
	t.make(-1)
	t.mountAll()
	t.sealAll()
	t.enterRoot()
	t.step(Op{Name: umaskOp + ".back", Call: "umask", Args: []Arg{result(umaskOp)}, Why: "the command gets the caller's mask"})
	t.closeAll("mount.close.", "filesystem.root", "what the tree was made of must not stay open: a directory of the host's is a way out of the new root",
		t.keptFDs()...)
}

// keptFDs are those of the set-up's that the child needs when its tree stands. The
// number of any other may be one that the tree was made of.
func (b *builder) keptFDs() []FD {
	fds := []FD{FDGate}
	if b.plan.Forks {
		fds = append(fds, FDStatus, FDReaper)
	}
	if b.strangeProc() {
		fds = append(fds, procFD)
	}
	return fds
}

// firstSlot is the first number that none of the descriptors has which the kernel
// numbers itself. It gives the lowest that is free, and an entry has four open at
// most: its source, a mount of that, its place, and its root. A number among them
// would take one's place.
func (b *builder) firstSlot(entries int) int {
	const beside = 16 // the root, the store and their file systems
	return b.host.FDBase + b.host.FDs() + 4*entries + beside
}

const umaskOp = "mount.umask"

// step appends an op that is of the whole tree and of no entry.
func (t *treeBuilder) step(o Op) {
	o.Key = "filesystem.root"
	t.child(o)
}

// admin is step for a call that takes privilege.
func (t *treeBuilder) admin(o Op) {
	o.Needs = adminInside
	t.step(o)
}
