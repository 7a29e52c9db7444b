package tree

import "strings"

// find resolves a path as a profile writes it, and refuses one that leads
// nowhere: `~` without a home, or links in a circle.
func (l *layer) find(key, written string) (spot, bool) {
	path, ok := l.absolute(key, written)
	if !ok {
		return spot{}, false
	}
	s, why := l.finder.find(path)
	if why != "" {
		l.refuse(key, why, "name the file itself")
		return spot{}, false
	}
	return s, true
}

// absolute is a path as a profile writes it, without the words that stand for
// directories.
func (l *layer) absolute(key, written string) (path string, ok bool) {
	switch {
	case strings.HasPrefix(written, "/"):
		return written, true
	case written == "~" || strings.HasPrefix(written, "~/"):
		if l.home.path == "" {
			l.refuse(key, written+" is below the caller's home directory, which is not known: "+l.homeWhy(), "write the path from the root, or give this user a line in /etc/passwd")
			return "", false
		}
		return rebase(written, "~", l.facts.Home), true
	case written == "." || written == "project":
		if !l.workdir.node.is(typeDir) {
			l.refuse(key, "`"+written+"` depends on the working directory, which is not to be seen: it was removed, or lies where the caller may not look", "go to another directory, or write the path")
			return "", false
		}
		if written == "." {
			return l.workdir.path, true
		}
		return l.project(), true
	}
	l.refuse(key, written+" is relative", "begin it with `/`, or with `~/` for the caller's home")
	return "", false
}

// project is the top of the git repository that the working directory is in, or
// else the working directory. A `.git` that is a file counts as well: that of a
// linked worktree or of a submodule. One of somebody else's does not, and git
// does not take it either (safe.directory of git-config(1)): whoever may write to
// a directory above could widen what is shared.
func (l *layer) project() string {
	for dir := l.workdir.path; ; dir = parent(dir) {
		n, ok := l.finder.host.Lstat(join(dir, ".git"))
		if ok && (n.Owner.UID == l.facts.UID || n.Owner.UID == l.workdir.node.Owner.UID) {
			return dir
		}
		if dir == "/" {
			return l.workdir.path
		}
	}
}
