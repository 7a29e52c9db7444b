package sys

import (
	"errors"

	"golang.org/x/sys/unix"
)

// StartEnded makes a process in new namespaces that does nothing, and waits until
// it has ended. It is not reaped: until the caller does that, /proc still shows
// what user namespace it was in, and nobody can enter that through it.
//
// Errors: those of Start.
func StartEnded(flags uintptr) (pid int, err error) {
	p, err := NewProgram(1, 0)
	if err != nil {
		return 0, err
	}
	defer p.Close()
	if _, err := p.Add(Step{NR: unix.SYS_EXIT_GROUP}); err != nil {
		return 0, err
	}
	if pid, err = Start(p, flags); err != nil {
		return 0, err
	}
	return pid, waitEnded(pid)
}

// waitEnded waits until a child has ended, and leaves it to be reaped.
func waitEnded(pid int) error {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT|unix.WALL, nil)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
