package host

import (
	"os"
	"slices"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
)

// at puts a descriptor at the number 0 for the length of f.
func at0(t *testing.T, fd int, f func()) {
	t.Helper()
	kept, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 100)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(kept)
	if err := unix.Dup3(fd, 0, 0); err != nil {
		t.Fatal(err)
	}
	defer unix.Dup3(kept, 0, 0)
	f()
}

// newSocket is a socket with one thing done to it.
func newSocket(t *testing.T, family, kind int, do func(fd int) error) int {
	t.Helper()
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if do != nil {
		if err := do(fd); err != nil {
			t.Fatal(err)
		}
	}
	return fd
}

func pair(t *testing.T, kind int) int {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fds[0]); unix.Close(fds[1]) })
	return fds[0]
}

// TestStreamOfSockets: family, type, listening and connected, as getsockopt(2)
// tells them.
func TestStreamOfSockets(t *testing.T) {
	listen := func(fd int) error { return unix.Listen(fd, 1) }
	for _, c := range []struct {
		name string
		fd   int
		want plan.Stream
	}{
		{"pair", pair(t, unix.SOCK_STREAM), plan.Stream{Family: unix.AF_UNIX, Type: unix.SOCK_STREAM, Connected: true}},
		{"datagram pair", pair(t, unix.SOCK_DGRAM), plan.Stream{Family: unix.AF_UNIX, Type: unix.SOCK_DGRAM, Connected: true}},
		{"seqpacket pair", pair(t, unix.SOCK_SEQPACKET), plan.Stream{Family: unix.AF_UNIX, Type: unix.SOCK_SEQPACKET, Connected: true}},
		{"unconnected", newSocket(t, unix.AF_INET, unix.SOCK_STREAM, nil), plan.Stream{Family: unix.AF_INET, Type: unix.SOCK_STREAM}},
		{"listening", newSocket(t, unix.AF_INET, unix.SOCK_STREAM, listen), plan.Stream{Family: unix.AF_INET, Type: unix.SOCK_STREAM, Listening: true}},
	} {
		at0(t, c.fd, func() {
			got := streams([]int{0, 1, 2})[0]
			if got.Inode == 0 {
				t.Errorf("%s: no inode", c.name)
			}
			got.Device, got.Inode, c.want.Kind = 0, 0, plan.StreamSocket
			if got != c.want {
				t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
			}
			if other := streams([]int{1, 2})[0]; other != (plan.Stream{}) {
				t.Errorf("%s: not inherited, and yet %+v", c.name, other)
			}
		})
	}
}

// TestStreamOfOthers: a terminal with its direction, and what is none.
func TestStreamOfOthers(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	for mode, want := range map[int]int{os.O_RDWR: unix.O_RDWR, os.O_RDONLY: unix.O_RDONLY, os.O_WRONLY: unix.O_WRONLY} {
		f, err := os.OpenFile(slave.Name(), mode|unix.O_NOCTTY, 0)
		if err != nil {
			t.Fatal(err)
		}
		at0(t, int(f.Fd()), func() {
			got := streams([]int{0})[0]
			if got.Kind != plan.StreamTerminal || got.Access != want || got.Number == 0 || got.Controlling {
				t.Errorf("opened with %#x: %+v", mode, got)
			}
		})
		f.Close()
	}
	for _, name := range []string{"/dev/null", "/dev/zero", "/etc/passwd", "/"} {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		at0(t, int(f.Fd()), func() {
			if got := streams([]int{0})[0]; got.Kind != plan.StreamOther {
				t.Errorf("%s: %+v", name, got)
			}
		})
		f.Close()
	}
}

// TestNamedFDs: an argument that ends in the name of a descriptor that is open and
// was inherited.
func TestNamedFDs(t *testing.T) {
	open(t, 210, 0)
	open(t, 211, unix.O_CLOEXEC)
	got := NamedFDs([]string{
		"cat", "/dev/fd/210", "--in=/dev/fd/210", "/proc/self/fd/210", "/dev/fd/211", "/dev/fd/212",
		"/dev/fd/0210", "/dev/fd/+210", "/dev/fd/", "/dev/fd/210/x", "fd/210", "210", "", "/", "/dev/fd/99999999999999999999",
	})
	var texts []string
	for _, n := range got {
		if n.Number != 210 {
			t.Errorf("%+v", n)
		}
		texts = append(texts, n.Text)
	}
	if want := []string{"/dev/fd/210", "--in=/dev/fd/210", "/proc/self/fd/210"}; !slices.Equal(texts, want) {
		t.Errorf("%q, want %q", texts, want)
	}
}
