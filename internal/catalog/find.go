package catalog

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/profiles"
)

// Profile is a profile of a name, in one place.
type Profile struct {
	Name  string
	Place Place
	// Path is the file, absolute; of a built-in profile what diagnostics call it.
	Path string
	// Text is the YAML, at most policy.MaxBytes and one byte.
	Text []byte
}

// Catalog is what a caller finds by name. It is made for one command and looks
// at the files each time that it is asked.
type Catalog struct {
	dirs []Dir
	uid  uint32
	root string // of the project; empty where there is none
}

// New is the catalog of a caller.
func New(w *Where) *Catalog {
	dirs, root := w.dirs()
	return &Catalog{dirs, w.UID, root}
}

// Dirs are the directories that are looked into, the nearest first.
func (c *Catalog) Dirs() []Dir { return c.dirs }

// Find reads the profile of a name.
//
// Errors: *UnknownError, *TwiceError, *RefusedError.
func (c *Catalog) Find(name string) (*Profile, error) {
	if !Named(name) {
		return nil, &UnknownError{Name: name, Odd: true, Known: c.names(), Dirs: c.dirs}
	}
	found, dirs := c.holders(name)
	switch {
	case len(found) == 0:
		return nil, &UnknownError{Name: name, Known: c.names(), Dirs: c.dirs}
	case len(found) > 1:
		return nil, &TwiceError{name, found}
	}
	p := &found[0]
	if p.Place == BuiltIn {
		p.Text, _ = profiles.Source(name)
		return p, nil
	}
	text, err := c.read(&dirs[0], name+extension)
	p.Text = text
	if err != nil {
		return nil, err
	}
	return p, nil
}

// OnlyBuiltIn says whether a name is a built-in profile's and certainly nobody
// else's. It is asked before every run of one and makes a few calls, without
// reading a file.
func (c *Catalog) OnlyBuiltIn(name string) bool {
	if !profiles.Has(name) {
		return false
	}
	for i := range c.dirs {
		if c.dirs[i].look(name) != absent {
			return false
		}
	}
	return true
}

// holders are the places that hold a name, and the directories of those that
// have one.
func (c *Catalog) holders(name string) (found []Profile, dirs []Dir) {
	for i := range c.dirs {
		if d := &c.dirs[i]; d.look(name) == present {
			found = append(found, Profile{Name: name, Place: d.Place, Path: d.file(name)})
			dirs = append(dirs, *d)
		}
	}
	if profiles.Has(name) {
		found = append(found, Profile{Name: name, Place: BuiltIn, Path: profiles.File(name)})
	}
	return found, dirs
}

// names are all names that there are, sorted, each once. A directory that cannot
// be listed adds none: this is for suggestions.
func (c *Catalog) names() []string {
	all := slices.Clone(profiles.Names())
	for i := range c.dirs {
		files, _ := c.dirs[i].files()
		for _, file := range files {
			if name, ok := strings.CutSuffix(file, extension); ok && Named(name) {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// maxName is how long a name is at most, as the key `name` has it.
const maxName = 64

// Named says whether s can be a profile's name: letters, digits, `.`, `_` and
// `-`, beginning with a letter or digit, and not the beginning of a path.
func Named(s string) bool {
	if s == "" || len(s) > maxName || strings.HasSuffix(s, extension) || !alphanumeric(s[0]) {
		return false
	}
	for i := range len(s) {
		if !alphanumeric(s[i]) && strings.IndexByte("._-", s[i]) < 0 {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// At reads a project's profile by the directory that it lies in, wherever that
// is.
//
// Errors: *RefusedError.
func (c *Catalog) At(dir, name string) (*Profile, error) {
	d := Dir{Project, dir}
	text, err := c.read(&d, name+extension)
	if err != nil {
		return nil, err
	}
	return &Profile{Name: name, Place: Project, Path: d.file(name), Text: text}, nil
}
