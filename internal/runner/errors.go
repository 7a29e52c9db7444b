package runner

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// CloneError says that the new process could not be made.
type CloneError struct {
	Flags uintptr
	Errno unix.Errno
	// NoClone3 is true where clone3(2) answered ENOSYS and clone(2) was tried.
	NoClone3 bool
}

func (e *CloneError) Error() string { return "make the jail's first process: " + e.Errno.Error() }

// Unwrap gives the errno.
func (e *CloneError) Unwrap() error { return e.Errno }

// StepError says which op of the plan failed, and how. It happened in the child
// or in the parent; either way the command never ran.
type StepError struct {
	Index int // of the op in the plan, from 0
	// Op is the op; of one that is several calls, the call that failed.
	Op *plan.Op
	// Errno is what the kernel answered; 0 where the call succeeded with a
	// result that the plan does not accept, which is Result.
	Errno  unix.Errno
	Result int64
}

func (e *StepError) Error() string {
	what := fmt.Sprintf("step %d, %s: %s", e.Index, e.Op.Name, e.Op)
	if e.Errno != 0 {
		return what + ": " + e.Errno.Error()
	}
	return fmt.Sprintf("%s: the result was %d", what, e.Result)
}

// Unwrap gives the errno.
func (e *StepError) Unwrap() error {
	if e.Errno == 0 {
		return nil
	}
	return e.Errno
}

// ExecError says that the kernel did not execute the command.
type ExecError struct {
	Path  string
	Errno unix.Errno
}

func (e *ExecError) Error() string { return "execute " + e.Path + ": " + e.Errno.Error() }

// Unwrap gives the errno.
func (e *ExecError) Unwrap() error { return e.Errno }

// RefusedError says that the audit refused. The command never ran.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string { return "the audit refused: " + e.Err.Error() }

// Unwrap gives the judge's error.
func (e *RefusedError) Unwrap() error { return e.Err }

// SetupError says that set-up went a way that no plan foresees.
type SetupError struct{ What string }

func (e *SetupError) Error() string { return "set up the jail: " + e.What }

// LostError says that netjail lost sight of a command that had started.
type LostError struct{ Err error }

func (e *LostError) Error() string { return "wait for the command: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *LostError) Unwrap() error { return e.Err }

// childFailed says at which step the child gave up.
func (r *run) childFailed() error {
	i := r.program.Failed()
	if i < 0 {
		return &SetupError{"the child ended without a word, as if it had been killed, or never existed"}
	}
	if r.program.op[i] < 0 {
		return &SetupError{"the plan ends without executing anything"}
	}
	s := r.program.Step(i)
	e := &StepError{Index: r.program.op[i], Result: s.Result}
	e.Op = &r.plan.Ops[e.Index]
	if len(e.Op.Each) > 0 {
		e.Op = e.Op.At(i - r.program.step[e.Index])
	}
	if s.Result < 0 && s.Result >= -4095 {
		e.Errno = unix.Errno(-s.Result)
	}
	if e.Op.Name == plan.ExecOp {
		return r.execFailed(e)
	}
	return e
}

// execFailed says why none of the files was executed that might be the command: as
// with execvp(3), one that is there counts before those that are not.
func (r *run) execFailed(last *StepError) error {
	found := &ExecError{Path: last.Op.Args[0].Name, Errno: last.Errno}
	for i := range r.plan.Ops {
		o := &r.plan.Ops[i]
		if !strings.HasPrefix(o.Name, plan.ExecTryOp) || found.Errno != unix.ENOENT && found.Errno != unix.ENOTDIR {
			continue
		}
		if errno := unix.Errno(-r.program.Step(r.program.step[i]).Result); errno != unix.ENOENT && errno != unix.ENOTDIR {
			found = &ExecError{Path: o.Args[0].Name, Errno: errno}
		}
	}
	return found
}

// lost explains a channel that failed: the child's own word, if there is one,
// says more.
func (r *run) lost(err error) error {
	if r.program.Failed() >= 0 {
		return r.childFailed()
	}
	if err == sys.ErrTimeout {
		return &SetupError{fmt.Sprintf("the child did not answer within %s", r.options.Patience)}
	}
	return &SetupError{err.Error()}
}
