package host

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
)

// streams tells what the descriptors 0 to 2 are, as far as the command inherits
// them: a socket, a terminal, or nothing that needs care.
func streams(inherited []int) (all [plan.StreamCount]plan.Stream) {
	for fd := range all {
		if slices.Contains(inherited, fd) {
			all[fd] = stream(fd)
		}
	}
	return all
}

// memoryDevices is the major number of /dev/null and its like, none of which is a
// terminal.
const memoryDevices = 1

func stream(fd int) plan.Stream {
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil {
		return plan.Stream{}
	}
	s := plan.Stream{Device: st.Dev, Inode: st.Ino}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFSOCK:
		socket(fd, &s)
	case unix.S_IFCHR:
		if unix.Major(st.Rdev) != memoryDevices {
			terminal(fd, &s)
		}
	}
	return s
}

// socket asks a socket what it is. An answer that does not come leaves a value
// that nothing is relayed with.
func socket(fd int, s *plan.Stream) {
	s.Kind, s.Family, s.Type = plan.StreamSocket, -1, -1
	if v, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN); err == nil {
		s.Family = v
	}
	if v, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); err == nil {
		s.Type = v
	}
	v, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
	s.Listening = err != nil || v != 0
	_, err = unix.Getpeername(fd)
	s.Connected = err == nil
}

// terminal asks a character device whether it is one.
func terminal(fd int, s *plan.Stream) {
	if _, err := unix.IoctlGetTermios(fd, unix.TCGETS); err != nil {
		return
	}
	s.Kind = plan.StreamTerminal
	if n, err := unix.IoctlGetUint32(fd, unix.TIOCGDEV); err == nil {
		s.Number = n
	}
	_, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP) // ENOTTY where it is another session's
	s.Controlling = err == nil && s.Number != 0
	s.Access = unix.O_RDWR
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); err == nil {
		s.Access = flags & unix.O_ACCMODE
	}
}

// NamedFDs are the descriptors that arguments name as files, as a shell's <(…)
// does, and that netjail was started with. An argument may end in such a name, as
// --file=/dev/fd/63 does.
func NamedFDs(argv []string) []plan.NamedFD {
	var named []plan.NamedFD
	for _, arg := range argv {
		fd, ok := namedFD(arg)
		if ok && len(closedFDs([]int{fd})) == 0 {
			named = append(named, plan.NamedFD{Number: fd, Text: arg})
		}
	}
	return named
}

// namedFD is the descriptor in a name like /dev/fd/63, at the end of arg.
func namedFD(arg string) (fd int, ok bool) {
	dir, name := arg[:strings.LastIndexByte(arg, '/')+1], arg[strings.LastIndexByte(arg, '/')+1:]
	if !strings.HasSuffix(dir, "/dev/fd/") && !strings.HasSuffix(dir, "/proc/self/fd/") {
		return 0, false
	}
	fd, err := strconv.Atoi(name)
	return fd, err == nil && fd >= 0 && name == strconv.Itoa(fd)
}
