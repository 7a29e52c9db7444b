package evidence

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"
)

// procDir is an open /proc/PID. It stands for one process: once that is gone,
// nothing can be opened through it any more, even if the number is given to
// another.
type procDir struct {
	fd     int
	path   string // with a slash at the end; the sources of facts begin with it
	buffer []byte // what read and link return lies in here until the next call
}

// A status is about 1.5 kB; the longest path of a link is shorter than 4 kB. What
// is longer makes it grow.
const procBuffer = 4 << 10

// procMost is the longest file that is read: whoever owns a process or a network
// namespace can make some of them as long as its memory.
const procMost = 64 << 20

var errTooLong = errors.New("it is longer than 64 MiB")

func openProcess(pid int) (*procDir, error) {
	return openProcDir("/proc/" + strconv.Itoa(pid))
}

func openProcDir(path string) (*procDir, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return &procDir{fd: fd, path: path + "/", buffer: make([]byte, procBuffer)}, nil
}

func (d *procDir) close() { unix.Close(d.fd) }

// read reads a whole file below the directory.
func (d *procDir) read(name string) ([]byte, error) {
	text, _, err := d.readOwned(name, false)
	return text, err
}

// readOwned is read, and on demand tells whom the file belongs to.
func (d *procDir) readOwned(name string, ask bool) ([]byte, owner, error) {
	fd, err := unix.Openat(d.fd, name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, owner{}, err
	}
	defer unix.Close(fd)
	var whose owner
	if ask {
		var st unix.Stat_t
		if err := unix.Fstat(fd, &st); err != nil {
			return nil, owner{}, err
		}
		whose = owner{st.Uid, st.Gid}
	}
	text, err := d.toEnd(fd)
	return text, whose, err
}

// toEnd reads until the kernel says that there is no more: a file of /proc may
// answer in pieces.
func (d *procDir) toEnd(fd int) ([]byte, error) {
	n := 0
	for {
		if n == len(d.buffer) {
			if n >= procMost {
				return nil, errTooLong
			}
			d.buffer = append(d.buffer, make([]byte, len(d.buffer))...)
		}
		more, err := unix.Read(fd, d.buffer[n:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if more == 0 {
			return d.buffer[:n], nil
		}
		n += more
	}
}

// link reads a link below an open directory.
func (d *procDir) link(dir int, name string) ([]byte, error) {
	n, err := unix.Readlinkat(dir, name, d.buffer)
	if err != nil {
		return nil, err
	}
	if n == len(d.buffer) {
		return nil, errFilled
	}
	return d.buffer[:n], nil
}

// sub opens a directory below the directory.
func (d *procDir) sub(name string, mode int) (int, error) {
	return unix.Openat(d.fd, name, mode|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
}
