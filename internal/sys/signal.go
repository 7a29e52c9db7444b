package sys

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// BlockSignals blocks every signal in the calling thread.
func BlockSignals() {
	all := ^uint64(0)
	sigprocmask(&all, nil)
}

// DieBy ends this process by a signal, as its default action does, so that
// whoever waits sees the same end as the command's. It leaves no core file: the
// command's is the one of interest. It returns only if the signal does not kill.
//
// The signal is the calling thread's, as in StopSelf: this one would run on, and
// could exit first.
func DieBy(signal unix.Signal) {
	runtime.LockOSThread()
	unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	// Not os/signal: its Reset leaves the Go runtime's handler in place, which
	// answers SIGQUIT with a dump of all goroutines.
	disposition(signal, [4]uint64{}) // SIG_DFL
	none := uint64(0)
	sigprocmask(&none, nil)
	unix.Tgkill(unix.Getpid(), unix.Gettid(), signal)
}

// StopSelf stops this process until somebody continues it, if still says that
// there is reason to. tried is false where there was none.
//
// A job of a shell stops by SIGTSTP, which is made pending before still is asked:
// SIGCONT takes back a pending stop, so that a process which is continued
// meanwhile, with its group, does not stop behind that. Where nobody looks after
// jobs the kernel ignores SIGTSTP, and only SIGSTOP stops (signal(7), orphaned
// process groups).
//
// The signal is the calling thread's: one that is sent to the process may be
// taken by another thread, and this one would run on for a while.
func StopSelf(still func() bool) (tried bool) { return stop(still, func() {}) }

// StopGroup is StopSelf for all of this one's process group, as its terminal would
// have stopped it. A shell that hears of it, and continues the group at once, finds
// this process about to stop, and takes that back.
func StopGroup(still func() bool) (tried bool) {
	return stop(still, func() { unix.Kill(0, unix.SIGTSTP) })
}

// stop stops this process, and others by what beside does.
func stop(still func() bool, beside func()) (tried bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if !isJob() {
		if tried = still(); tried {
			before := disposition(unix.SIGTSTP, [4]uint64{1}) // SIG_IGN
			beside()
			disposition(unix.SIGTSTP, before)
			unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGSTOP)
		}
		return tried
	}
	mask := SignalMask()
	blocked := mask | 1<<(unix.SIGTSTP-1)
	sigprocmask(&blocked, nil)
	before := disposition(unix.SIGTSTP, [4]uint64{}) // SIG_DFL
	unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGTSTP)
	if tried = still(); tried {
		beside()
	} else {
		disposition(unix.SIGTSTP, [4]uint64{1}) // SIG_IGN discards what is pending
	}
	sigprocmask(&mask, nil) // it stops here
	disposition(unix.SIGTSTP, before)
	return tried
}

// isJob says whether a shell looks after this process as part of a job: the first
// of its ancestors in another process group is of the same session. Those between
// are the job's as well, a script for example.
func isJob() bool {
	own, err := unix.Getsid(0)
	for parent := unix.Getppid(); err == nil && parent > 1; parent = parentOf(parent) {
		group, err := unix.Getpgid(parent)
		if err == nil && group == unix.Getpgrp() {
			continue
		}
		theirs, err2 := unix.Getsid(parent)
		return err == nil && err2 == nil && theirs == own
	}
	return false
}

// parentOf is the parent of another process, 0 where that is not to be had. The
// name before it stands in parentheses and may hold anything: proc_pid_stat(5).
func parentOf(pid int) int {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if err != nil || len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(string(fields[1]))
	return parent
}

// disposition sets what a signal does, as a struct kernel_sigaction, and returns
// what it did.
func disposition(signal unix.Signal, action [4]uint64) (before [4]uint64) {
	unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(&action)), uintptr(unsafe.Pointer(&before)), 8, 0, 0)
	return before
}

// WithoutSignals runs f with every signal blocked in its thread, and so in what it
// starts.
func WithoutSignals(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	mask := SignalMask()
	BlockSignals()
	defer sigprocmask(&mask, nil)
	return f()
}
