package evidence

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// mostTries bounds how often the descriptors of a process that runs are read.
const mostTries = 8

// deepFDs lists the open descriptors of a process that does not stand still. It
// is known only where one reading met no descriptor that was closed meanwhile.
func (d *procDir) deepFDs(r *targetReader) Fact[[]FD] {
	var fds Fact[[]FD]
	for range mostTries {
		fds = d.fds()
		if fds.Known {
			break
		}
	}
	if !fds.Known {
		return fds
	}
	for i := range fds.Value {
		d.lead(&fds.Value[i], r.copier)
	}
	return fds
}

// foundSockets are the pathname sockets that netjail's network namespace knows and
// that the process finds under the same name: the same file, by device and inode.
func (d *procDir) foundSockets() Fact[[]string] {
	source := "/proc/self/net/unix, and openat2(2) below " + d.path + "root"
	text, err := readFile("/proc/self/net/unix")
	if err != nil {
		return Unknown[[]string](source, whyNot(err))
	}
	names, _, err := boundNames(text, []string{"/"})
	if err != nil {
		return Unknown[[]string](source, err.Error())
	}
	root, err := d.sub("root", unix.O_PATH)
	if err != nil {
		return Unknown[[]string](source, whyNot(err))
	}
	defer unix.Close(root)
	found := []string{}
	for _, name := range names {
		own, err := fileID(unix.AT_FDCWD, name)
		if err != nil {
			continue // what netjail does not find it cannot compare
		}
		if its, err := fileIDInRoot(root, name); err == nil && its == own {
			found = append(found, name)
		}
	}
	return Known(found, source)
}

// fileID is the file system and inode of a file; symbolic links on the way are
// followed, the last one is not.
func fileID(dir int, name string) (string, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return "", err
	}
	return fmt.Sprint(st.Dev, " ", st.Ino), nil
}

func fileIDInRoot(root int, name string) (string, error) {
	fd, err := openInRoot(root, strings.TrimPrefix(name, "/"), unix.O_PATH|unix.O_NOFOLLOW)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return "", err
	}
	return fmt.Sprint(st.Dev, " ", st.Ino), nil
}
