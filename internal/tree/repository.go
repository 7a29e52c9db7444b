package tree

import "strings"

// keepRepositories shows the repository of a linked worktree or of a submodule
// read-only where it lies in a view that is discarded at the end: a commit is to
// fail there, and not to be lost. What a project's .git file says can be
// anything; it decides only about what becomes read-only.
func (l *layer) keepRepositories() {
	for _, path := range l.layout.Writable {
		if project := l.hostName(path); l.linkedRepository(project) {
			l.keepRepository(project)
		}
	}
}

func (l *layer) keepRepository(project string) {
	dir, ok := l.pointer(project, ".git", "gitdir: ")
	if !ok {
		return
	}
	if common, ok := l.pointer(dir, "commondir", ""); ok {
		dir = common
	}
	s, why := l.finder.find(dir)
	over := l.claims.over(s.path)
	if why != "" || !s.node.is(typeDir) || over == nil || over.Kind != Ephemeral || over.Target == s.path {
		return
	}
	l.insert(claim{Entry: Entry{
		Kind: Overlay, Target: s.path, Source: s.path, Node: s.node, Options: ReadOnly | Nosuid | Nodev, Key: writableKey,
		Why: "the repository of a linked worktree or of a submodule: what is committed would be discarded with the home",
	}, found: s.node})
}

// pointer is the directory that a file of dir names, behind a word of git's.
// Source: gitrepository-layout(5).
func (l *layer) pointer(dir, name, word string) (path string, ok bool) {
	text, ok := l.finder.host.ReadText(join(dir, name))
	if !ok {
		return "", false
	}
	line, _, _ := strings.Cut(text, "\n")
	path, ok = strings.CutPrefix(line, word)
	if !ok || path == "" {
		return "", false
	}
	if path[0] != '/' {
		path = dir + "/" + path
	}
	s, why := l.finder.find(path)
	return s.path, why == ""
}
