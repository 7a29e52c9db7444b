package catalog

import (
	"errors"
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/sys"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/profiles"
)

// Listed is a line of a list: a profile, or why there is none.
type Listed struct {
	Profile
	// Err is why the profile cannot be had by its name: *RefusedError, *TwiceError
	// or *UnknownError.
	Err error
}

// List is everything in reach, sorted by name and then by place. Files that do
// not end in .yaml are not profiles; a name that no profile could have, a file
// that is refused and a name in two places are listed with their error.
func (c *Catalog) List() []Listed {
	var all []Listed
	for i := range c.dirs {
		all = append(all, c.listDir(&c.dirs[i])...)
	}
	for _, name := range profiles.Names() {
		p := Profile{Name: name, Place: BuiltIn, Path: profiles.File(name)}
		p.Text, _ = profiles.Source(name)
		all = append(all, Listed{Profile: p})
	}
	slices.SortStableFunc(all, func(a, b Listed) int { return strings.Compare(a.Name, b.Name) })
	markTwice(all)
	return all
}

// markTwice gives every line whose name is on another line, too, the error that
// Find has for it.
func markTwice(all []Listed) {
	for start := 0; start < len(all); {
		end := start + 1
		for end < len(all) && all[end].Name == all[start].Name {
			end++
		}
		if end-start > 1 && Named(all[start].Name) {
			twice := &TwiceError{Name: all[start].Name}
			for _, l := range all[start:end] {
				twice.Found = append(twice.Found, Profile{Name: l.Name, Place: l.Place, Path: l.Path})
			}
			for i := start; i < end; i++ {
				all[i].Err = twice
			}
		}
		start = end
	}
}

// listDir lists one directory. One that is not there holds nothing; one that
// cannot be listed is a line by itself, without a name.
func (c *Catalog) listDir(d *Dir) []Listed {
	files, err := d.files()
	if err != nil {
		return []Listed{{Profile{Place: d.Place, Path: d.Path}, unreadable(d.Path, err)}}
	}
	var all []Listed
	for _, file := range files {
		name, ok := strings.CutSuffix(file, extension)
		if !ok {
			continue
		}
		l := Listed{Profile: Profile{Name: name, Place: d.Place, Path: d.Path + "/" + file}}
		if Named(name) {
			l.Text, l.Err = c.read(d, file)
		} else {
			l.Err = &UnknownError{Name: name, Odd: true}
		}
		all = append(all, l)
	}
	return all
}

// files lists the names in the directory, sorted; none where there is no such
// directory, or it cannot be reached.
func (d *Dir) files() ([]string, error) {
	flags := unix.O_RDONLY | unix.O_DIRECTORY | unix.O_CLOEXEC | unix.O_NONBLOCK
	fd, err := unix.Open(d.Path, flags, 0)
	switch {
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
		return nil, nil
	case err != nil:
		if _, far := lstat(d.Path); far != nil {
			return nil, nil
		}
		return nil, err
	}
	defer unix.Close(fd)
	return sys.Names(fd)
}
