package evidence

import "strings"

// kindOfFD tells from a link below /proc/PID/fd what the descriptor is open on.
// A path begins with a slash, so no file can pose as a pipe or a socket; a path
// can pose as a terminal or a memfd, in a mount namespace that has one there.
//
// Source: proc_pid_fd(5).
func kindOfFD(target string) FDKind {
	switch {
	case strings.HasPrefix(target, "/memfd:"):
		return FDAnonymous
	case strings.HasPrefix(target, "/dev/pts/"), strings.HasPrefix(target, "/dev/tty"), target == "/dev/ptmx", target == "/dev/console":
		return FDTerminal
	case strings.HasPrefix(target, "/"):
		return FDFile
	case strings.HasPrefix(target, "anon_inode:"):
		return FDAnonymous
	}
	object, number, _ := strings.Cut(target, ":[")
	if !strings.HasSuffix(number, "]") {
		return FDOther
	}
	switch object {
	case "pipe":
		return FDPipe
	case "socket":
		return FDSocket
	case "user", "net", "mnt", "pid", "ipc", "uts", "cgroup", "time":
		return FDNamespace
	}
	return FDOther
}
