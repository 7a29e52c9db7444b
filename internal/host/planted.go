package host

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/tree"
)

// Planted is a file that a program of the host obeys unasked, and that was not
// there, or not known to be obeyed, before the command ran.
type Planted struct {
	Path string // the host's name
	Why  string // what obeys it
}

// Plants remembers of a layout what to look for when the command has ended:
// nothing protects what does not exist.
type Plants struct {
	layout *tree.Layout
	roots  []root
}

// root is a repository as it was before the start.
type root struct {
	*tree.Repository
	index stamp
	// modules is true where the directory around it held a list of submodules.
	modules bool
}

// stamp tells a file that was written since from one that was not.
type stamp struct {
	inode uint64
	size  int64
	time  unix.Timespec
}

// NewPlants looks at what Planted compares with. It is cheap: two calls for each
// repository that is shared.
func NewPlants(l *tree.Layout) *Plants {
	p := &Plants{layout: l}
	if l == nil {
		return p
	}
	for i := range l.Repositories {
		r := &l.Repositories[i]
		_, modules := files{}.Lstat(r.Around() + "/.gitmodules")
		p.roots = append(p.roots, root{r, stampOf(r.Dir + "/index"), modules})
	}
	return p
}

// stampOf is the zero stamp for a file that is not there.
func stampOf(path string) stamp {
	var st unix.Stat_t
	if unix.Lstat(path, &st) != nil {
		return stamp{}
	}
	return stamp{st.Ino, st.Size, st.Ctim}
}

// Planted is what has come into being since, each path once.
func (p *Plants) Planted() []Planted {
	if p.layout == nil {
		return nil
	}
	var found []Planted
	for i := range p.layout.Absent {
		a := &p.layout.Absent[i]
		if a.Missing == "" || slices.ContainsFunc(found, func(f Planted) bool { return f.Path == a.Missing }) {
			continue
		}
		if n, ok := (files{}).Lstat(a.Missing); ok && n.Type != a.Type {
			found = append(found, Planted{a.Missing, a.Why})
		}
	}
	for i := range p.roots {
		found = append(found, p.roots[i].planted()...)
	}
	return found
}

// planted are the repositories inside of the directory around this one that git
// enters because its index calls them submodules.
func (r *root) planted() []Planted {
	path := r.Dir + "/index"
	if !r.modules && stampOf(path) == r.index {
		return nil
	}
	links, err := gitLinks(path)
	if err != nil {
		return []Planted{{path, "git reads there which directories are submodules, and netjail cannot: " + err.Error()}}
	}
	var found []Planted
	for _, name := range links {
		at := r.Around() + "/" + name + "/.git"
		if _, ok := (files{}).Lstat(at); ok && !slices.Contains(r.Kept, at) {
			found = append(found, Planted{at, "`git status` and `git diff` in the directory around it obey its configuration, since the index calls it a submodule"})
		}
	}
	return found
}
