package evidence

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestKindOfFD(t *testing.T) {
	tests := map[string]FDKind{
		"/dev/null":                FDFile,
		"/":                        FDFile,
		"/tmp/x (deleted)":         FDFile,
		"/dev/net/tun":             FDFile,
		"/net:[4026531833]":        FDFile,
		"/dev/pts/3":               FDFile,
		"/dev/tty":                 FDFile,
		"/dev/tty1":                FDFile,
		"/dev/ptmx":                FDFile,
		"/dev/console":             FDFile,
		"pipe:[123]":               FDPipe,
		"socket:[123]":             FDSocket,
		"anon_inode:[eventpoll]":   FDAnonymous,
		"anon_inode:bpf-map":       FDAnonymous,
		"/memfd:netjail (deleted)": FDAnonymous,
		"net:[4026531833]":         FDNamespace,
		"user:[4026531837]":        FDNamespace,
		"time:[4026531834]":        FDNamespace,
		"":                         FDOther,
		"pipe":                     FDOther,
		"mystery:[1]":              FDOther,
		"(unreachable)/x":          FDOther,
	}
	for target, want := range tests {
		if got := kindOfFD(target); got != want {
			t.Errorf("%q: got %d, want %d", target, got, want)
		}
	}
}

// TestIsTerminal: the device's number decides, and only a character device has one.
func TestIsTerminal(t *testing.T) {
	for _, c := range []struct {
		mode         uint16
		major, minor uint32
		want         bool
	}{
		{unix.S_IFCHR, 136, 0, true},   // a pseudo-terminal
		{unix.S_IFCHR, 143, 9, true},   // the last of them
		{unix.S_IFCHR, 4, 64, true},    // a serial line
		{unix.S_IFCHR, 5, 0, true},     // /dev/tty
		{unix.S_IFCHR, 5, 2, true},     // a master
		{unix.S_IFCHR, 229, 0, true},   // a hypervisor's console
		{unix.S_IFCHR, 1, 3, false},    // /dev/null
		{unix.S_IFCHR, 10, 200, false}, // a tun device
		{unix.S_IFBLK, 136, 0, false},
		{unix.S_IFREG, 136, 0, false},
	} {
		if got := isTerminal(&unix.Statx_t{Mode: c.mode | 0o620, Rdev_major: c.major, Rdev_minor: c.minor}); got != c.want {
			t.Errorf("%o %d:%d: %t", c.mode, c.major, c.minor, got)
		}
	}
}
