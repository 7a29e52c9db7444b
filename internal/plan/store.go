package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/tree"
)

// The store is a tmpfs that only netjail sees: it holds what overlays need beside
// the host's directory, and the file that masks show. It has to be mounted while
// they are made, and is where nobody looks: every /proc has this directory.
const storePlace = "/proc/driver"

const storeOp = "mount.store"

// Names in the store.
const (
	emptyDir  = "empty"
	emptyFile = "none"
)

// makeStore makes it, with what the layout needs of it.
func (t *treeBuilder) makeStore() {
	overlay, mask, ephemeral := t.has(tree.Overlay), t.has(tree.Mask), t.has(tree.Ephemeral)
	if !overlay && !mask && !ephemeral {
		return
	}
	t.newTmpfs(storeOp, "", "holds what is no part of the tree and is needed to make it")
	t.admin(Op{
		Name: storeOp + ".attach", Call: "move_mount", Args: []Arg{result(storeOp), str(""), atFDCWD, str(storePlace), moveFromFD},
		Why: "the kernel mounts nothing from a tmpfs that is nowhere",
	})
	if overlay || ephemeral || t.layout.InPlace {
		t.store = t.slot()
		t.step(Op{
			Name: storeOp + ".number", Call: "dup3", Args: []Arg{result(storeOp), num(t.store), oCloexec},
			Why: "a path leads to it by a number that is known beforehand",
		})
	}
	if overlay {
		t.step(Op{
			Name: storeOp + "." + emptyDir, Call: "mkdirat", Args: []Arg{result(storeOp), str(emptyDir), mode(0o555)},
			Why: "an overlay that nobody writes to needs a second layer",
		})
	}
	t.placeLowers()
	if mask {
		t.step(Op{
			Name: storeOp + "." + emptyFile, Call: "mknodat", Args: []Arg{result(storeOp), str(emptyFile), flags(sIFREG, mode(0o444)), num(0)},
			Why: "what hidden files read as",
		})
	}
}

// clearStore unmounts it where the root that it is mounted in stays.
func (t *treeBuilder) clearStore() {
	if t.store > 0 {
		at := fdPath(t.store)
		if t.strangeProc() {
			t.step(Op{Name: storeOp + ".proc", Call: "fchdir", Args: []Arg{t.procFD()}, Why: "the /proc of the tree does not show the child"})
			at = at[len("/proc/"):]
		}
		t.admin(Op{
			Name: storeOp + ".clear", Call: "umount2", Args: []Arg{str(at), mntDetach},
			Why: "it is no part of the tree",
		})
	}
}

// has says whether the layout has an entry of this kind.
func (t *treeBuilder) has(k tree.Kind) bool {
	for i := range t.entries {
		if t.entries[i].Kind == k {
			return true
		}
	}
	return false
}

// layers makes the two directories of an ephemeral entry, with the permission
// bits of the host's directory, and says what overlayfs is to take.
func (t *treeBuilder) layers(i int) string {
	m := t.batch(i)
	store := fdPath(t.store) + "/"
	lower := "lowerdir=" + fdPath(t.slots[i])
	if t.entries[i].Owner != nil {
		lower = "lowerdir=" + store + lowerDir(i)
	}
	if t.entries[i].Kind == tree.Overlay {
		return lower + ":" + store + emptyDir + ",userxattr"
	}
	n := strconv.Itoa(i)
	perm := m.name("mode")
	t.named(m, Op{Name: perm, Call: Word, Args: []Arg{t.stats[i]}, Why: "the permission bits of the host's directory"})
	for _, dir := range [2]string{"upper", "work"} {
		t.named(m, Op{
			Name: m.name(dir), Call: "mkdirat", Args: []Arg{result(storeOp), str(dir + n), result(perm)},
			Why: "where overlayfs keeps what is written",
		})
	}
	return lower + ",upperdir=" + store + "upper" + n + ",workdir=" + store + "work" + n + ",userxattr"
}
