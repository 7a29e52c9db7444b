package plan

import (
	"path"
	"strconv"

	"github.com/netjail/netjail/internal/tree"
)

var sIFREG = named("S_IFREG", 0o100000)

// mode is permission bits as an argument.
func mode(perm uint32) Arg { return named(modeText(perm), uint64(perm)) }

// modeText is permission bits as people write them; most are one of these.
func modeText(perm uint32) string {
	switch perm {
	case 0o444:
		return "0444"
	case 0o555:
		return "0555"
	case 0o700:
		return "0700"
	case 0o755:
		return "0755"
	case 0o1777:
		return "01777"
	}
	return "0" + strconv.FormatUint(uint64(perm), 8)
}

// make makes the directories, files and links that stand in a mount; owner is -1
// for the root. Directories come first: the others may stand in them.
func (t *treeBuilder) make(owner int) {
	if owner >= 0 && !t.made[owner] {
		return
	}
	for _, kind := range [...]tree.Kind{tree.Dir, tree.File, tree.Symlink} {
		var at []int
		for i := range t.entries {
			if t.owner[i] == owner && t.entries[i].Kind == kind {
				at = append(at, i)
			}
		}
		if len(at) > 0 {
			t.makeIn(at)
		}
	}
}

// makeIn makes entries of one kind in one mount: all together where their names
// are netjail's own, else one by one.
func (t *treeBuilder) makeIn(at []int) {
	if r := t.around(at[0]); r.ours {
		t.makeBatch(t.batch(at...), result(r.root), r.path)
		return
	}
	for _, i := range at {
		m := t.batch(i)
		t.makeBatch(m, t.openParent(m), path.Base)
	}
}

// makeBatch makes directories, files or links in a directory.
func (t *treeBuilder) makeBatch(m batch, dir Arg, name func(target string) string) {
	o := Op{Each: t.room(2 * len(m.at))}
	for _, e := range m.entries {
		switch e.Kind {
		case tree.Dir:
			o.Each = append(o.Each, str(name(e.Target)), mode(e.Perm))
		case tree.File:
			o.Each = append(o.Each, str(name(e.Target)), flags(sIFREG, mode(e.Perm)))
		default:
			o.Each = append(o.Each, str(e.Source), str(name(e.Target)))
		}
	}
	switch m.first().Kind {
	case tree.Dir:
		o.Call, o.Args, o.Why = "mkdirat", []Arg{dir, each, each}, "a directory of the command's tree"
	case tree.File:
		o.Call, o.Args, o.Why = "mknodat", []Arg{dir, each, each, num(0)}, "a file to mount on"
	default:
		o.Call, o.Args, o.Why = "symlinkat", []Arg{each, dir, each}, "a symbolic link of the command's tree"
	}
	t.of(m, "", o)
}

// openParent opens the directory that an entry is made in.
func (t *treeBuilder) openParent(m batch) Arg {
	name := m.name("parent")
	t.openOne(name, m, path.Dir(m.first().Target), "where it is made, to which no link may lead")
	return result(name)
}
