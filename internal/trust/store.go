package trust

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Store is a user's records. The directory need not exist.
type Store struct {
	dir string
	uid uint32
}

// In is the store in a directory of a user's. dir is absolute.
func In(dir string, uid uint32) *Store { return &Store{dir, uid} }

// Dir is where the records are.
func (s *Store) Dir() string { return s.dir }

// Error says why the store cannot be relied on, or written to.
type Error struct {
	Path        string
	Cause, Help string
}

func (e *Error) Error() string { return "trust store: " + e.Path + ": " + e.Cause }

// Find is the record of a path, nil where there is none.
//
// Errors: *Error. One that cannot be read is not one that is not there.
func (s *Store) Find(path string) (*Record, error) {
	dir, err := s.open()
	if dir < 0 || err != nil {
		return nil, err
	}
	defer unix.Close(dir)
	return s.read(dir, fileName(path))
}

// List is every record, sorted by path.
//
// Errors: *Error.
func (s *Store) List() ([]Record, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Error{s.dir, err.Error(), "make it readable"}
	}
	dir, err := s.open()
	if dir < 0 || err != nil {
		return nil, err
	}
	defer unix.Close(dir)
	var all []Record
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), extension) { // one that is being written
			continue
		}
		r, err := s.read(dir, e.Name())
		if err != nil {
			return nil, err
		}
		if r != nil {
			all = append(all, *r)
		}
	}
	slices.SortFunc(all, func(a, b Record) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

// Add keeps a record in place of the one that its path had. It is there whole, or
// not at all.
//
// Errors: *Error.
func (s *Store) Add(r *Record) error {
	if err := s.write(r); err != nil {
		var own *Error
		if errors.As(err, &own) {
			return err
		}
		return &Error{s.dir, err.Error(), "make it writable, or set XDG_DATA_HOME to a directory that is"}
	}
	return nil
}

func (s *Store) write(r *Record) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	dir, err := s.open() // it may have been there, and be somebody else's
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	next, err := os.CreateTemp(s.dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(next.Name()) // nothing, once it is renamed
	_, err = next.Write(r.text())
	if err == nil {
		err = next.Sync()
	}
	if closed := next.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(next.Name(), s.dir+"/"+fileName(r.Path))
	}
	return err
}

// Remove takes a path's record away, and says whether there was one.
//
// Errors: *Error.
func (s *Store) Remove(path string) (bool, error) {
	err := os.Remove(s.dir + "/" + fileName(path))
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, os.ErrNotExist):
		return false, nil
	}
	return false, &Error{s.dir, err.Error(), "make it writable"}
}

// open opens the directory once it has been looked at: whoever may write to it
// could trust in the user's name. It is -1 where there is none.
func (s *Store) open() (int, error) {
	fd, err := unix.Open(s.dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, unix.ENOENT):
		return -1, nil
	case errors.Is(err, unix.ENOTDIR):
		return -1, &Error{s.dir, "it is no directory, or a symbolic link", "remove it"}
	case err != nil:
		return -1, &Error{s.dir, err.Error(), "make it readable"}
	}
	if err := s.vet(s.dir, fd, unix.S_IFDIR); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// vet holds what is open to its type, its owner and its mode.
func (s *Store) vet(path string, fd int, kind uint32) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return &Error{path, err.Error(), "make it readable"}
	}
	switch {
	case st.Mode&unix.S_IFMT != kind:
		return &Error{path, "it is no regular file", "remove it"}
	case st.Uid != s.uid:
		return &Error{path, "it belongs to user " + strconv.Itoa(int(st.Uid)) + ", and not to the caller", "remove it, and trust again what is to be trusted"}
	case st.Mode&(unix.S_IWGRP|unix.S_IWOTH) != 0:
		return &Error{path, fmt.Sprintf("its mode is %o: others than its owner can change it", st.Mode&0o7777), "look at what `netjail trust --list` has, then `chmod go-w " + path + "`"}
	}
	return nil
}

// maxText bounds a record: a profile as it is printed, with what every value came
// from, is a few times as long as one that is read.
const maxText = 16 << 20

// read reads one record; nil where there is none.
func (s *Store) read(dir int, name string) (*Record, error) {
	fd, err := unix.Openat(dir, name, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, unix.ENOENT):
		return nil, nil
	case err != nil:
		return nil, s.wrong(name, err.Error())
	}
	f := os.NewFile(uintptr(fd), name)
	defer f.Close()
	if err := s.vet(s.dir+"/"+name, fd, unix.S_IFREG); err != nil {
		return nil, err
	}
	text, err := readUpTo(f, maxText)
	if err != nil {
		return nil, s.wrong(name, err.Error())
	}
	r, err := parse(text)
	if err == nil && fileName(r.Path) != name {
		err = errors.New("it is the record of " + strconv.Quote(r.Path))
	}
	if err != nil {
		return nil, s.wrong(name, err.Error())
	}
	return r, nil
}

func (s *Store) wrong(name, cause string) *Error {
	return &Error{s.dir + "/" + name, cause, "remove it, and trust again what is to be trusted"}
}
