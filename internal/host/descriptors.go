package host

import (
	"slices"

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
//
// One poll(2) asks for all of them. It does not know a descriptor that is open
// with O_PATH: such a one is the caller's, and closed in any case, or wanted.
func freeBlock(wanted []int, n int) int {
	block := make([]unix.PollFd, n+1)
	base := blockStart
	for {
		for i := range block {
			block[i].Fd = int32(base + i)
		}
		_, err := unix.Poll(block, 0)
		if err == unix.EINTR {
			continue
		}
		used := lastUsed(block, wanted)
		if used < 0 || err != nil {
			return base // a limit below the block is told where it is used
		}
		base = used + 1
	}
}

// lastUsed is the highest descriptor of a block that is open or wanted, or -1.
func lastUsed(block []unix.PollFd, wanted []int) int {
	for i := len(block) - 1; i >= 0; i-- {
		fd := int(block[i].Fd)
		if block[i].Revents&unix.POLLNVAL == 0 || slices.Contains(wanted, fd) {
			return fd
		}
	}
	return -1
}
