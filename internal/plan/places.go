package plan

// places are where the mounts of a batch go.
type places struct {
	// opened names the op that opened them, one for each entry; it is empty where
	// paths leads to them from the result of the op called root.
	opened, root string
	paths        []string
}

// at is where the k-th mount goes: a descriptor, or a path from root on.
func (p places) at(k int) Arg {
	if p.opened != "" {
		return resultAt(p.opened, k)
	}
	return str(p.paths[k])
}

// find finds the places of a batch, whose entries stand in one region. Where
// others can change names, each is opened first.
func (t *treeBuilder) find(m batch) places {
	r := t.around(m.at[0])
	if !r.ours {
		name := m.name("target")
		t.open(name, m, "where it goes, to which no link may lead")
		return places{opened: name}
	}
	p := places{root: r.root, paths: make([]string, len(m.at))}
	for k, e := range m.entries {
		p.paths[k] = r.path(e.Target)
	}
	return p
}

// open opens the targets of a batch.
func (t *treeBuilder) open(name string, m batch, why string) {
	o := Op{Name: name, Call: "openat2", Args: t.opening(each), Each: t.room(len(m.at)), Why: why}
	for _, e := range m.entries {
		o.Each = append(o.Each, str(t.base.path(e.Target)))
	}
	t.named(m, o)
}

// openOne opens one path of the tree.
func (t *treeBuilder) openOne(name string, m batch, path, why string) {
	t.named(m, Op{Name: name, Call: "openat2", Args: t.opening(str(t.base.path(path))), Why: why})
}

// opening are the arguments of openat2(2) for a path of the tree, to which no
// link leads.
func (t *treeBuilder) opening(path Arg) []Arg {
	return []Arg{result(t.base.root), path, t.beneath, num(openHowSize)}
}

// stand makes the place of a batch, or what its paths start from, the current
// directory, and says how mount(2) then names the k-th.
func (t *treeBuilder) stand(m batch, where places) func(k int) Arg {
	dir, name := result(where.root), where.root
	if where.opened != "" {
		dir, name = resultAt(where.opened, 0), where.opened
	}
	if t.cwd != name {
		t.cwd = name
		t.named(m, Op{Name: m.name("chdir"), Call: "fchdir", Args: []Arg{dir}, Why: "mount(2) takes paths, and this is where they start"})
	}
	if where.opened != "" {
		return func(int) Arg { return str(".") }
	}
	return where.at
}
