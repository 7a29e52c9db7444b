package tree

import "strconv"

// maxExpanded is how many files and directories may be shown one by one: each is
// a mount, and takes its time at every start.
const maxExpanded = 2000

// showDirectory shows a directory of the host, read-only.
//
// An overlay does not hold what is mounted below its source, and the kernel does
// not make one over a mount that an ordinary user inherited. So where something
// is mounted below, the directory is made anew and what it holds is shown one by
// one.
func (l *layer) showDirectory(key, path string, n Node) {
	m := l.table.holding(path)
	if m == nil {
		l.refuseUnknown(key, path)
		return
	}
	if kind, covered := m.hides(); covered {
		l.cover(key, path, kind, true)
		return
	}
	if !l.mounted(path) {
		l.give(l.shown(key, path, n))
		return
	}
	l.give(claim{
		Entry: Entry{Kind: Dir, Target: path, Perm: 0o755, Key: key, Why: "the host's, put together as something is mounted below it"},
		found: n, expanded: true,
	})
	l.expand(key, path)
}

func (l *layer) refuseUnknown(key, path string) {
	l.refuse(key, "the mount table does not tell which file system "+path+" is on", "run netjail outside a chroot")
}

// shown is a directory, with nothing mounted below it, as the command sees it.
func (l *layer) shown(key, path string, n Node) claim {
	c := claim{Entry: Entry{
		Kind: Overlay, Target: path, Source: path, Node: n, Options: ReadOnly | Nosuid | Nodev,
		Key: key, Why: "the host's, read-only; its sockets and FIFOs are dead",
	}, found: n}
	c.Options |= l.noexecOf(path)
	if kind := kindOf(l.table.holding(path).Type); kind != nil && kind.show == byBind {
		c.Kind, c.Why = Bind, "the host's, read-only; "+kind.name+" holds neither sockets nor FIFOs"
	}
	return c
}

// expand shows what a directory holds. One that the caller may not list stays
// empty: where something is mounted below it, it cannot be shown otherwise.
func (l *layer) expand(key, dir string) {
	names, err := l.finder.host.ReadDir(dir)
	if err != nil {
		return
	}
	for _, name := range names {
		if l.expanded++; l.expanded > maxExpanded {
			if l.expanded == maxExpanded+1 {
				l.refuse(key, "something is mounted below "+dir+", so that what it and others hold would have to be shown one by one, and that is more than "+strconv.Itoa(maxExpanded)+" files and directories",
					"unmount "+l.table.below(dir).Point+", or write `root: host`")
			}
			return
		}
		l.showChild(key, join(dir, name))
	}
}

// showChild shows one file of an expanded directory. Sockets, FIFOs and devices
// are left out: behind an overlay they would be dead.
func (l *layer) showChild(key, path string) {
	if l.claims.at(path) != nil {
		return // a key names it
	}
	n, ok := l.finder.host.Lstat(path)
	if m := l.table.at(path); m != nil {
		if kind, covered := m.hides(); covered {
			l.cover(key, path, kind, !ok || n.is(typeDir)) // what cannot be seen is another user's FUSE
			return
		}
	}
	switch {
	case !ok:
	case n.is(typeDir):
		l.showDirectory(key, path, n)
	case n.is(typeFile):
		l.give(l.shownFile(key, path, n))
	case n.is(typeLink):
		l.showLink(key, path)
	}
}

// shownFile is a file as the command sees it.
func (l *layer) shownFile(key, path string, n Node) claim {
	return claim{Entry: Entry{
		Kind: Bind, Target: path, Source: path, Node: n, Options: ReadOnly | Nosuid | Nodev,
		Key: key, Why: "the host's, read-only",
	}, found: n}
}

// showLink makes a symbolic link as the host has it.
func (l *layer) showLink(key, path string) {
	text, err := l.finder.host.Readlink(path)
	if err != nil {
		l.refuse(key, "the symbolic link "+path+" cannot be read: "+err.Error(), "look at it with `ls -l`")
		return
	}
	l.give(claim{Entry: Entry{Kind: Symlink, Target: path, Source: text, Key: key, Why: "the host's"}})
}

// cover hides a file system that nobody named.
func (l *layer) cover(key, path string, kind *fileSystem, directory bool) {
	c := emptied(key, path, "covered, as no key names it: "+kind.name+": "+kind.reason, directory)
	l.give(c)
}

// emptied is what reads as empty.
func emptied(key, path, why string, directory bool) claim {
	c := claim{Entry: Entry{Kind: Mask, Target: path, Options: ReadOnly | Nosuid | Nodev | Noexec, Key: key, Why: why}}
	c.found.Type = typeFile
	if directory {
		c.Kind, c.Perm, c.found.Type = Tmpfs, 0o755, typeDir
	}
	return c
}

// give adds what comes with the root. What a key names at the same path stays.
func (l *layer) give(c claim) {
	if l.claims.at(c.Target) != nil {
		return
	}
	c.given = true
	l.given = append(l.given, l.keep(c))
}

// mounted says whether something is mounted below path.
func (l *layer) mounted(path string) bool { return l.table.below(path) != nil }

// noexecOf is Noexec where the host does not let files below path be executed:
// an overlay would not have that from its source.
func (l *layer) noexecOf(path string) Options {
	if m := l.table.holding(path); m != nil {
		return m.Options & Noexec
	}
	return 0
}
