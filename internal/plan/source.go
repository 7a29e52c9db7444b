package plan

import (
	"slices"
	"strconv"

	"github.com/netjail/netjail/internal/tree"
)

// sourceOp is the name of the op that opens the sources.
const sourceOp = "mount.source"

// sources opens every file of the host that the layout shows, before anything
// covers it, and makes sure that it is the one that the snapshot saw.
func (t *treeBuilder) sources() {
	var all, layers []int
	for i := range t.entries {
		switch e := &t.entries[i]; {
		case e.Owner != nil: // made ahead
		case e.Kind == tree.Overlay || e.Kind == tree.Ephemeral:
			layers = append(layers, i)
			all = append(all, i)
		case e.Kind == tree.Bind && !e.Self:
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return
	}
	t.openSources(sourceOp, t.batch(all...))
	t.number(layers)
	t.clones(all, false)
	t.clones(all, true)
}

// openSources opens the sources of a batch, and makes sure that they are what
// the snapshot saw. Their handles are the results.
func (t *treeBuilder) openSources(name string, m batch) {
	paths := t.room(len(m.at))
	for k, i := range m.at {
		paths = append(paths, str(m.entries[k].Source))
		t.handles[i] = resultAt(name, k)
	}
	t.named(m, Op{
		Name: name, Call: "openat2", Args: []Arg{atFDCWD, each, t.straight, num(openHowSize)}, Each: paths,
		Why: "the host's file, to which no link may lead",
	})
	t.compare(m, name)
}

// compare makes sure that what the op called of has opened, one descriptor for
// each entry of the batch, is what the snapshot saw.
func (t *treeBuilder) compare(m batch, of string) {
	n := len(m.at)
	opened, files := t.room(2*n), t.room(2*n)
	stat := of + ".stat"
	for k, node := range nodes(m.entries) {
		opened = append(opened, resultAt(of, k), outAt(k*statxSize))
		files = append(files, outOf(stat, k*statxSize), node)
		t.stats[m.at[k]] = outOf(stat, k*statxSize+statxMode)
	}
	t.named(m, Op{
		Name: stat, Call: "statx", Args: []Arg{each, str(""), atFD, statxID, each}, Each: opened,
		Out: statxSize * n, Why: "which file it is",
	})
	t.named(m, Op{
		Name: of + ".same", Call: SameFile, Args: []Arg{each, each}, Each: files, Expect: equal(0),
		Why: "it is the one that was there when netjail looked",
	})
}

// number gives the sources of overlays, which name them in a string, numbers
// that are known beforehand.
func (t *treeBuilder) number(at []int) {
	if len(at) == 0 {
		return
	}
	numbers := t.room(2 * len(at))
	for _, i := range at {
		t.slots[i] = t.slot()
		numbers = append(numbers, t.handles[i], num(t.slots[i]))
	}
	t.named(t.batch(at...), Op{
		Name: sourceOp + ".number", Call: "dup3", Args: []Arg{each, each, oCloexec}, Each: numbers,
		Why: "overlayfs takes its layers as paths, and so by a number that is known beforehand",
	})
}

// slot is a number that no descriptor has.
func (t *treeBuilder) slot() int {
	for slices.Contains(t.policy.Process.InheritFDs, t.next) {
		t.next++
	}
	t.next++
	return t.next - 1
}

// fdPath is the path of a descriptor.
func fdPath(fd int) string { return "/proc/self/fd/" + strconv.Itoa(fd) }

// clones makes detached mounts of the sources that are bound: with what is
// mounted below them, or of those without.
func (t *treeBuilder) clones(all []int, recursive bool) {
	var at []int
	for _, i := range all {
		if e := &t.entries[i]; e.Kind == tree.Bind && e.Recursive == recursive {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return
	}
	name := sourceOp + ".clone"
	if recursive {
		name = sourceOp + ".clone.recursive"
	}
	t.cloneOpened(t.batch(at...), name)
}
