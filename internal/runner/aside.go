package runner

import "golang.org/x/sys/unix"

// asideFrom is behind the numbers that most set-ups need for the child.
const asideFrom = 400

// aside gives a descriptor of netjail's a high number. There may be a hundred of
// them, and the child's have their numbers chosen before netjail opens more: those
// of its own that the kernel numbers must find low ones free. Where the limit is
// lower than that, it keeps its number.
func aside(fd int) int {
	high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, asideFrom)
	if err != nil {
		return fd
	}
	unix.Close(fd)
	return high
}
