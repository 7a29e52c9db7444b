package evidence

import (
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// walker goes through directories and follows no link.
type walker struct {
	Walk
	left int // how many names it may still look at
}

// path looks at one path and, where it is a directory, at all below.
func (w *walker) path(p string) {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		if err != unix.ENOENT {
			w.Closed++
		}
		return
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFSOCK:
		w.Endpoints = append(w.Endpoints, Endpoint{Path: p, Answer: Ask(p)})
	case unix.S_IFIFO:
		w.Endpoints = append(w.Endpoints, Endpoint{Path: p, FIFO: true})
	case unix.S_IFDIR:
		w.tree(p)
	}
}

// tree goes through a directory and all below it.
func (w *walker) tree(top string) {
	todo := []string{top}
	for len(todo) > 0 && !w.Cut {
		dir := todo[len(todo)-1]
		todo = append(todo[:len(todo)-1], w.directory(top, dir)...)
	}
}

// directory looks at the names in one directory, and returns the directories
// among them.
func (w *walker) directory(top, dir string) (dirs []string) {
	d, err := openBelow(top, dir)
	switch {
	case err == unix.ENOENT: // removed meanwhile
		return nil
	case err != nil:
		w.Closed++
		return nil
	}
	defer d.Close()
	for {
		entries, err := d.ReadDir(1024)
		for _, e := range entries {
			if w.left--; w.left < 0 {
				w.Cut = true
				return nil
			}
			w.Files++
			name := path.Join(dir, e.Name())
			switch e.Type() {
			case fs.ModeSocket:
				w.Endpoints = append(w.Endpoints, Endpoint{Path: name, Answer: Ask(name)})
			case fs.ModeNamedPipe:
				w.Endpoints = append(w.Endpoints, Endpoint{Path: name, FIFO: true})
			case fs.ModeDir:
				dirs = append(dirs, name)
			}
		}
		if err != nil {
			if err != io.EOF {
				w.Closed++
			}
			return dirs
		}
	}
}

// openBelow opens a directory whose path nobody can turn into a link to
// somewhere else meanwhile, and that lies on the file system of top. A mount
// below it is a path of its own, where the command sees it.
func openBelow(top, dir string) (*os.File, error) {
	how := unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_DIRECTORY | unix.O_CLOEXEC | unix.O_NONBLOCK,
		Resolve: unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
	}
	fd, err := unix.Openat2(unix.AT_FDCWD, top, &how)
	if err != nil {
		return nil, err
	}
	if dir == top {
		return os.NewFile(uintptr(fd), dir), nil
	}
	defer unix.Close(fd)
	how.Resolve |= unix.RESOLVE_BENEATH | unix.RESOLVE_NO_XDEV
	below, err := unix.Openat2(fd, strings.TrimPrefix(dir[len(top):], "/"), &how)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(below), dir), nil
}
