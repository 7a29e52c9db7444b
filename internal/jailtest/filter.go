package jailtest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"

	"golang.org/x/sys/unix"
)

// Filter is a seccomp filter: system calls that are answered in the kernel's
// place. What no rule names is allowed.
type Filter []FilterRule

// FilterRule answers one system call.
type FilterRule struct {
	Call uint32 // its number
	// Flags, where it is not 0, limits the rule to calls whose first argument has
	// one of these bits, of which the filter sees the low 32.
	Flags uint32
	// Errno is the answer: 0 claims success and does nothing.
	Errno uint32
}

// newNamespaces are the CLONE_NEW* bits of sched.h, but CLONE_NEWTIME.
const newNamespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWNS | unix.CLONE_NEWPID |
	unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP

// NoClone3 is what many filters do to a call whose flags they cannot see.
func NoClone3() Filter {
	return Filter{{Call: unix.SYS_CLONE3, Errno: uint32(unix.ENOSYS)}}
}

// Container is what containers without CAP_SYS_ADMIN run under.
func Container() Filter {
	return append(
		NoClone3(),
		FilterRule{Call: unix.SYS_CLONE, Flags: newNamespaces, Errno: uint32(unix.EPERM)},
		FilterRule{Call: unix.SYS_UNSHARE, Flags: newNamespaces, Errno: uint32(unix.EPERM)},
	)
}

// Lying claims that a call succeeded, and keeps it from the kernel.
func Lying(call uint32) Filter { return Filter{{Call: call}} }

// program is the filter as classic BPF over struct seccomp_data: the call's
// number at offset 0, the low half of the first argument at offset 16 of a
// little-endian machine.
func (f Filter) program() []unix.SockFilter {
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		some  = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		ret   = unix.BPF_RET | unix.BPF_K
	)
	var p []unix.SockFilter
	for _, r := range f {
		answer := unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ERRNO | r.Errno}
		p = append(p, unix.SockFilter{Code: load, K: 0})
		if r.Flags == 0 {
			p = append(p, unix.SockFilter{Code: equal, Jf: 1, K: r.Call}, answer)
			continue
		}
		p = append(
			p, unix.SockFilter{Code: equal, Jf: 3, K: r.Call},
			unix.SockFilter{Code: load, K: 16}, unix.SockFilter{Code: some, Jf: 1, K: r.Flags}, answer,
		)
	}
	return append(p, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW})
}

// install puts the filter upon the calling thread, for good.
func (f Filter) install() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("set no_new_privs: %w", err)
	}
	code := f.program()
	head := &unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	// Package reflect also gives the address of a variable; package unsafe is for
	// internal/sys alone.
	err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, reflect.ValueOf(head).Pointer(), 0, 0)
	runtime.KeepAlive(head)
	if err != nil {
		return fmt.Errorf("install a seccomp filter: %w", err)
	}
	return nil
}

// Under is a command line that runs another under the filter, by a copy of the
// test's own program (see Role).
func (f Filter) Under(self string, argv ...string) []string {
	text, _ := json.Marshal(f)
	return append([]string{self, roleFilter, string(text)}, argv...)
}
