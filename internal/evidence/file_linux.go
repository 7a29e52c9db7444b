package evidence

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// files looks at paths as the process itself would find them. They are known
// only together: the one that cannot be looked at could be the one that matters.
func (d *procDir) files(paths []string) Fact[[]File] {
	source := "openat2(2) below " + d.path + "root"
	root, err := d.sub("root", unix.O_PATH)
	if err != nil {
		return Unknown[[]File](source, whyNot(err))
	}
	defer unix.Close(root)
	files := make([]File, 0, len(paths))
	for _, path := range paths {
		f, err := d.file(root, path)
		if err != nil {
			return Unknown[[]File](source, path+": "+err.Error())
		}
		files = append(files, f)
	}
	return Known(files, source)
}

// file looks at one path.
func (d *procDir) file(root int, path string) (File, error) {
	fd, err := openInRoot(root, path, unix.O_PATH)
	if err == unix.ENOENT || err == unix.ENOTDIR {
		return File{Path: path}, nil
	}
	if err != nil {
		return File{}, fmt.Errorf("open: %w", err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return File{}, fmt.Errorf("stat: %w", err)
	}
	f := File{Path: path, Exists: true}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		f.Kind, f.Size = FileRegular, st.Size
	case unix.S_IFCHR:
		f.Kind, f.Device = FileCharacter, deviceText(uint64(st.Rdev))
	case unix.S_IFDIR:
		f.Kind = FileDirectory
		f.Names, err = d.names(fd)
	}
	return f, err
}

// names counts what is in a directory.
func (d *procDir) names(dir int) (int, error) {
	fd, err := unix.Openat(dir, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	defer unix.Close(fd)
	list, err := d.list(fd)
	return len(list), err
}

// openInRoot opens a path as a process whose root is root would. A path that
// changes meanwhile is tried again, a bounded number of times.
func openInRoot(root int, path string, flags int) (fd int, err error) {
	how := unix.OpenHow{Flags: uint64(flags | unix.O_CLOEXEC), Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_MAGICLINKS}
	for range 64 {
		fd, err = unix.Openat2(root, path, &how)
		if err != unix.EAGAIN && err != unix.EINTR {
			break
		}
	}
	return fd, err
}

// deviceText is a device number as major:minor.
func deviceText(device uint64) string {
	return fmt.Sprintf("%d:%d", unix.Major(device), unix.Minor(device))
}
