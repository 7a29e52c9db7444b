package tree

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// Bounds of the search for submodules' repositories.
const (
	maxModuleDepth = 16
	maxModules     = 512
)

// protectRepository protects what lies deeper in the repository of a writable
// directory: linked worktrees and submodules.
func (l *layer) protectRepository(dir string) {
	git := join(dir, ".git")
	if c := l.claims.at(git); c == nil || !c.shared() {
		return
	}
	l.protectWorktrees(git, len(dir))
	left := maxModules
	l.protectModules(git+"/modules", len(dir), maxModuleDepth, &left)
	l.noteRepository(git)
}

// noteRepository lists a repository, with the files that say where those of its
// submodules are.
func (l *layer) noteRepository(git string) {
	r := Repository{Dir: l.hostName(git)}
	around := parent(git)
	for _, c := range l.claims {
		if c.Self && base(c.Target) == ".git" && c.Target != git && below(c.Target, around) && c.Options.Has(ReadOnly) {
			r.Kept = append(r.Kept, c.Source)
		}
	}
	l.layout.Repositories = append(l.layout.Repositories, r)
}

// protectWorktrees protects in a repository what says where git finds the
// configuration of its linked worktrees. The rest of what is kept for each, such
// as its index and its logs, is written by git's maintenance.
func (l *layer) protectWorktrees(git string, start int) {
	at := join(git, "worktrees")
	names, ok := l.listShared(at)
	if !ok {
		return
	}
	if len(names) > maxModules {
		l.refuse(protectedKey, at+" holds more than "+strconv.Itoa(maxModules)+" linked worktrees", "remove those that are gone (`git worktree prune`), or write `protected` as a list")
		return
	}
	for _, name := range names {
		for _, file := range [...]string{"commondir", "config.worktree", "gitdir"} {
			l.protectPath(join(join(at, name), file), start, "git finds a linked worktree's configuration by it")
		}
	}
}

// listShared lists a directory that the command may write. ok is false where there
// is none.
func (l *layer) listShared(at string) (names []string, ok bool) {
	source, shared := l.sharedName(at)
	if !shared {
		return nil, false
	}
	if n, ok := l.finder.host.Lstat(source); !ok || !n.is(typeDir) {
		return nil, false
	}
	names, err := l.finder.host.ReadDir(source)
	if err != nil {
		l.refuse(protectedKey, at+" cannot be listed: "+err.Error(), "write `protected` as a list")
		return nil, false
	}
	return names, true
}

// protectCheckout protects the file in a submodule's working tree that says where
// its repository is: git goes there from the directory around it as well.
func (l *layer) protectCheckout(at string, start int) {
	source, shared := l.sharedName(at)
	if !shared {
		return
	}
	text, _ := l.finder.host.ReadText(join(source, "config"))
	_, text, ok := strings.Cut(text, "\tworktree = ")
	if !ok {
		return
	}
	text, _, _ = strings.Cut(text, "\n")
	if tree := path.Clean(join(at, text)); below(tree, at[:start]) && !under(tree, at[:start]+"/.git") {
		l.protectPath(join(tree, ".git"), start, "it says where git finds a submodule's configuration")
	}
}

// protectModules looks for repositories in a directory that holds some.
func (l *layer) protectModules(at string, start, depth int, left *int) {
	names, ok := l.listShared(at)
	if !ok {
		return
	}
	if *left--; *left == 0 || depth == 0 {
		l.refuse(protectedKey, at+" is one of more than "+strconv.Itoa(maxModules)+" directories of submodules, or one more than "+strconv.Itoa(maxModuleDepth)+" deep", "write `protected` as a list")
	}
	if *left <= 0 || depth == 0 {
		return
	}
	if _, repository := slices.BinarySearch(names, "HEAD"); repository {
		for _, name := range [...]string{"commondir", "config", "config.worktree", "hooks"} {
			l.protectPath(join(at, name), start, "as in the repository around it")
		}
		l.protectWorktrees(at, start)
		l.protectCheckout(at, start)
		names = []string{"modules"}
	}
	for _, name := range names {
		l.protectModules(join(at, name), start, depth-1, left)
	}
}
