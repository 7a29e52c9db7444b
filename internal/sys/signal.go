package sys

import (
	"runtime"
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
func DieBy(signal unix.Signal) {
	unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	// Not os/signal: its Reset leaves the Go runtime's handler in place, which
	// answers SIGQUIT with a dump of all goroutines.
	var action [4]uint64 // struct kernel_sigaction, all zero: SIG_DFL
	unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
	none := uint64(0)
	sigprocmask(&none, nil)
	unix.Kill(unix.Getpid(), signal)
}

// StopSelf stops this process until somebody continues it. The signal is the
// calling thread's: one that is sent to the process may be taken by another
// thread, and this one would run on for a while.
func StopSelf() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGSTOP)
}
