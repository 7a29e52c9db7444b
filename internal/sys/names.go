package sys

import (
	"errors"
	"slices"

	"golang.org/x/sys/unix"
)

// Names reads the names in the directory that fd is open on, sorted, without the
// two dots. What is there is not looked at.
func Names(fd int) ([]string, error) {
	names := make([]string, 0, 64)
	buf := make([]byte, 8192)
	for {
		n, err := unix.Getdents(fd, buf)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return nil, err
		case n == 0:
			slices.Sort(names)
			return names, nil
		default:
			_, _, names = unix.ParseDirent(buf[:n], -1, names)
		}
	}
}
