package plan

import "github.com/netjail/netjail/internal/tree"

// A bind is made in three calls: a mount that is nowhere yet, its options, and
// its place. It is never there without its options.

const cloneWhy = "a mount of it that is nowhere yet"

// cloneOpened makes detached mounts of what the handles of a batch's entries
// stand for. All entries of the batch are recursive, or none is.
func (t *treeBuilder) cloneOpened(m batch, name string) {
	of := t.room(len(m.at))
	for _, i := range m.at {
		of = append(of, t.handles[i])
	}
	t.clone(m, Op{Name: name, Args: []Arg{each, str(""), t.cloneFlags(m, atEmptyPath)}, Each: of})
}

func (t *treeBuilder) cloneFlags(m batch, how Arg) Arg {
	if m.first().Recursive {
		return flags(openTreeClone, how, atRecursive)
	}
	return flags(openTreeClone, how)
}

// clone appends the op that makes the mounts of a batch, and the one that gives
// them their options. Their handles are those mounts from then on.
func (t *treeBuilder) clone(m batch, o Op) {
	o.Call, o.Needs, o.Why = "open_tree", adminInside, cloneWhy
	t.named(m, o)
	var at []int
	for k, i := range m.at {
		t.handles[i] = resultAt(o.Name, k)
		if options(m.entries[k]) != 0 {
			at = append(at, i)
		}
	}
	if len(at) > 0 {
		t.restrict(t.batch(at...), o.Name+".options")
	}
}

// restrict gives detached mounts their options.
func (t *treeBuilder) restrict(m batch, name string) {
	f := atEmptyPath
	if m.first().Recursive {
		f = flags(atEmptyPath, atRecursive)
	}
	of := t.room(2 * len(m.at))
	for k, i := range m.at {
		of = append(of, t.handles[i], t.attr(options(m.entries[k])))
	}
	t.named(m, Op{
		Name: name, Call: "mount_setattr", Args: []Arg{each, str(""), f, each, num(mountAttrSize)}, Each: of,
		Needs: adminInside, Why: "before it is anywhere",
	})
}

// attr is struct mount_attr, made once for all that have these options.
func (t *treeBuilder) attr(o tree.Options) Arg {
	if t.attrs[o].Block == nil {
		t.attrs[o] = mountAttr(o)
	}
	return t.attrs[o]
}

// options are those of an entry's mount. What only hides is never writable.
func options(e *tree.Entry) tree.Options {
	if e.Kind == tree.Mask || e.Kind == tree.Overlay {
		return e.Options | tree.ReadOnly
	}
	return e.Options
}

// attach puts the detached mounts of a batch into their places.
func (t *treeBuilder) attach(m batch, where places) {
	o := Op{Call: "move_mount", Each: t.room(2 * len(m.at)), Needs: adminInside, Why: "into its place"}
	for k, i := range m.at {
		o.Each = append(o.Each, t.handles[i], where.at(k))
	}
	o.Args = []Arg{each, str(""), result(where.root), each, moveFromFD}
	if where.opened != "" {
		o.Args = []Arg{each, str(""), each, str(""), moveFDs}
	}
	t.of(m, "", o)
}
