package runner

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
)

// The endings of the names of lures that are no sockets.
const (
	fifoEnding   = "-fifo"
	memoryEnding = "-shm"
)

// shmDir is where shm_open(3) makes files.
const shmDir = "/dev/shm"

// fifos are FIFOs that netjail reads, one in each directory that it may write to.
type fifos struct{ list []fifo }

type fifo struct {
	fd      int
	path    string
	control bool
}

// newFIFOs makes them. A directory that does not exist, or to which netjail may
// not write, gets none.
func newFIFOs(name string, dirs []string) (*fifos, error) {
	f := &fifos{}
	for _, dir := range dirs {
		if err := f.add(filepath.Join(dir, name+fifoEnding)); err != nil && !noPlace(err) {
			return nil, errors.Join(err, f.close())
		}
	}
	return f, nil
}

func (f *fifos) add(path string) error {
	if err := unix.Mkfifo(path, 0o666); err != nil {
		return fmt.Errorf("make the FIFO %s: %w", path, err)
	}
	f.list = append(f.list, fifo{fd: -1, path: path}) // from here on close takes it away
	one := &f.list[len(f.list)-1]
	if err := os.Chmod(path, 0o666); err != nil { // a jail of root's has other ids
		return fmt.Errorf("open a FIFO to all: %w", err)
	}
	first, err := openLocked(path, unix.O_RDONLY|unix.O_NONBLOCK)
	if err != nil {
		return err
	}
	one.control = reachFIFO(path, first)
	// A new reader knows of no writer before it: fs/pipe.c, fifo_open.
	one.fd, err = unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	unix.Close(first)
	if err != nil {
		return fmt.Errorf("read the FIFO %s: %w", path, err)
	}
	one.fd = aside(one.fd)
	return unix.Flock(one.fd, unix.LOCK_EX|unix.LOCK_NB)
}

// openLocked opens a lure and marks it as in use.
func openLocked(path string, flags int) (int, error) {
	fd, err := unix.Open(path, flags|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open %s: %w", path, err)
	}
	if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("lock %s: %w", path, err)
	}
	return fd, nil
}

// reachFIFO is the positive control: a writer shows at the other end.
func reachFIFO(path string, reader int) bool {
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	unix.Close(fd)
	return hadWriter(reader)
}

// hadWriter says whether somebody has, or has had, the FIFO open to write since it
// was opened: poll(2), POLLHUP.
func hadWriter(fd int) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	_, err := unix.Poll(fds, 0)
	return err != nil || fds[0].Revents != 0 || hasWriter(fd)
}

// hasWriter: read(2) of a FIFO without a writer is the end of the file.
func hasWriter(fd int) bool {
	var b [1]byte
	n, err := unix.Read(fd, b[:])
	return n > 0 || err == unix.EAGAIN
}

func (f *fifos) paths() []string {
	list := make([]string, len(f.list))
	for i := range f.list {
		list[i] = f.list[i].path
	}
	return list
}

func (f *fifos) result() []evidence.Bait {
	list := make([]evidence.Bait, len(f.list))
	for i := range f.list {
		one := &f.list[i]
		list[i] = evidence.Bait{Name: one.path, Control: one.control}
		if hadWriter(one.fd) {
			list[i].Arrived = 1
		}
	}
	return list
}

func (f *fifos) close() error {
	var errs []error
	for i := range f.list {
		errs = append(errs, removeLure(f.list[i].path))
		if f.list[i].fd >= 0 {
			errs = append(errs, unix.Close(f.list[i].fd))
		}
	}
	f.list = nil
	return errors.Join(errs...)
}

// removeLure removes a name; a cleaner of /tmp may have been here.
func removeLure(path string) error {
	if err := unix.Unlink(path); err != nil && err != unix.ENOENT {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	return nil
}

// shm is a file in /dev/shm, as shm_open(3) makes it.
type shm struct {
	token   []byte
	fd      int
	path    string
	control bool
}

func newShm(name string, token []byte) (*shm, error) {
	s := &shm{token: token, path: filepath.Join(shmDir, name+memoryEnding)}
	fd, err := unix.Open(s.path, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", s.path, err)
	}
	s.fd = aside(fd)
	if err := errors.Join(unix.Flock(s.fd, unix.LOCK_EX|unix.LOCK_NB), unix.Fchmod(s.fd, 0o666)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.control = s.reach()
	return s, nil
}

// reach is the positive control: what is written by the name is read here.
func (s *shm) reach() bool {
	fd, err := unix.Open(s.path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	n, err := unix.Write(fd, s.token)
	return err == nil && n == len(s.token) && s.written() && unix.Ftruncate(s.fd, 0) == nil
}

// written says whether the token is in the file.
func (s *shm) written() bool {
	b := make([]byte, len(s.token))
	n, err := unix.Pread(s.fd, b, 0)
	return err == nil && n == len(b) && bytes.Equal(b, s.token)
}

func (s *shm) result() *evidence.Bait {
	b := &evidence.Bait{Name: s.path, Control: s.control}
	if s.written() {
		b.Arrived = 1
	}
	return b
}

func (s *shm) close() error { return errors.Join(removeLure(s.path), unix.Close(s.fd)) }

// sweepFile removes a FIFO, or a file, of the same user's that nobody has locked
// any more.
func sweepFile(name string) {
	fd, err := openLocked(name, unix.O_RDONLY|unix.O_NONBLOCK)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if old(fd) {
		unix.Unlink(name)
	}
}
