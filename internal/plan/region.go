package plan

import "github.com/netjail/netjail/internal/tree"

// region is a part of the tree under construction, as far as finding a path in
// it goes.
type region struct {
	// root names the op whose result is a descriptor of a directory, and prefix is
	// the path of that directory inside; empty for the root.
	root, prefix string
	// ours is true where all names from there on are netjail's or the kernel's:
	// nobody else can change what one leads to.
	ours bool
	// memory is true where what is made is not made on the host.
	memory bool
	// plain is true where files have the devices and inodes that they have on the
	// host.
	plain bool
}

// baseRegion is a layout's root.
func baseRegion(l *tree.Layout) region {
	return region{root: rootOp, ours: !l.InPlace, memory: !l.InPlace, plain: l.InPlace}
}

// path is a target from the region's directory on.
func (r region) path(target string) string {
	switch rest := target[len(r.prefix):]; rest {
	case "", "/":
		return "."
	default:
		return rest[1:]
	}
}

// below says whether a path lies below another.
func below(path, above string) bool {
	if above == "/" {
		return len(path) > 1
	}
	return len(path) > len(above) && path[len(above)] == '/' && path[:len(above)] == above
}

// holds says whether other entries may lie in what an entry mounts. What becomes
// a mount of itself is still the tree that it is in.
func holds(e *tree.Entry) bool { return e.Kind.Mounts() && e.Kind != tree.Mask && !e.Self }

// survey finds for every entry the mount that it lies in.
func (t *treeBuilder) survey() {
	n := len(t.entries)
	t.owner, t.behind = make([]int, n), make([]int, n)
	t.made, t.used, t.done = make([]bool, n), make([]bool, n), make([]bool, n)
	mounts := make([]int, 0, n)
	for i := range t.entries {
		e := &t.entries[i]
		t.owner[i], t.behind[i] = -1, -1
		for _, m := range mounts {
			t.relate(i, m)
		}
		if o := t.owner[i]; o >= 0 {
			t.used[o] = true
			t.made[o] = t.made[o] || !e.Kind.Mounts()
		}
		if e.Kind.Mounts() {
			mounts = append(mounts, i)
		}
	}
}

// relate notes what a mount before it means for entry i.
func (t *treeBuilder) relate(i, mount int) {
	target, m := t.entries[i].Target, &t.entries[mount]
	if target == m.Target {
		t.behind[i] = mount
		return
	}
	if !below(target, m.Target) {
		return
	}
	t.behind[i] = mount
	if o := t.owner[i]; holds(m) && (o < 0 || len(m.Target) >= len(t.entries[o].Target)) {
		t.owner[i] = mount
	}
}

// around is the region that entry i stands in.
func (t *treeBuilder) around(i int) region {
	o := t.owner[i]
	if o < 0 {
		return t.base
	}
	return t.within(o)
}

// within is the region that the mount of entry i makes.
func (t *treeBuilder) within(i int) region {
	e := &t.entries[i]
	r := region{root: t.base.root}
	switch e.Kind {
	case tree.Tmpfs, tree.Proc, tree.Devpts:
		if around := t.around(i); around.ours {
			r.root, r.prefix = around.root, around.prefix
		} else {
			r.root, r.prefix = enterName(e), e.Target
		}
		r.ours, r.memory = true, e.Kind == tree.Tmpfs
	case tree.Ephemeral:
		r.memory = true
	case tree.Bind:
		r.plain = true
	}
	return r
}

// enterName is the name of the op that opens the root of a mount to which no
// path leads that is netjail's alone.
func enterName(e *tree.Entry) string { return "mount.enter." + e.Target }

// enter opens that root, where something is to be made or found in it.
func (t *treeBuilder) enter(i int) {
	e := &t.entries[i]
	if t.used[i] && t.within(i).root == enterName(e) {
		t.openOne(enterName(e), t.batch(i), e.Target, "what the paths in it lead from")
	}
}
