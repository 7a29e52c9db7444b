package sys

import "golang.org/x/sys/unix"

// Number is the number of a system call that a plan may name, on this
// architecture. A switch, not a map: it is on the run path and costs no start-up.
func Number(name string) (uint64, bool) {
	switch name {
	case "add_key":
		return unix.SYS_ADD_KEY, true
	case "bind":
		return unix.SYS_BIND, true
	case "capget":
		return unix.SYS_CAPGET, true
	case "capset":
		return unix.SYS_CAPSET, true
	case "chdir":
		return unix.SYS_CHDIR, true
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
	case "exit_group":
		return unix.SYS_EXIT_GROUP, true
	}
	return numberF(name)
}

// numberF is the second part of Number, from fchdir on.
func numberF(name string) (uint64, bool) {
	switch name {
	case "fchdir":
		return unix.SYS_FCHDIR, true
	case "fsconfig":
		return unix.SYS_FSCONFIG, true
	case "fsmount":
		return unix.SYS_FSMOUNT, true
	case "fsopen":
		return unix.SYS_FSOPEN, true
	case "getcwd":
		return unix.SYS_GETCWD, true
	case "getgroups":
		return unix.SYS_GETGROUPS, true
	case "getpgid":
		return unix.SYS_GETPGID, true
	case "getpid":
		return unix.SYS_GETPID, true
	case "getresgid":
		return unix.SYS_GETRESGID, true
	case "getresuid":
		return unix.SYS_GETRESUID, true
	case "getsid":
		return unix.SYS_GETSID, true
	case "ioctl":
		return unix.SYS_IOCTL, true
	case "kill":
		return unix.SYS_KILL, true
	case "landlock_create_ruleset":
		return unix.SYS_LANDLOCK_CREATE_RULESET, true
	case "landlock_restrict_self":
		return unix.SYS_LANDLOCK_RESTRICT_SELF, true
	}
	return numberM(name)
}

// numberM is the third, from mkdirat on.
func numberM(name string) (uint64, bool) {
	switch name {
	case "mkdirat":
		return unix.SYS_MKDIRAT, true
	case "mknodat":
		return unix.SYS_MKNODAT, true
	case "keyctl":
		return unix.SYS_KEYCTL, true
	case "listen":
		return unix.SYS_LISTEN, true
	case "mount":
		return unix.SYS_MOUNT, true
	case "mount_setattr":
		return unix.SYS_MOUNT_SETATTR, true
	case "move_mount":
		return unix.SYS_MOVE_MOUNT, true
	case "name_to_handle_at":
		return unix.SYS_NAME_TO_HANDLE_AT, true
	case "mq_open":
		return unix.SYS_MQ_OPEN, true
	case "mq_timedsend":
		return unix.SYS_MQ_TIMEDSEND, true
	case "mq_unlink":
		return unix.SYS_MQ_UNLINK, true
	case "msgctl":
		return unix.SYS_MSGCTL, true
	case "msgget":
		return unix.SYS_MSGGET, true
	case "msgsnd":
		return unix.SYS_MSGSND, true
	case "open_tree":
		return unix.SYS_OPEN_TREE, true
	case "open_by_handle_at":
		return unix.SYS_OPEN_BY_HANDLE_AT, true
	case "openat":
		return unix.SYS_OPENAT, true
	case "openat2":
		return unix.SYS_OPENAT2, true
	}
	return numberP(name)
}

// numberP is the fourth, from pivot_root on.
func numberP(name string) (uint64, bool) {
	switch name {
	case "pidfd_getfd":
		return unix.SYS_PIDFD_GETFD, true
	case "pidfd_open":
		return unix.SYS_PIDFD_OPEN, true
	case "pidfd_send_signal":
		return unix.SYS_PIDFD_SEND_SIGNAL, true
	case "pivot_root":
		return unix.SYS_PIVOT_ROOT, true
	case "prctl":
		return unix.SYS_PRCTL, true
	case "prlimit64":
		return unix.SYS_PRLIMIT64, true
	case "process_vm_readv":
		return unix.SYS_PROCESS_VM_READV, true
	case "process_vm_writev":
		return unix.SYS_PROCESS_VM_WRITEV, true
	case "ptrace":
		return unix.SYS_PTRACE, true
	case "pwrite64":
		return unix.SYS_PWRITE64, true
	case "read":
		return unix.SYS_READ, true
	case "readlinkat":
		return unix.SYS_READLINKAT, true
	case "recvfrom":
		return unix.SYS_RECVFROM, true
	case "request_key":
		return unix.SYS_REQUEST_KEY, true
	case "rt_sigaction":
		return unix.SYS_RT_SIGACTION, true
	case "rt_sigprocmask":
		return unix.SYS_RT_SIGPROCMASK, true
	case "semctl":
		return unix.SYS_SEMCTL, true
	case "semget":
		return unix.SYS_SEMGET, true
	case "semop":
		return unix.SYS_SEMOP, true
	case "sendmsg":
		return unix.SYS_SENDMSG, true
	case "sendto":
		return unix.SYS_SENDTO, true
	}
	return numberS(name)
}

// numberS is the last, from sethostname on.
func numberS(name string) (uint64, bool) {
	switch name {
	case "sethostname":
		return unix.SYS_SETHOSTNAME, true
	case "setns":
		return unix.SYS_SETNS, true
	case "setpgid":
		return unix.SYS_SETPGID, true
	case "setresgid":
		return unix.SYS_SETRESGID, true
	case "setresuid":
		return unix.SYS_SETRESUID, true
	case "setsid":
		return unix.SYS_SETSID, true
	case "setsockopt":
		return unix.SYS_SETSOCKOPT, true
	case "shmat":
		return unix.SYS_SHMAT, true
	case "shmctl":
		return unix.SYS_SHMCTL, true
	case "shmdt":
		return unix.SYS_SHMDT, true
	case "shmget":
		return unix.SYS_SHMGET, true
	case "socket":
		return unix.SYS_SOCKET, true
	case "socketpair":
		return unix.SYS_SOCKETPAIR, true
	case "statx":
		return unix.SYS_STATX, true
	case "symlinkat":
		return unix.SYS_SYMLINKAT, true
	case "tgkill":
		return unix.SYS_TGKILL, true
	case "umask":
		return unix.SYS_UMASK, true
	case "umount2":
		return unix.SYS_UMOUNT2, true
	case "uname":
		return unix.SYS_UNAME, true
	case "unlinkat":
		return unix.SYS_UNLINKAT, true
	case "unshare":
		return unix.SYS_UNSHARE, true
	case "wait4":
		return unix.SYS_WAIT4, true
	case "write":
		return unix.SYS_WRITE, true
	}
	return 0, false
}
