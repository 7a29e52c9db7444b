package plan

import "github.com/netjail/netjail/internal/tree"

// batch are entries that are made by the same ops, one call for each of them.
type batch struct {
	at      []int // their places in the layout
	entries []*tree.Entry
}

// batch are the entries at these places.
func (t *treeBuilder) batch(at ...int) batch {
	m := batch{at, make([]*tree.Entry, len(at))}
	for k, i := range at {
		m.entries[k] = &t.entries[i]
	}
	return m
}

func (m batch) first() *tree.Entry { return m.entries[0] }

// key is what asked for all of them.
func (m batch) key() string {
	for _, e := range m.entries[1:] {
		if e.Key != m.first().Key {
			return "filesystem"
		}
	}
	return m.first().Key
}

// kindWords name an entry's kind in the names of its ops.
var kindWords = [...]string{
	tree.Dir: "directory", tree.File: "file", tree.Symlink: "link", tree.Tmpfs: "tmpfs", tree.Overlay: "overlay",
	tree.Ephemeral: "ephemeral", tree.Bind: "bind", tree.Mask: "mask", tree.Proc: "proc", tree.Devpts: "devpts",
}

// name is the name of an op for the batch. An entry can be made by several: step
// is empty for the one that others only prepare.
func (m batch) name(step string) string {
	e := m.first()
	word := kindWords[e.Kind]
	if e.Self {
		word = "self"
	}
	if step != "" {
		return "mount." + word + "." + step + "." + e.Target
	}
	if e.Kind == tree.Proc && e.Target == "/proc" {
		return "mount.proc"
	}
	return "mount." + word + "." + e.Target
}

// of appends an op that is a call for each entry of a batch. The last op of a
// single entry has that entry's own reason.
func (t *treeBuilder) of(m batch, step string, o Op) {
	o.Name = m.name(step)
	if step == "" && len(m.at) == 1 && m.first().Why != "" {
		o.Why = m.first().Why
	}
	t.named(m, o)
}

// named is of for an op that has its name.
func (t *treeBuilder) named(m batch, o Op) {
	o.Key, o.Entries, o.Actor = m.key(), m.entries, t.actor
	t.add(o)
}
