package catalog

import (
	"strings"

	"golang.org/x/sys/unix"
)

// repository says whether a directory is the root of the working directory's
// repository: whether it holds `.git`, a directory or, in a linked worktree or
// submodule, a file. One of a stranger's does not count, so that nobody can put
// profiles before others by a file in /tmp. Package tree means the same by
// `project`.
func (w *Where) repository(dir string) bool {
	git, err := lstat(strings.TrimSuffix(dir, "/") + "/.git")
	if err != nil || git.Uid == w.UID {
		return err == nil
	}
	st, err := lstat(w.Workdir)
	return err == nil && git.Uid == st.Uid
}

// presence says whether a directory holds a file of a name, whatever it is.
type presence uint8

const (
	absent  presence = iota
	present          // or it cannot be told, and reading it tells why
)

// look asks a directory for a profile. A directory that cannot be reached holds
// nothing that the caller could run; one that is there and may not be searched
// may hold it.
func (d *Dir) look(name string) presence {
	switch _, err := lstat(d.file(name)); err {
	case unix.ENOENT, unix.ENOTDIR:
		return absent
	case unix.EACCES:
		if _, err := lstat(d.Path); err != nil {
			return absent
		}
	}
	return present
}

// lstat does not follow a link in the last part, and makes nothing be mounted.
func lstat(path string) (unix.Stat_t, error) {
	var st unix.Stat_t
	err := unix.Fstatat(unix.AT_FDCWD, path, &st, unix.AT_SYMLINK_NOFOLLOW|unix.AT_NO_AUTOMOUNT)
	return st, err
}
