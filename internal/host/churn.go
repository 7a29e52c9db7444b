package host

import "golang.org/x/sys/unix"

// MountWatch tells whether the caller's mount table has changed: somebody may
// mount while netjail makes a jail of what it read.
type MountWatch struct{ fd int }

// WatchMounts watches from now on.
func WatchMounts() *MountWatch {
	fd, err := unix.Open("/proc/self/mountinfo", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		fd = -1
	}
	return &MountWatch{fd}
}

// Changed says whether the table has changed since it was asked before, or since
// it is watched. It is false where that cannot be told, and of a nil watch.
//
// Source: proc_pid_mounts(5).
func (w *MountWatch) Changed() bool {
	if w == nil {
		return false
	}
	fds := []unix.PollFd{{Fd: int32(w.fd), Events: unix.POLLPRI}}
	n, err := unix.Poll(fds, 0)
	return n > 0 && err == nil && fds[0].Revents&(unix.POLLERR|unix.POLLPRI) != 0 && fds[0].Revents&unix.POLLNVAL == 0
}

// Close ends it. A nil watch, over nothing, has nothing to end.
func (w *MountWatch) Close() {
	if w != nil && w.fd >= 0 {
		unix.Close(w.fd)
		w.fd = -1
	}
}
