package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/tree"
)

// mountAll makes the mounts of the layout: each behind those that it lies in or
// over, and those that are alike together. In each comes what the layout makes in
// it.
func (t *treeBuilder) mountAll() {
	for i := range t.entries {
		if t.done[i] || !t.entries[i].Kind.Mounts() {
			continue
		}
		m := t.alike(i)
		t.mount(m)
		for _, k := range m.at {
			t.done[k] = true
			t.enter(k)
			t.make(k)
		}
	}
}

// alike are entry i and those behind it that can be made by the same ops.
func (t *treeBuilder) alike(i int) batch {
	at := append(make([]int, 0, 8), i)
	r := t.around(i)
	for j := i + 1; j < len(t.entries); j++ {
		if t.entries[j].Kind.Mounts() && !t.done[j] && t.joins(i, j, r) {
			at = append(at, j)
		}
	}
	return t.batch(at...)
}

// joins says whether entry j can be made together with entry i, which stands in
// region r: they are of one kind, j stands in the same region, and what j lies in
// or over is there already.
func (t *treeBuilder) joins(i, j int, r region) bool {
	first, e := &t.entries[i], &t.entries[j]
	if e.Kind != first.Kind || e.Self != first.Self || e.Recursive != first.Recursive || t.behind[j] >= 0 && !t.done[t.behind[j]] {
		return false
	}
	if e.Kind != tree.Bind && e.Kind != tree.Mask && (!r.ours || e.Options != first.Options || t.sealed(i) != t.sealed(j)) {
		return false // one call of mount(2) has one set of flags, and one current directory
	}
	return t.around(j) == r
}

// mount makes the mounts of a batch.
func (t *treeBuilder) mount(m batch) {
	switch e := m.first(); {
	case e.Self:
		t.mountSelf(m)
	case e.Kind == tree.Bind:
		t.attach(m, t.find(m))
	case e.Kind == tree.Mask:
		where := t.find(m)
		files := t.room(len(m.at))
		for range m.at {
			files = append(files, str(emptyFile))
		}
		t.clone(m, Op{Name: m.name("clone"), Args: []Arg{result(storeOp), each, openTreeClone}, Each: files})
		t.attach(m, where)
	default:
		t.mountFS(m)
	}
}

// mountSelf makes mounts of what is there already. Where others can change names
// it is opened once and that descriptor is both what is mounted and where.
func (t *treeBuilder) mountSelf(m batch) {
	where := t.find(m)
	name := m.name("clone")
	if where.opened == "" {
		paths := t.room(len(m.at))
		for k := range m.at {
			paths = append(paths, where.at(k))
		}
		t.clone(m, Op{Name: name, Args: []Arg{result(where.root), each, t.cloneFlags(m, atNoFollow)}, Each: paths})
		t.attach(m, where)
		return
	}
	for k, i := range m.at {
		t.handles[i] = where.at(k)
	}
	if t.around(m.at[0]).plain {
		t.compare(m, where.opened)
	}
	t.cloneOpened(m, name)
	t.attach(m, where)
}

// mountFS mounts file systems of one type.
func (t *treeBuilder) mountFS(m batch) {
	fs := kindTypes[m.first().Kind]
	data := make([]Arg, len(m.at))
	for k, i := range m.at {
		data[k] = t.data(i)
	}
	path := t.stand(m, t.find(m))
	to := t.room(2 * len(m.at))
	for k := range m.at {
		to = append(to, path(k), data[k])
	}
	o := Op{
		Call: "mount", Args: []Arg{str(fs), each, str(fs), t.flagsOf(m.at[0]), each}, Each: to, Needs: adminInside, Why: "a file system of its own",
	}
	if m.first().Kind == tree.Proc && t.actor == Child {
		t.aside(func(by Actor) {
			was := t.actor
			t.actor = by
			t.of(m, "", o)
			t.actor = was
		})
		return
	}
	t.of(m, "", o)
}

// kindTypes are the types of file system that kinds are.
var kindTypes = [...]string{
	tree.Tmpfs: "tmpfs", tree.Overlay: "overlay", tree.Ephemeral: "overlay", tree.Proc: "proc", tree.Devpts: "devpts",
}

// flagsOf are a mount's options for mount(2). A tmpfs in which something is made
// becomes read-only when all is.
func (t *treeBuilder) flagsOf(i int) Arg {
	o := options(&t.entries[i])
	if t.sealed(i) {
		o &^= tree.ReadOnly
	}
	return mountFlags(o)
}

// data is what mount(2) passes to an entry's file system.
func (t *treeBuilder) data(i int) Arg {
	e := &t.entries[i]
	switch e.Kind {
	case tree.Overlay, tree.Ephemeral:
		return str(t.layers(i))
	case tree.Devpts:
		return str("newinstance,ptmxmode=0666,mode=0600")
	case tree.Tmpfs:
		text := "mode=" + modeText(e.Perm)
		if e.Size > 0 {
			text += ",size=" + strconv.FormatUint(e.Size, 10)
		}
		return str(text)
	}
	return null
}
