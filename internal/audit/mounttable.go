package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/tree"
)

// mountTable is the command's mount table, as the kernel tells it, beside what
// the layout makes of it.
type mountTable struct {
	*wantedTree
	lines []evidence.Mount
	// got is the line of each wanted mount, seen where it is wanted; nil where
	// there is none.
	got []*evidence.Mount
	// extra are the lines that nobody asked for.
	extra []*evidence.Mount
}

// What the rules about files have in common.
const (
	mountsEvidence = "/proc/PID/mountinfo of the command, read by netjail: where each mount is and on which other it lies, of which file system it shows what, and its attributes"
	mountsControl  = "none needed: every line must be accounted for, and the table must hold a root"
)

// shareMounts says whether there is no mount namespace of the command's own.
func (c *Case) shareMounts() bool { return !c.Policy.New(ns.Mount) }

// mounts is the command's mount table. It is nil where f already is the answer.
func (c *Case) mounts(f *Finding) *mountTable {
	got := c.Evidence.Outside.Mounts
	if after := c.Evidence.AfterExec; after != nil && after.Mounts.Known {
		got = after.Mounts
	}
	f.Side, f.Source = SideOutside, got.Source
	if why := missing(got); why != "" {
		f.Side = SideNone
		*f = f.unknown(why)
		return nil
	}
	if c.table == nil && c.Expect.Tree != nil {
		c.table = compareMounts(c.Expect.Tree, c.callersMounts(), got.Value)
	}
	if c.table == nil {
		f.Side = SideNone
		*f = f.unknown("what the command is to see is not known")
	}
	return c.table
}

// callersMounts is the caller's mount table: the one that the layout was made
// from or, where it needed none, the one that netjail read of itself.
func (c *Case) callersMounts() []tree.MountPoint {
	if l := c.Expect.Tree; len(l.Mounts) > 0 || !l.InPlace {
		return l.Mounts
	}
	own := c.Evidence.After.Mounts
	if !own.Known {
		return nil
	}
	table := make([]tree.MountPoint, len(own.Value))
	for i := range own.Value {
		m := &own.Value[i]
		table[i] = tree.MountPoint{
			ID: m.ID, Parent: m.Parent, Device: m.Device, Root: m.Root, Point: m.Point, Type: m.Type, Options: optionsOf(m),
		}
	}
	return table
}

// compareMounts finds the line of each mount that is wanted: the one at its
// place that lies on the line of the mount which it is to lie on.
func compareMounts(l *tree.Layout, callers []tree.MountPoint, lines []evidence.Mount) *mountTable {
	want, ok := wantedMounts(l, callers)
	if !ok {
		return nil
	}
	t := &mountTable{wantedTree: want, lines: lines, got: make([]*evidence.Mount, len(want.list))}
	used := make([]bool, len(lines))
	next := 0 // most lines come in the order in which they are wanted
	for i := range t.got {
		for k := range lines {
			j := (next + k) % len(lines)
			if !used[j] && t.is(i, &lines[j]) {
				t.got[i], used[j], next = &lines[j], true, j+1
				break
			}
		}
	}
	for j := range lines {
		if !used[j] {
			t.extra = append(t.extra, &lines[j])
		}
	}
	return t
}

// is says whether a line is at the place of a wanted mount.
func (t *mountTable) is(i int, line *evidence.Mount) bool {
	if line.Point != t.at[i] {
		return false
	}
	if on := t.on[i]; on >= 0 {
		return t.got[on] != nil && line.Parent == t.got[on].ID
	}
	for k := range t.lines {
		if t.lines[k].ID == line.Parent {
			return false
		}
	}
	return true
}

// The keys by which entries ask for mounts.
const (
	keyRoot      = "filesystem.root"
	keyWritable  = "filesystem.writable"
	keyProtected = "filesystem.protected"
	keyHidden    = "filesystem.hidden"
	keyPrivate   = "filesystem.private"
	keyHome      = "filesystem.home"
)

// of are the indices of the mounts that an entry with this key asks for.
func (t *mountTable) of(key string) []int {
	var list []int
	for i := range t.list {
		if by := t.list[i].by; by != nil && by.Key == key {
			list = append(list, i)
		}
	}
	return list
}

// problems are those of the given mounts.
func (t *mountTable) problems(list []int) []string {
	var found []string
	for _, i := range list {
		if why := t.problem(i); why != "" {
			found = append(found, why)
		}
	}
	return found
}

// absent are the paths of a key that the host does not have.
func (c *Case) absent(key string) []string {
	var found []string
	for _, a := range c.Expect.Tree.Absent {
		if a.Key == key {
			found = append(found, a.Path)
		}
	}
	return found
}

// each calls do with every line and the index of the wanted mount that it is, or
// -1 where nobody asked for it.
func (t *mountTable) each(do func(i int, line *evidence.Mount)) {
	for i, line := range t.got {
		if line != nil {
			do(i, line)
		}
	}
	for _, line := range t.extra {
		do(-1, line)
	}
}
