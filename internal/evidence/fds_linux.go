package evidence

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// fds lists the open descriptors, ascending, and what each is open on.
func (d *procDir) fds() Fact[[]FD] {
	source := d.path + "fd"
	dir, err := d.sub("fd", unix.O_RDONLY)
	if err != nil {
		return Unknown[[]FD](source, whyNot(err))
	}
	defer unix.Close(dir)
	names, err := d.list(dir)
	if err != nil {
		return Unknown[[]FD](source, whyNot(err))
	}
	fds := make([]FD, 0, len(names))
	for _, name := range names {
		fd, err := d.descriptor(dir, name)
		if err != nil {
			return Unknown[[]FD](source, err.Error())
		}
		fds = append(fds, fd)
	}
	slices.SortFunc(fds, func(a, b FD) int { return cmp.Compare(a.Number, b.Number) })
	return Known(fds, source)
}

// list reads the names in an open directory, without . and ..
func (d *procDir) list(dir int) ([]string, error) {
	var names []string
	for {
		n, err := unix.ReadDirent(dir, d.buffer)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return names, nil
		}
		_, _, names = unix.ParseDirent(d.buffer[:n], -1, names)
	}
}

const whyClosed = "it was closed meanwhile: the process does not stand still"

func (d *procDir) descriptor(dir int, name string) (FD, error) {
	number, err := decimal([]byte(name), math.MaxInt32)
	if err != nil {
		return FD{}, fmt.Errorf("descriptor %q: %w", name, err)
	}
	link, err := d.link(dir, name)
	if err != nil {
		return FD{}, unreadFD(name, err)
	}
	target := string(link)
	open := FD{Number: int(number), Target: target, Kind: kindOfFD(target)}
	if !strings.HasPrefix(target, "/") {
		return open, nil
	}
	// Through the link; a file system that answers from elsewhere is not asked.
	var st unix.Statx_t
	if err := unix.Statx(dir, name, unix.AT_STATX_DONT_SYNC, unix.STATX_TYPE|unix.STATX_NLINK, &st); err != nil {
		return FD{}, unreadFD(name, err)
	}
	if isTerminal(&st) {
		open.Kind, open.Terminal = FDTerminal, d.openTerminal(name, &st)
		return open, nil
	}
	open.Directory = st.Mode&unix.S_IFMT == unix.S_IFDIR
	open.FIFO = st.Mode&unix.S_IFMT == unix.S_IFIFO
	open.Packets = isPackets(&st)
	open.Deleted = st.Nlink == 0
	open.PathOnly, err = pathOnly(dir, name)
	if err != nil {
		return FD{}, unreadFD(name, err)
	}
	return open, nil
}

// pathOnly says whether a descriptor was opened with O_PATH: the link's own
// permissions are r for one that reads and w for one that writes, and none for what
// does neither. Source: tid_fd_update_inode() of fs/proc/fd.c.
func pathOnly(dir int, name string) (bool, error) {
	var st unix.Stat_t
	err := unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW)
	return err == nil && st.Mode&0o600 == 0, err
}

func unreadFD(name string, err error) error {
	if err == unix.ENOENT {
		return fmt.Errorf("descriptor %s: %s", name, whyClosed)
	}
	return fmt.Errorf("descriptor %s: %s", name, whyNot(err))
}
