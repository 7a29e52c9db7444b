package sys

import "golang.org/x/sys/unix"

// EndByCompat ends the process by call nr of the i386 table, which is to be
// exit_group(2) there, with status made. Where that returns, its own table's ends it
// with status returned; where the kernel has no such table, SIGSEGV does.
//
// Preconditions: the goroutine is locked to the main thread.
func EndByCompat(nr, made, returned int) {
	beDoomed()
	compat(uintptr(nr), uintptr(made))
	endDoomed(returned)
}

// EndByNumber is EndByCompat for a number of another table that the processor's own
// instruction takes, such as that of x32.
func EndByNumber(nr, made, returned int) {
	beDoomed()
	unix.RawSyscall(uintptr(nr), uintptr(made), 0, 0)
	endDoomed(returned)
}

// beDoomed lets a signal that the kernel sends for a call end the process, and not
// reach the Go runtime's handler: the kernel ends who blocks one. It leaves no core
// file; where that is not to be had, it leaves one.
func beDoomed() {
	BlockSignals()
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

// endDoomed ends the process without a runtime's further ado.
func endDoomed(status int) {
	unix.RawSyscall(unix.SYS_EXIT_GROUP, uintptr(status), 0, 0)
}
