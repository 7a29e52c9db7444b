package audit

import (
	"cmp"
	"strconv"
	"strings"

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

// problem says what is wrong with a wanted mount, and nothing where it is as it
// is to be.
func (t *mountTable) problem(i int) string {
	w, m := &t.list[i], t.got[i]
	if m == nil {
		return t.at[i] + " is not mounted"
	}
	if why := t.identity(w, m, t.on[i]); why != "" {
		return t.at[i] + " " + why
	}
	has := optionsOf(m)
	if w.kept() && has != w.flags {
		return t.at[i] + " is " + optionWords(has) + " and not " + optionWords(w.flags)
	}
	if m.Flags.Has(evidence.SuperReadOnly) {
		has |= tree.ReadOnly // for whom, does not matter
	}
	if lacking := w.flags &^ has; lacking != 0 {
		return t.at[i] + " is not " + optionWords(lacking)
	}
	if why := w.tmpfsProblem(m); why != "" {
		return t.at[i] + " " + why
	}
	return ""
}

// tmpfsProblem says what is wrong with the permission bits and the size of a
// tmpfs. The kernel does not print bits that are the default's.
func (w *wanted) tmpfsProblem(m *evidence.Mount) string {
	if w.kept() || w.by != nil && w.by.Kind != tree.Tmpfs {
		return ""
	}
	perm, size := uint32(newRootPerm), uint64(0)
	if w.by != nil {
		perm, size = w.by.Perm, w.by.Size
	}
	mode, ok := m.Option("mode")
	if !ok {
		mode = "1777"
	}
	if n, err := strconv.ParseUint(mode, 8, 32); err != nil || uint32(n) != perm {
		return "has the permission bits " + mode
	}
	const page = 4096
	if limit, _ := m.Option("size"); size > 0 && limit != strconv.FormatUint((size+page-1)/page*(page/1024), 10)+"k" {
		return "may hold " + cmp.Or(limit, "whatever the kernel lets it")
	}
	return ""
}

// identity says in which way a mount shows something else than it is to.
func (t *mountTable) identity(w *wanted, m *evidence.Mount, on int) string {
	switch {
	case w.fstype != "" && m.Type != w.fstype:
		return "is " + m.Type + " and not " + w.fstype
	case w.host != nil && m.Device != w.host.Device:
		return "shows the file system " + m.Device + " and not " + w.host.Device
	case w.host == nil && w.by != nil && w.by.Self:
		if t.got[on] == nil || m.Device != t.got[on].Device {
			return "shows the file system " + m.Device + " and not what it lies on"
		}
	case w.host == nil && t.hosts(m.Device):
		return "is the host's file system " + m.Device
	}
	if w.fstype != "" && m.Root != w.root {
		return "shows " + m.Root + " of its file system and not " + w.root
	}
	return overlayProblem(w, m)
}

// overlayProblem says what is wrong with the layers of an overlay. Their names
// are what netjail wrote, and the kernel only kept them.
func overlayProblem(w *wanted, m *evidence.Mount) string {
	if w.by == nil || w.by.Self || m.Type != "overlay" {
		return ""
	}
	_, upper := m.Option("upperdir")
	switch {
	case w.by.Kind == tree.Overlay && upper:
		return "is an overlay that can be written"
	case w.by.Kind == tree.Ephemeral && !upper:
		return "is an overlay without a layer of its own"
	}
	return ""
}

// optionsOf are a mount's own attributes.
func optionsOf(m *evidence.Mount) tree.Options {
	const same = evidence.MountReadOnly | evidence.MountNosuid | evidence.MountNodev | evidence.MountNoexec
	return tree.Options(m.Flags & same)
}

// optionWords is "read-only, nosuid", or "unrestricted".
func optionWords(o tree.Options) string {
	var words []string
	for i, word := range [...]string{"read-only", "nosuid", "nodev", "noexec"} {
		if o.Has(1 << i) {
			words = append(words, word)
		}
	}
	if words == nil {
		return "unrestricted"
	}
	return strings.Join(words, ", ")
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
