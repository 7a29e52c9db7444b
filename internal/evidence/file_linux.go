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
	fd, err := openInRoot(root, path, unix.O_PATH|unix.O_NOFOLLOW)
	if err == unix.ENOENT || err == unix.ENOTDIR {
		return File{Path: path}, nil
	}
	if err != nil {
		return File{}, fmt.Errorf("open: %w", err)
	}
	defer unix.Close(fd)
	var st unix.Statx_t
	if err := unix.Statx(fd, "", unix.AT_EMPTY_PATH, unix.STATX_BASIC_STATS|unix.STATX_BTIME, &st); err != nil {
		return File{}, fmt.Errorf("stat: %w", err)
	}
	f := File{Path: path, Exists: true, Perm: uint32(st.Mode) & 0o7777, Changed: nanoseconds(st.Ctime)}
	if st.Mask&unix.STATX_BTIME != 0 {
		f.Born = nanoseconds(st.Btime)
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		f.Kind, f.Size = FileRegular, int64(st.Size)
	case unix.S_IFCHR:
		f.Kind, f.Device = FileCharacter, deviceText(unix.Mkdev(st.Rdev_major, st.Rdev_minor))
	case unix.S_IFDIR:
		f.Kind = FileDirectory
		f.Names, err = d.names(fd)
	case unix.S_IFLNK:
		f.Kind = FileLink
		var text []byte
		text, err = d.link(fd, "")
		f.Link = string(text)
	}
	return f, err
}

func nanoseconds(t unix.StatxTimestamp) int64 { return t.Sec*1e9 + int64(t.Nsec) }

// names counts what is in a directory.
func (d *procDir) names(dir int) (int, error) {
	fd, err := unix.Openat(dir, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err == unix.EACCES {
		return -1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	defer unix.Close(fd)
	list, err := d.list(fd)
	return len(list), err
}

// ReadOwnFiles looks at paths as netjail itself finds them.
func ReadOwnFiles(paths []string) Fact[[]File] {
	d, err := openProcDir("/proc/thread-self")
	if err != nil {
		return Unknown[[]File]("/proc/thread-self", whyNot(err))
	}
	defer d.close()
	return d.files(paths)
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
