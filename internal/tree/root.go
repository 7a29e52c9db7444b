package tree

import (
	"slices"

	"github.com/netjail/netjail/internal/policy"
)

const rootKey = "filesystem.root"

// systemDirectories are what `root: system` shows, in its order.
var systemDirectories = [...]string{
	"/bin", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/sbin", "/usr",
}

// showRoot shows of the host what the word says.
func (l *layer) showRoot() {
	if l.files.Root == policy.RootHost || l.files.Root == policy.RootEmpty || !l.rootIsLocal() {
		return
	}
	if l.files.Root == policy.RootSystem {
		for _, path := range systemDirectories {
			l.showTop(path)
		}
	} else {
		l.showTree()
	}
}

// rootIsLocal refuses a root of which nothing may be shown.
func (l *layer) rootIsLocal() bool {
	m := l.table.holding("/")
	if m == nil {
		l.refuseUnknown(rootKey, "/")
		return false
	}
	kind, covered := m.hides()
	if covered {
		l.refuse(rootKey, "the root directory is on "+a(m.Type)+" file system: "+kind.reason, "write `root: host`, or `root: empty` and name in `mounts` what is needed")
	}
	return !covered
}

// showTree shows every directory of the host's root but those of which the
// command has its own.
func (l *layer) showTree() {
	names, err := l.finder.host.ReadDir("/")
	if err != nil {
		l.refuse(rootKey, "the root directory cannot be listed: "+err.Error(), "write `root: system`")
		return
	}
	for _, name := range names {
		switch name {
		case "dev", "proc", "sys":
		default:
			l.showTop("/" + name)
		}
	}
}

// showTop shows a file of the host's root. A merged /usr has links here.
func (l *layer) showTop(path string) {
	if m := l.table.at(path); m != nil && slices.Contains(systemDirectories[:], path) && path != "/opt" && l.claims.at(path) == nil {
		if kind, covered := m.hides(); covered { // nothing runs without it
			l.refuse(rootKey, path+" is "+a(m.Type)+" file system: "+kind.reason, "name it in `mounts`, or write `root: host`")
			return
		}
	}
	l.showChild(rootKey, path)
}

// showVarRun makes the link by which many programs name /run, where the host has
// it and the tree holds nothing else there.
func (l *layer) showVarRun() {
	const path, run = "/var/run", "/run"
	if !l.barren() || l.claims.over(path) != nil || l.claims.at(run) == nil || !l.finder.look("/var", false).is(typeDir) {
		return
	}
	if l.finder.look(path, false).is(typeLink) {
		l.showLink(rootKey, path)
	}
}

// a is a word with its article.
func a(word string) string {
	if word != "" && (word[0] == 'a' || word[0] == 'e' || word[0] == 'o' || word == "nfs" || word == "nfs4") {
		return "an " + word
	}
	return "a " + word
}
