package runner

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// makers are the ops by which one process makes the next and ends.
var makers = [...]string{plan.JoinForkOp, plan.JoinCloneOp}

// launchJoined makes the child where a namespace is joined. Three processes come
// one after the other, each a child of netjail's: the stage, in which nothing of
// netjail's memory is left; a copy of it with one thread, which enters the
// namespaces; and in them, with those that are new, the child.
func (r *run) launchJoined() error {
	if r.options.Launcher == LauncherLoop {
		return &SetupError{"namespaces are joined by the stage alone"}
	}
	r.launcher = LauncherStage
	if err := r.launchBy(r.launchStage); err != nil {
		return err
	}
	stage, deadline := r.pid, time.Now().Add(r.options.Patience)
	for _, op := range makers {
		if op == plan.JoinCloneOp && r.enters() {
			continue
		}
		if err := r.follow(op, deadline); err != nil {
			endChild(stage)
			for _, op := range makers {
				endChild(r.made(op))
			}
			return err
		}
	}
	return nil
}

// follow waits until the process has ended that the op has made another one, and
// goes on with that.
func (r *run) follow(op string, deadline time.Time) error {
	status, err := waitUntil(r.pid, deadline)
	next := r.made(op)
	switch {
	case err != nil:
		return r.lost(err)
	case r.program.Failed() >= 0:
		return r.childFailed()
	case !status.Exited() || status.ExitStatus() != 0 || next <= 0:
		return &SetupError{fmt.Sprintf("the process behind %s ended with %#x", op, uint32(status))}
	}
	r.pid = next
	return nil
}

// made is the process that an op has made, as the kernel wrote it down; 0 where it
// has made none.
func (r *run) made(op string) int {
	i := r.plan.Index(op)
	if i < 0 || r.program.out[i] < 0 {
		return 0
	}
	return max(0, int(int32(binary.LittleEndian.Uint32(r.program.Data(r.program.out[i], 4)))))
}

// endChild ends a child of netjail's that may have ended, and may have been
// reaped, before: a number that is not a child's any more is left alone.
func endChild(pid int) {
	if pid <= 0 {
		return
	}
	if _, changed, err := waitFor(pid, unix.WNOHANG); err != nil || changed {
		return
	}
	unix.Kill(pid, unix.SIGKILL)
	waitFor(pid, 0)
}

// waitUntil reaps a process once it has ended.
//
// Errors: sys.ErrTimeout.
func waitUntil(pid int, deadline time.Time) (unix.WaitStatus, error) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return 0, fmt.Errorf("open the process %d: %w", pid, err)
	}
	defer unix.Close(fd)
	for {
		left := time.Until(deadline)
		if left <= 0 {
			return 0, sys.ErrTimeout
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(left.Milliseconds())+1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return 0, fmt.Errorf("wait for the process %d: %w", pid, err)
		}
		if n > 0 {
			status, _, err := waitFor(pid, 0)
			return status, err
		}
	}
}
