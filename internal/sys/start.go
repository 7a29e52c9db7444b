package sys

import (
	"errors"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// lied is cloneAndLoop's answer where clone3 returned 0 and made no child. It
// is no errno: those end at -4095.
const lied = -4096

// ErrLied says that clone3(2) claimed success without making a process, as
// under a seccomp filter that answers in the kernel's place.
var ErrLied = errors.New("clone3 returned success and made no process")

// cloneArgs is struct clone_args of linux/sched.h, version 2 (88 bytes).
type cloneArgs struct {
	flags      uint64
	_, _       uint64 // pidfd, child_tid
	parentTID  uint64
	exitSignal uint64
	_          [6]uint64 // stack, stack_size, tls, set_tid, set_tid_size, cgroup
}

// cloneClearSighand resets every handled signal to its default in the child
// (Linux 5.5); netjail's handlers are not for a process without its runtime.
const cloneClearSighand = 0x100000000

// Start makes a process with the namespaces in flags (CLONE_NEW*) and lets it
// run the Program. It returns the process's id.
//
// The child shares this process's memory and the calling thread's stack, of
// which it uses nothing. It starts with all signals blocked; a Step must restore
// the mask, which SignalMask gives, before execve.
//
// PR_SET_PDEATHSIG in the child follows the calling thread. The Go runtime ends
// a thread only when a goroutine ends that is locked to it: the caller's must
// not.
//
// Errors: an errno of clone3(2), ENOSYS where this architecture has no loop, or
// ErrLied.
func Start(p *Program, flags uintptr) (pid int, err error) {
	p.header().TID = 0
	args := cloneArgs{
		flags:      uint64(flags) | unix.CLONE_VM | unix.CLONE_PARENT_SETTID | cloneClearSighand,
		parentTID:  uint64(p.base) + uint64(unsafe.Offsetof(Header{}.TID)),
		exitSignal: uint64(unix.SIGCHLD),
	}
	var old uint64
	all := ^uint64(0)
	n := cloneAndLoop(&args, unsafe.Sizeof(args), p.base, &all, &old)
	runtime.KeepAlive(p)
	switch {
	case n == lied:
		return 0, ErrLied
	case n < 0:
		return 0, unix.Errno(-n)
	}
	return int(n), nil
}

// SignalMask is the calling thread's mask of blocked signals.
func SignalMask() uint64 {
	var old uint64
	sigprocmask(nil, &old)
	return old
}

func sigprocmask(set, old *uint64) {
	unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

// SetGroups sets the supplementary groups of the calling thread alone.
//
// Preconditions: the goroutine is locked to its thread, and sets the groups back
// before it is not.
func SetGroups(groups []uint32) error {
	var first *uint32
	if len(groups) > 0 {
		first = &groups[0]
	}
	_, _, errno := unix.RawSyscall(unix.SYS_SETGROUPS, uintptr(len(groups)), uintptr(unsafe.Pointer(first)), 0)
	if errno != 0 {
		return errno
	}
	return nil
}
