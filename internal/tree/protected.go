package tree

import (
	"strings"

	"github.com/netjail/netjail/internal/policy"
)

const protectedKey = "filesystem.protected"

// protect keeps paths below what is writable read-only. What is a mount cannot
// be moved away or removed, so each directory between the writable one and the
// protected path is bound on itself: another one could else take its place.
func (l *layer) protect() {
	if l.files.Protected.Kind == policy.PathsNone {
		return
	}
	for _, path := range l.layout.Writable {
		if c := l.claims.at(path); c.Key != homeKey && c.Node.is(typeDir) {
			l.protectIn(path)
		}
	}
}

// protectIn protects what the list names below a writable directory.
func (l *layer) protectIn(dir string) {
	if l.files.Protected.Kind == policy.PathsListed {
		for _, rel := range l.files.Protected.List {
			l.protectPath(join(dir, rel), len(dir), "the profile names it")
		}
		return
	}
	linked := l.linkedRepository(l.hostName(dir))
	if linked {
		l.protectPath(join(dir, ".git"), len(dir), "it says where git finds its configuration")
	}
	for i := range standardProtected {
		if p := &standardProtected[i]; !linked || !under(p.path, "/.git") {
			l.protectPath(dir+p.path, len(dir), p.reason)
		}
	}
	l.protectRepository(dir)
}

// hostName is the host's name of what the command sees at path, which it does.
func (l *layer) hostName(path string) string {
	name, _ := l.claims.over(path).hostPath(path)
	return name
}

// protectPath protects path, step by step from the writable directory, whose
// name ends at start.
func (l *layer) protectPath(path string, start int, why string) {
	for start < len(path) {
		end := len(path)
		if i := strings.IndexByte(path[start+1:], '/'); i >= 0 {
			end = start + 1 + i
		}
		if !l.protectStep(path[:end], path, why) {
			return
		}
		start = end
	}
}

// protectStep makes the file at, which is on the way to path or path itself, a
// mount, and says whether to go on.
func (l *layer) protectStep(at, path, why string) bool {
	over := l.claims.over(at)
	switch {
	case !over.shared():
		return false // what the command finds there is read-only, or its own
	case over.Target == at && at != path:
		return true
	case over.Target == at && !over.Self:
		l.conflict(at, over.Key, protectedKey)
		return false
	case over.Target == at:
		over.Options, over.Why = over.Options|ReadOnly, why
		return false
	}
	source, _ := over.hostPath(at)
	n, ok := l.finder.host.Lstat(source)
	switch {
	case ok && n.is(typeLink):
		l.refuse(protectedKey, at+" is a symbolic link, and nothing keeps that from being replaced", "put what it leads to in its place, or write `protected` as a list without it")
		return false
	case !ok || at != path && !n.is(typeDir): // nothing can be mounted on what is not there
		l.layout.Absent = append(l.layout.Absent, Absent{Path: path, Key: protectedKey, Missing: source, Type: n.Type, Why: why})
		return false
	}
	l.insert(l.self(at, path, source, n, why))
	return true
}

// self is a bind of a file on itself.
func (l *layer) self(at, path, source string, n Node, why string) claim {
	c := claim{Entry: Entry{
		Kind: Bind, Target: at, Source: source, Node: n, Self: true, Options: Nosuid | Nodev,
		Recursive: n.is(typeDir) && l.mounted(source), Key: protectedKey,
		Why: "so that it is not moved away with what is protected in it",
	}, found: n}
	if at == path {
		c.Options, c.Why = c.Options|ReadOnly, why+": read-only"
	}
	return c
}

// sharedName is the host's name of what the command sees at path, and whether it
// may write there.
func (l *layer) sharedName(path string) (name string, shared bool) {
	over := l.claims.over(path)
	if over == nil || !over.shared() {
		return "", false
	}
	return over.hostPath(path)
}
