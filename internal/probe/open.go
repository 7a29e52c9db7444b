package probe

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// openFlags never block, and give no terminal away.
const openFlags = unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY

// read tries to read one byte of a file, or one name of a directory: what reads
// as empty tells nothing.
func read(path string) string {
	fd, err := unix.Open(path, unix.O_RDONLY|openFlags, 0)
	if err != nil {
		return word(err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return word(err)
	}
	n := 0
	if st.Mode&unix.S_IFMT == unix.S_IFDIR {
		n, err = entries(fd)
	} else {
		n, err = unix.Read(fd, make([]byte, 1))
	}
	switch {
	case err != nil:
		return word(err)
	case n == 0:
		return Empty
	}
	return Done
}

// entries counts the names at the beginning of a directory.
func entries(fd int) (int, error) {
	b := make([]byte, 4096)
	for {
		n, err := unix.ReadDirent(fd, b)
		if err != nil || n == 0 {
			return 0, err
		}
		_, count, _ := unix.ParseDirent(b[:n], -1, nil) // without . and ..
		if count > 0 {
			return count, nil
		}
	}
}

// write tries to write: to a file that is there, without changing it; or by
// making one, which is removed again.
func write(path string) string {
	var st unix.Stat_t
	err := unix.Stat(path, &st)
	switch {
	case err == unix.ENOENT:
		return makeFile(path)
	case err != nil:
		return word(err)
	case st.Mode&unix.S_IFMT == unix.S_IFDIR:
		return makeFile(path + "/.netjail-test-" + strconv.Itoa(unix.Getpid()))
	}
	fd, err := unix.Open(path, unix.O_WRONLY|openFlags, 0)
	if err != nil {
		return word(err)
	}
	unix.Close(fd)
	return Done
}

// makeFile makes a file that is not there, and removes it.
func makeFile(path string) string {
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|openFlags, 0o600)
	if err != nil {
		return word(err)
	}
	unix.Close(fd)
	if unix.Unlink(path) != nil {
		return Left
	}
	return Done
}
