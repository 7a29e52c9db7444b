package sys

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Letters of the status channel.
const (
	ReaperReady = 'r' // the reaper runs its own program
	ReaperDone  = 'd' // it reaps; the next byte is what PR_GET_DUMPABLE told it
)

// ReaperFD opens the reaper's program, close-on-exec: a file of a few hundred
// bytes in memory or, where that cannot be had, netjail itself, which is told
// by its argv[0]. native forces netjail itself.
func ReaperFD(native bool) (int, error) {
	if !native {
		if fd, err := reaperMemory(); err == nil {
			return fd, nil
		}
	}
	fd, err := unix.Open("/proc/self/exe", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open netjail's own program for the reaper: %w", err)
	}
	return fd, nil
}

// reaperMemory fails where the architecture has no such program or the host
// forbids executable memory files (sysctl vm.memfd_noexec=2).
func reaperMemory() (int, error) {
	image, err := reaperImage()
	if err != nil {
		return -1, err
	}
	fd, err := unix.MemfdCreate("netjail-reaper", unix.MFD_CLOEXEC|unix.MFD_EXEC)
	if err == unix.EINVAL { // before Linux 6.3 every memory file could be executed
		fd, err = unix.MemfdCreate("netjail-reaper", unix.MFD_CLOEXEC)
	}
	if err != nil {
		return -1, err
	}
	if _, err := unix.Write(fd, image); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// Reap is the reaper in Go, for where the tiny program cannot run. It is pid 1
// of the jail's pid namespace; descriptor 0 is the status channel, and args[1] is
// the command's number there, as one byte. Without a pid namespace it leads the
// command's session, and args[1] is empty: the command is its only child.
//
// It says ReaperReady, waits for a byte, stops being dumpable and says
// ReaperDone with what it reads back. Then it reaps whatever ends, sends each
// wait status of the command (four bytes, the host's order) and ends with the
// command. The kernel kills all the rest.
func Reap(args []string) {
	if len(args) != 2 || len(args[1]) > 1 {
		return
	}
	command := 0
	if args[1] != "" {
		command = int(args[1][0])
	}
	unix.CloseRange(1, 2, 0) // the runtime's own stand-ins for closed descriptors
	b := []byte{ReaperReady}
	unix.Write(0, b)
	if n, err := unix.Read(0, b); n != 1 || err != nil {
		return
	}
	if unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) != nil {
		return
	}
	dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil {
		return
	}
	unix.Write(0, []byte{ReaperDone, byte(dumpable)})
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WUNTRACED|unix.WCONTINUED, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return
		}
		if command != 0 && pid != command {
			continue
		}
		unix.Write(0, []byte{byte(status), byte(status >> 8), byte(status >> 16), byte(status >> 24)})
		if status.Exited() || status.Signaled() {
			return
		}
	}
}
