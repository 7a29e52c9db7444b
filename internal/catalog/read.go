package catalog

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/policy"
)

// read reads a profile's file and looks at who could have written it. It never
// waits: anything but a regular file is refused before it is opened.
//
// Errors: *RefusedError.
func (c *Catalog) read(d *Dir, file string) ([]byte, error) {
	dir, err := c.open(d)
	if err != nil {
		return nil, err
	}
	defer unix.Close(dir)
	path := strings.TrimSuffix(d.Path, "/") + "/" + file
	var st unix.Stat_t
	if err := unix.Fstatat(dir, file, &st, d.follows()|unix.AT_NO_AUTOMOUNT); err != nil {
		return nil, unreadable(path, err)
	}
	if err := regular(path, &st); err != nil {
		return nil, err
	}
	flags := unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC
	if d.Place == Project {
		flags |= unix.O_NOFOLLOW
	}
	fd, err := unix.Openat(dir, file, flags, 0)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer unix.Close(fd)
	if err := c.vet(d.Place, path, fd, regular); err != nil {
		return nil, err
	}
	text, err := readAll(fd)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return text, nil
}

// follows is the flag for fstatat(2). What a repository commits as a link is not
// followed: a reviewer would see a name, and no profile.
func (d *Dir) follows() int {
	if d.Place == Project {
		return unix.AT_SYMLINK_NOFOLLOW
	}
	return 0
}

// open opens the directory, once it has been looked at.
func (c *Catalog) open(d *Dir) (int, error) {
	flags := unix.O_RDONLY | unix.O_DIRECTORY | unix.O_CLOEXEC
	if d.Place == Project {
		if st, err := lstat(d.Path); err == nil && st.Mode&unix.S_IFMT == unix.S_IFLNK {
			return -1, link(d.Path)
		}
		flags |= unix.O_NOFOLLOW
	}
	fd, err := unix.Open(d.Path, flags, 0)
	if errors.Is(err, unix.EACCES) { // it may be searched and not be listed
		fd, err = unix.Open(d.Path, flags|unix.O_PATH, 0)
	}
	if err != nil {
		return -1, unreadable(d.Path, err)
	}
	if err := c.vet(d.Place, d.Path, fd, anything); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// vet looks at what is open: what it is, and whether somebody else could have
// written it. A project's files are whose they are: trust holds their digest.
func (c *Catalog) vet(p Place, path string, fd int, kind func(string, *unix.Stat_t) error) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return unreadable(path, err)
	}
	if err := kind(path, &st); err != nil || p == Project {
		return err
	}
	owners := []uint32{0, c.uid}
	if p == System {
		owners = owners[:1]
	}
	return owned(path, &st, owners)
}

// owned refuses a file that others could have written.
func owned(path string, st *unix.Stat_t, owners []uint32) error {
	const others = unix.S_IWGRP | unix.S_IWOTH
	switch {
	case !slices.Contains(owners, st.Uid):
		return &RefusedError{path, "it belongs to user " + strconv.Itoa(int(st.Uid)) + ", who could change it", "give it to root, or make it anew: a profile here is trusted by its place"}
	case st.Mode&others != 0:
		return &RefusedError{path, "its mode is " + strconv.FormatUint(uint64(st.Mode&0o7777), 8) + ": others than its owner can change it", "`chmod go-w " + path + "`"}
	}
	return nil
}

func anything(string, *unix.Stat_t) error { return nil }

// regular refuses what is no regular file.
func regular(path string, st *unix.Stat_t) error {
	what := "a device"
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		return nil
	case unix.S_IFLNK:
		return link(path)
	case unix.S_IFDIR:
		what = "a directory"
	case unix.S_IFIFO:
		what = "a FIFO"
	case unix.S_IFSOCK:
		what = "a socket"
	}
	return &RefusedError{path, "it is " + what + ", not a regular file", "remove it, or put the profile in its place"}
}

func link(path string) error {
	return &RefusedError{path, "it is a symbolic link, which a project's profiles are not read through", "put what it leads to in its place, or name the file by its path"}
}

func unreadable(path string, err error) error {
	help := "make it readable, or remove it"
	if errors.Is(err, unix.ENOENT) {
		help = "it leads to nothing: remove it"
	}
	return &RefusedError{path, "it cannot be read: " + err.Error(), help}
}

// readAll reads a file up to the bound of a profile and one byte, by which
// whoever parses it tells that it is too large.
func readAll(fd int) ([]byte, error) {
	text := make([]byte, 0, 4096)
	for len(text) <= policy.MaxBytes {
		text = slices.Grow(text, 4096)
		n, err := unix.Read(fd, text[len(text):min(cap(text), policy.MaxBytes+1)])
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return nil, err
		case n == 0:
			return text, nil
		default:
			text = text[:len(text)+n]
		}
	}
	return text, nil
}
