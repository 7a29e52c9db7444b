package host

import (
	"golang.org/x/sys/unix"
)

// closedFDs are those of the wanted descriptors that netjail was not started
// with. One that is open and close-on-exec is netjail's own: nothing that was
// inherited can have that flag, and everything that netjail opens has it.
func closedFDs(wanted []int) []int {
	var closed []int
	for _, fd := range wanted {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err != nil || flags&unix.FD_CLOEXEC != 0 {
			closed = append(closed, fd)
		}
	}
	return closed
}

// blockStart is low enough for the first 64 entries of a descriptor table,
// which every process has: a larger table would be copied on each clone.
const blockStart = 40

// freeBlock is the lowest number, from blockStart on, behind which n descriptors,
// and the one that the stage needs for the plan's memory, are neither open nor
// wanted.
func freeBlock(wanted []int, n int) int {
	base := blockStart
	for fd := base; fd <= base+n; fd++ {
		if inUse(fd, wanted) {
			base = fd + 1
		}
	}
	return base
}

func inUse(fd int, wanted []int) bool {
	for _, w := range wanted {
		if w == fd {
			return true
		}
	}
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	return err == nil
}
