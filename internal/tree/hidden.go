package tree

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/policy"
)

const hiddenKey = "filesystem.hidden"

// hide covers what is to read as empty, wherever the command would see it.
func (l *layer) hide() {
	switch l.files.Hidden.Kind {
	case policy.PathsStandard:
		l.hideStandard()
	case policy.PathsListed:
		for _, written := range l.files.Hidden.List {
			if s, ok := l.find(hiddenKey, written); ok && l.mayHide(written, s.path) {
				l.hidePath(written, s)
			}
		}
	}
}

// mayHide refuses to hide what the command cannot do without.
func (l *layer) mayHide(written, path string) bool {
	if path == "/" {
		l.refuse(hiddenKey, written+" is the root directory", "write `root: empty`")
		return false
	}
	if c := l.claims.at(path); c != nil && !c.given {
		l.conflict(path, c.Key, hiddenKey)
		return false
	}
	return true
}

// hideStandard hides what netjail knows to hold secrets. All of it is below the
// home directory, and much of that below one directory there. These two are
// listed, so that what is not there need not be asked for.
func (l *layer) hideStandard() {
	if !l.home.node.is(typeDir) {
		l.hideUnknownHome()
		return
	}
	home, config := l.listing(l.home.path), listing{}
	if home.may(".config") {
		config = l.listing(join(l.home.path, ".config"))
	}
	l.layout.Absent = slices.Grow(l.layout.Absent, len(standardHidden))
	paths := standardPaths(l.home.path)
	for i := range standardHidden {
		rel := standardHidden[i].path[1:]
		first, _, _ := strings.Cut(rel, "/")
		below, inConfig := strings.CutPrefix(rel, ".config/")
		if below, _, _ = strings.Cut(below, "/"); !home.may(first) || inConfig && !config.may(below) {
			l.absent(hiddenKey, paths[i])
			continue
		}
		l.hideSecret(paths[i])
	}
}

// hideSecret hides a path of the standard list, which may be there.
func (l *layer) hideSecret(path string) {
	s, why := l.finder.find(path)
	switch c := l.claims.at(s.path); {
	case why != "":
		l.refuse(hiddenKey, why, "mend the link, or write `hidden` as a list")
	case c != nil && c.shared():
		l.conflict(s.path, c.Key, hiddenKey)
	default:
		l.hidePath(path, s)
	}
}

// standardPaths are the paths of the standard list. They are one text.
func standardPaths(home string) []string {
	if home == "/" {
		home = ""
	}
	var text strings.Builder
	size := 0
	for i := range standardHidden {
		size += len(home) + len(standardHidden[i].path)
	}
	text.Grow(size)
	for i := range standardHidden {
		text.WriteString(home)
		text.WriteString(standardHidden[i].path)
	}
	rest := text.String()
	paths := make([]string, len(standardHidden))
	for i := range paths {
		end := len(home) + len(standardHidden[i].path)
		paths[i], rest = rest[:end], rest[end:]
	}
	return paths
}

// listing is what a directory holds, as far as that can be told.
type listing struct {
	names []string
	known bool
}

func (l *layer) listing(dir string) listing {
	names, err := l.finder.host.ReadDir(dir)
	return listing{names, err == nil}
}

// may says whether there may be a file of this name.
func (s *listing) may(name string) bool {
	if !s.known {
		return true
	}
	_, listed := slices.BinarySearch(s.names, name)
	return listed
}

// hideUnknownHome: where no home is known, nothing below it can be hidden. That
// is no harm where the root shows nothing of a home.
func (l *layer) hideUnknownHome() {
	switch {
	case l.home.path != "":
		if l.files.Home != policy.HomeHidden { // claimHome has noted it
			l.absent(hiddenKey, l.home.path)
		}
	case l.home.path == "" && l.files.Home == policy.HomeHost && !l.barren():
		l.refuse(hiddenKey, "`standard` is about the caller's home directory, which is not known: "+l.homeWhy(), "write `hidden` as a list, or `none`")
	}
}

// hidePath hides a file or directory of the host. A link is not mounted on; what
// it leads to is.
func (l *layer) hidePath(written string, s spot) {
	if !s.node.exists() {
		l.absent(hiddenKey, written)
		return
	}
	l.hideEverywhere(hiddenKey, s.path, s.node, "what it holds is not for the command")
}

// hideEverywhere hides a file or directory where it can be seen: under its own
// name, under those that it has on other mounts of the host, and where a key
// binds a directory above it to another place.
func (l *layer) hideEverywhere(key, path string, n Node, why string) {
	l.hideName(key, path, n, why)
	for _, name := range l.table.names(path) {
		if s, why := l.finder.find(name); why != "" || s.path != name || s.node.Type != n.Type {
			continue // the mount table says more than is there
		}
		if name == "/" {
			if !l.barren() {
				l.refuse(key, path+" is the root directory under another name", "write `root: system` or `root: empty`")
			}
			continue
		}
		l.hideName(key, name, n, why)
	}
}

// hideName hides a file of the host at its name, and where a key binds that.
func (l *layer) hideName(key, name string, n Node, why string) {
	if l.shows(name) {
		l.hideAt(key, name, n, why)
	}
	for _, alias := range l.aliases(name) {
		l.hideAt(key, alias, n, why)
	}
}

// hideAt covers what is at path, and what came with the root below it.
func (l *layer) hideAt(key, path string, n Node, why string) {
	if c := l.claims.at(path); c != nil && !c.given {
		return // a key names it
	}
	l.claims.drop(path)
	c := emptied(key, path, why, n.is(typeDir))
	c.found, c.given = n, true
	l.insert(c)
}

// aliases are the other places at which binds show a path of the host. A bind of
// the path itself is none: that names it.
func (l *layer) aliases(path string) []string {
	var found []string
	for _, c := range l.claims {
		if c.Kind != Bind || c.Source == c.Target || c.Source == "" || !below(path, c.Source) {
			continue
		}
		alias := rebase(path, c.Source, c.Target)
		if l.claims.over(alias) == c {
			found = append(found, alias)
		}
	}
	return found
}
