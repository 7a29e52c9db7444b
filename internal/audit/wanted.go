package audit

import "github.com/netjail/netjail/internal/tree"

// wanted is a mount that the command's table is to hold.
type wanted struct {
	// by is the entry that asks for it; nil for the new root, and for a mount of
	// the caller's that stays.
	by *tree.Entry
	// host is the mount of the caller's whose file system it shows; nil for a file
	// system of the jail's own.
	host *tree.MountPoint
	// Type is that of the file system; empty where the layout leaves it open.
	fstype string
	// root is the directory or file of the file system that is mounted.
	root string
	// flags are those that it has at least.
	flags tree.Options
}

// kept says whether it is a mount of the caller's that stays as it is.
func (w *wanted) kept() bool { return w.by == nil && w.host != nil }

// wantedTree is every mount that is to be there.
type wantedTree struct {
	forest
	list []wanted // of each mount of the forest

	table   []tree.MountPoint // the caller's
	callers forest            // the same as a tree

	// sorted is true as long as each mount was added right behind those that it
	// lies below, so that the last one leads to the next.
	sorted bool
}

// newRoot are the attributes of a new root, newRootPerm its permission bits.
const (
	newRoot     = tree.ReadOnly | tree.Nosuid | tree.Nodev
	newRootPerm = 0o755
)

// wantedMounts is what comes out of a layout, on top of the caller's mount table.
// It is false where that makes no tree.
func wantedMounts(l *tree.Layout, table []tree.MountPoint) (*wantedTree, bool) {
	t := &wantedTree{table: table, callers: forestOf(table), sorted: !l.InPlace}
	n := len(l.Entries) + 1
	t.at, t.on, t.list = make([]string, 0, n), make([]int, 0, n), make([]wanted, 0, n)
	top := t.callers.root()
	if top < 0 {
		return nil, false
	}
	if l.InPlace {
		t.copy(top, "/", "/", -1, nil)
	} else {
		t.add("/", -1)
		t.list = append(t.list, wanted{fstype: "tmpfs", root: "/", flags: newRoot})
	}
	for i := range l.Entries {
		if e := &l.Entries[i]; e.Kind.Mounts() {
			t.sorted = t.sorted && !e.Recursive && (i == 0 || sortedPaths(l.Entries[i-1].Target, e.Target))
			t.enter(e)
		}
	}
	return t, true
}

// forestOf is a mount table as a tree.
func forestOf(table []tree.MountPoint) forest {
	f := forest{at: make([]string, len(table)), on: make([]int, len(table))}
	for i := range table {
		f.at[i], f.on[i] = table[i].Point, -1
		for j := range table {
			if table[j].ID == table[i].Parent && j != i {
				f.on[i] = j
				break
			}
		}
	}
	return f
}

// enter adds what one entry mounts.
func (t *wantedTree) enter(e *tree.Entry) {
	on := t.place(e.Target)
	if e.Kind == tree.Bind && !e.Self {
		t.copy(t.callers.top(e.Source), e.Source, e.Target, on, e)
		return
	}
	w := wanted{by: e, root: "/", flags: e.Options}
	switch e.Kind {
	case tree.Tmpfs:
		w.fstype = "tmpfs"
	case tree.Overlay, tree.Ephemeral:
		w.fstype = "overlay"
	case tree.Proc:
		w.fstype = "proc"
	case tree.Devpts:
		w.fstype = "devpts"
	case tree.Bind:
		under := &t.list[on]
		w.fstype, w.host, w.root = under.fstype, under.host, moved(e.Target, t.at[on], under.root)
		w.flags |= under.flags
	}
	t.add(e.Target, on)
	t.list = append(t.list, w)
}

// place is the mount that a path lies on so far: top, but found at once where
// the mounts come in the order of their paths.
func (t *wantedTree) place(path string) int {
	if !t.sorted {
		return t.top(path)
	}
	on := len(t.at) - 1
	for !covers(t.at[on], path) {
		on = t.on[on]
	}
	return on
}

// sortedPaths says whether b may come right behind a where every directory
// stands before what lies below it, and all of that before anything else.
func sortedPaths(a, b string) bool {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return b[i] != '/' && (a[i] == '/' || a[i] < b[i])
		}
	}
	return len(a) <= len(b)
}

// copy adds the mount of the caller's that shows dir, as it comes to lie at a
// path, and what is mounted below dir. Without an entry it is the caller's own
// tree that stays.
func (t *wantedTree) copy(mount int, dir, at string, on int, by *tree.Entry) {
	m := &t.table[mount]
	w := wanted{by: by, host: m, fstype: m.Type, root: moved(dir, m.Point, m.Root), flags: m.Options}
	if by != nil {
		w.flags |= by.Options
	}
	on = t.add(at, on)
	t.list = append(t.list, w)
	if by != nil && !by.Recursive {
		return
	}
	for i, under := range t.callers.on {
		if under == mount && covers(dir, t.callers.at[i]) {
			t.copy(i, t.callers.at[i], moved(t.callers.at[i], dir, at), on, by)
		}
	}
}

// hosts says whether a device is one of the caller's file systems.
func (t *wantedTree) hosts(device string) bool {
	for i := range t.table {
		if t.table[i].Device == device {
			return true
		}
	}
	return false
}
