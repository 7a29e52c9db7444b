package sys

import "golang.org/x/sys/unix"

// Number is the number of a system call that a plan may name, on this
// architecture. A switch, not a map: it is on the run path and costs no start-up.
func Number(name string) (uint64, bool) {
	switch name {
	case "capget":
		return unix.SYS_CAPGET, true
	case "capset":
		return unix.SYS_CAPSET, true
	case "clone":
		return unix.SYS_CLONE, true
	case "close":
		return unix.SYS_CLOSE, true
	case "close_range":
		return unix.SYS_CLOSE_RANGE, true
	case "connect":
		return unix.SYS_CONNECT, true
	case "dup3":
		return unix.SYS_DUP3, true
	case "execve":
		return unix.SYS_EXECVE, true
	case "execveat":
		return unix.SYS_EXECVEAT, true
	case "getgroups":
		return unix.SYS_GETGROUPS, true
	case "getpgid":
		return unix.SYS_GETPGID, true
	case "getresgid":
		return unix.SYS_GETRESGID, true
	case "getresuid":
		return unix.SYS_GETRESUID, true
	case "getsid":
		return unix.SYS_GETSID, true
	case "ioctl":
		return unix.SYS_IOCTL, true
	case "mount":
		return unix.SYS_MOUNT, true
	case "openat":
		return unix.SYS_OPENAT, true
	}
	return numberP(name)
}

// numberP is the second half of Number, from prctl on.
func numberP(name string) (uint64, bool) {
	switch name {
	case "prctl":
		return unix.SYS_PRCTL, true
	case "prlimit64":
		return unix.SYS_PRLIMIT64, true
	case "read":
		return unix.SYS_READ, true
	case "readlinkat":
		return unix.SYS_READLINKAT, true
	case "recvfrom":
		return unix.SYS_RECVFROM, true
	case "rt_sigaction":
		return unix.SYS_RT_SIGACTION, true
	case "rt_sigprocmask":
		return unix.SYS_RT_SIGPROCMASK, true
	case "sendto":
		return unix.SYS_SENDTO, true
	case "sethostname":
		return unix.SYS_SETHOSTNAME, true
	case "setns":
		return unix.SYS_SETNS, true
	case "setpgid":
		return unix.SYS_SETPGID, true
	case "setresgid":
		return unix.SYS_SETRESGID, true
	case "setsockopt":
		return unix.SYS_SETSOCKOPT, true
	case "setresuid":
		return unix.SYS_SETRESUID, true
	case "setsid":
		return unix.SYS_SETSID, true
	case "socket":
		return unix.SYS_SOCKET, true
	case "uname":
		return unix.SYS_UNAME, true
	case "write":
		return unix.SYS_WRITE, true
	}
	return 0, false
}
