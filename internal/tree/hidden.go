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
// home directory, which is listed once instead of being asked for each.
func (l *layer) hideStandard() {
	if !l.home.node.is(typeDir) {
		l.hideUnknownHome()
		return
	}
	names, err := l.finder.host.ReadDir(l.home.path)
	for i := range standardHidden {
		path := rebase(standardHidden[i].path, "", l.home.path)
		first, _, _ := strings.Cut(standardHidden[i].path[1:], "/")
		if _, listed := slices.BinarySearch(names, first); err == nil && !listed {
			l.absent(hiddenKey, path)
			continue
		}
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
	for _, name := range append(l.table.names(path), path) {
		if s, why := l.finder.find(name); why != "" || s.path != name || s.node.Type != n.Type {
			continue // the mount table says more than is there
		}
		if name == "/" {
			if !l.barren() {
				l.refuse(key, path+" is the root directory under another name", "write `root: system` or `root: empty`")
			}
			continue
		}
		if l.shows(name) {
			l.hideAt(key, name, n, why)
		}
		for _, alias := range l.aliases(name) {
			l.hideAt(key, alias, n, why)
		}
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
	l.claims.insert(c)
}

// aliases are the other places at which binds show a path of the host. A bind of
// the path itself is none: that names it.
func (l *layer) aliases(path string) []string {
	var found []string
	for i := range l.claims {
		c := &l.claims[i]
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
