package catalog

import (
	"path"
	"strings"
)

// A profile may extend others by name or by path. What it means must not depend
// on whoever writes files where it is used: names in the user's profiles are not
// looked for in a project, and those in the system's not among the user's.

// From is the catalog of a profile in one of the places: it looks there, and in
// those that are less a stranger's.
func (c *Catalog) From(p Place) *Catalog {
	out := &Catalog{uid: c.uid, root: c.root}
	for _, d := range c.dirs {
		if d.Place >= p {
			out.dirs = append(out.dirs, d)
		}
	}
	return out
}

// PlaceOf is the place of a file, by its absolute path: that of the directory
// which it lies in. Any other file counts as the project's where it lies in the
// project, and as the user's where not.
func (c *Catalog) PlaceOf(file string) Place {
	dir := path.Dir(path.Clean(file))
	for _, d := range c.dirs {
		if d.Path == dir {
			return d.Place
		}
	}
	if c.root != "" && strings.HasPrefix(dir+"/", strings.TrimSuffix(c.root, "/")+"/") {
		return Project
	}
	return User
}

// Parent reads a file, absolute, that a profile of the user's or of the system's
// extends. Whoever could write it could write the profile.
//
// Errors: *RefusedError.
func (c *Catalog) Parent(p Place, file string) ([]byte, error) {
	dir, name := path.Split(path.Clean(file))
	return c.read(&Dir{p, path.Clean(dir)}, name)
}
