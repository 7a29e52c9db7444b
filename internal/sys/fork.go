package sys

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// SeizeForking is Seize of a process that makes another one, which is what
// FollowFork goes on with. That one is traced from its first instruction on, also
// where nobody may begin to trace it.
//
// Errors: as Seize.
func SeizeForking(pid int) (*Trace, error) {
	const options = unix.PTRACE_O_TRACEEXEC | unix.PTRACE_O_EXITKILL | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK
	if _, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(pid), 0, options, 0, 0); errno != 0 {
		return nil, fmt.Errorf("trace process %d: %w", pid, errno)
	}
	return &Trace{pid}, nil
}

// FollowFork waits until the process has made another one, lets both go on, and
// traces that one from then on. The first is left to whoever waits for its end.
func (t *Trace) FollowFork() error {
	for {
		status, err := t.wait(t.pid)
		switch {
		case err != nil:
			return err
		case status.Exited() || status.Signaled():
			return ErrEnded
		}
		cause := status.TrapCause()
		made := status.StopSignal() == unix.SIGTRAP && (cause == unix.PTRACE_EVENT_CLONE || cause == unix.PTRACE_EVENT_FORK)
		next := uint(0)
		if made {
			if next, err = unix.PtraceGetEventMsg(t.pid); err != nil {
				return fmt.Errorf("ask which process %d has made: %w", t.pid, err)
			}
		}
		if err := t.goOn(status); err != nil || !made {
			if err != nil {
				return err
			}
			continue
		}
		t.pid = int(next)
		if status, err = t.wait(t.pid); err != nil {
			return err
		}
		if status.Exited() || status.Signaled() {
			return ErrEnded
		}
		return t.goOn(status)
	}
}

// wait waits for the next event of a process.
func (t *Trace) wait(pid int) (status unix.WaitStatus, err error) {
	for {
		if _, err = unix.Wait4(pid, &status, unix.WALL, nil); err != unix.EINTR {
			break
		}
	}
	if err != nil {
		err = fmt.Errorf("wait for process %d: %w", pid, err)
	}
	return status, err
}

// goOn continues the process, with the signal for which it has stopped, if that is
// one and no stop of the tracer's.
func (t *Trace) goOn(status unix.WaitStatus) error {
	signal := int(status.StopSignal())
	if status>>16 != 0 {
		signal = 0
	}
	if err := unix.PtraceCont(t.pid, signal); err != nil {
		return fmt.Errorf("continue process %d: %w", t.pid, err)
	}
	return nil
}
