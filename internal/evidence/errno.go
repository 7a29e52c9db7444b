package evidence

import (
	"errors"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// errnoName is the name of an errno, e.g. "EPERM", or "errno 999" for a number
// that has none.
func errnoName(n int64) string {
	if name := unix.ErrnoName(syscall.Errno(n)); name != "" {
		return name
	}
	return "errno " + strconv.FormatInt(n, 10)
}

// whyNot is the reason of a fact that a call on a process's files refused.
func whyNot(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err.Error()
	}
	name := errnoName(int64(errno))
	switch errno {
	case unix.EACCES, unix.EPERM:
		return name + ": the process is not dumpable or belongs to another user"
	case unix.ENOENT:
		return name + ": this kernel has no such file"
	case unix.ESRCH:
		return name + ": the process has ended"
	}
	return name
}
