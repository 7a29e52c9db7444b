package runner

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/sys"
)

// attend stays with the running command: its stops become netjail's own, and its
// end ends the run.
func (r *run) attend() (unix.WaitStatus, error) {
	if r.status != nil {
		if err := r.status.SetPatience(0); err != nil {
			return 0, &LostError{err}
		}
	}
	for {
		status, err := r.change()
		switch {
		case err != nil:
			return 0, &LostError{err}
		case status.Stopped():
			sys.StopSelf()
			unix.PidfdSendSignal(r.pidfd, unix.SIGCONT, nil, 0)
		case status.Exited(), status.Signaled():
			return status, nil
		}
	}
}

// change waits for the command's next change of state. With a pid namespace the
// reaper tells it: the command is not netjail's own child.
func (r *run) change() (unix.WaitStatus, error) {
	if r.status == nil {
		return waitFor(r.pid, unix.WUNTRACED|unix.WCONTINUED)
	}
	var b [8]byte
	n, pid, err := r.status.Receive(b[:])
	switch {
	case errors.Is(err, io.EOF):
		return r.reaperGone()
	case err != nil:
		return 0, err
	case n != 4 || pid != r.pid:
		return 0, fmt.Errorf("process %d sent %d bytes as the command's status", pid, n)
	}
	status := unix.WaitStatus(binary.LittleEndian.Uint32(b[:4]))
	if status.Exited() || status.Signaled() {
		// The kernel ends the whole pid namespace before pid 1 is reaped: then
		// nothing of the jail lives.
		if _, err := waitFor(r.pid, 0); err != nil {
			return 0, err
		}
	}
	return status, nil
}

// reaperGone: pid 1 ended without a last word, which is to say that it was
// killed, and everything in the jail with it.
func (r *run) reaperGone() (unix.WaitStatus, error) {
	status, err := waitFor(r.pid, 0)
	if err == nil && !status.Signaled() {
		return 0, fmt.Errorf("pid 1 of the jail ended with %#x and did not say how the command ended", uint32(status))
	}
	return status, err
}

func waitFor(pid, options int) (unix.WaitStatus, error) {
	for {
		var status unix.WaitStatus
		_, err := unix.Wait4(pid, &status, options|unix.WALL, nil)
		if !errors.Is(err, unix.EINTR) {
			return status, err
		}
	}
}
