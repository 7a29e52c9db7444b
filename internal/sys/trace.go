package sys

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Trace holds a process at the first instruction of its next execve.
//
// Preconditions: every method is called from the thread that called Seize.
type Trace struct{ pid int }

// Seize begins to trace pid without stopping it.
//
// Errors: EPERM where another tracer has it or a security module forbids it.
func Seize(pid int) (*Trace, error) {
	_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(pid), 0, unix.PTRACE_O_TRACEEXEC|unix.PTRACE_O_EXITKILL, 0, 0)
	if errno != 0 {
		return nil, fmt.Errorf("trace process %d: %w", pid, errno)
	}
	return &Trace{pid}, nil
}

// ErrEnded says that the process ended instead of executing its program.
var ErrEnded = errors.New("the process ended before its first instruction")

// WaitExec waits until the process is held at its first instruction. Stops by
// signals before that are passed on.
func (t *Trace) WaitExec() error {
	for {
		var status unix.WaitStatus
		_, err := unix.Wait4(t.pid, &status, unix.WALL, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return fmt.Errorf("wait for process %d: %w", t.pid, err)
		case status.Exited() || status.Signaled():
			return ErrEnded
		case status.StopSignal() == unix.SIGTRAP && status.TrapCause() == unix.PTRACE_EVENT_EXEC:
			return nil
		}
		signal := int(status.StopSignal())
		if status>>16 != 0 { // a stop of the tracer's, not a signal
			signal = 0
		}
		if err := unix.PtraceCont(t.pid, signal); err != nil {
			return fmt.Errorf("continue process %d: %w", t.pid, err)
		}
	}
}

// Release lets the process run, untraced.
func (t *Trace) Release() error {
	if err := unix.PtraceDetach(t.pid); err != nil {
		return fmt.Errorf("let go of process %d: %w", t.pid, err)
	}
	return nil
}

// Interrupt stops the process where it is, for a Release.
func (t *Trace) Interrupt() error {
	if _, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_INTERRUPT, uintptr(t.pid), 0, 0, 0, 0); errno != 0 {
		return fmt.Errorf("interrupt process %d: %w", t.pid, errno)
	}
	for {
		if _, err := unix.Wait4(t.pid, nil, unix.WALL, nil); err != unix.EINTR {
			return err
		}
	}
}
