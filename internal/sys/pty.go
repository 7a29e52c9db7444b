package sys

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// OpenPTY makes a pseudo-terminal; both ends are close-on-exec, and the master
// does not block. It goes without a path for the slave: that may lead into
// another instance of devpts.
//
// Source: pty(7), ioctl_tty(2) TIOCGPTPEER (Linux 4.13).
func OpenPTY() (master, slave int, err error) {
	master, err = unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return -1, -1, fmt.Errorf("open /dev/ptmx: %w", err)
	}
	if err = unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0); err != nil {
		unix.Close(master)
		return -1, -1, fmt.Errorf("unlock a new terminal: %w", err)
	}
	if slave, err = Peer(master); err != nil {
		unix.Close(master)
		return -1, -1, err
	}
	return master, slave, nil
}

// Peer opens the other end of an unlocked pseudo-terminal, close-on-exec.
func Peer(master int) (slave int, err error) {
	fd, _, errno := unix.RawSyscall(unix.SYS_IOCTL, uintptr(master), unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
	if errno != 0 {
		return -1, fmt.Errorf("open the other end of a new terminal: %w", errno)
	}
	return int(fd), nil
}

// SignalGroup sends a signal to the other processes of this one's group, as its
// terminal would have.
func SignalGroup(signal unix.Signal) {
	before := disposition(signal, [4]uint64{1}) // SIG_IGN
	unix.Kill(0, signal)
	disposition(signal, before)
}

// BeyondStop carries out do with SIGTTOU blocked, so that a terminal may be set
// from the background: blocked, it does not stop (tcsetattr(3)).
func BeyondStop(do func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	mask := SignalMask()
	blocked := mask | 1<<(unix.SIGTTOU-1)
	sigprocmask(&blocked, nil)
	do()
	sigprocmask(&mask, nil)
}
