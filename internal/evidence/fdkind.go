package evidence

import (
	"strings"

	"golang.org/x/sys/unix"
)

// kindOfFD tells from a link below /proc/PID/fd what the descriptor is open on.
// A path begins with a slash, so no file can pose as a pipe or a socket; it can
// pose as a memfd, in a mount namespace that has one there. Whether a path is a
// terminal, isTerminal tells.
//
// Source: proc_pid_fd(5).
func kindOfFD(target string) FDKind {
	switch {
	case strings.HasPrefix(target, "/memfd:"):
		return FDAnonymous
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

// isPackets says whether a file is a device that hands over the packets of an
// interface: tun and tap, or vhost-net. Source:
// Documentation/admin-guide/devices.txt, major 10. A macvtap has a number of its
// host's choice, and is known by its path alone.
func isPackets(st *unix.Statx_t) bool {
	return st.Mode&unix.S_IFMT == unix.S_IFCHR && st.Rdev_major == 10 && (st.Rdev_minor == 200 || st.Rdev_minor == 238)
}

// terminalMajors are the device numbers of consoles, pseudo-terminals and serial
// lines. Source: Documentation/admin-guide/devices.txt.
var terminalMajors = [...]struct{ first, last uint32 }{{2, 5}, {136, 143}, {166, 166}, {188, 188}, {204, 205}, {229, 229}}

// isTerminal says whether a file is a terminal. Its path does not tell: a terminal
// may have any, and in a mount namespace that has a file there any file a
// terminal's.
func isTerminal(st *unix.Statx_t) bool {
	if st.Mode&unix.S_IFMT != unix.S_IFCHR {
		return false
	}
	for _, m := range terminalMajors {
		if st.Rdev_major >= m.first && st.Rdev_major <= m.last {
			return true
		}
	}
	return false
}
