package sys

import (
	"os"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// send sends a word with these descriptors.
func send(t *testing.T, to int, word string, fds ...int) {
	t.Helper()
	if err := unix.Sendmsg(to, []byte(word), unix.UnixRights(fds...), nil, 0); err != nil {
		t.Fatal(err)
	}
}

// TestChannelReceivesDescriptor: a descriptor comes with its message, close-on-exec,
// and none where none was sent.
func TestChannelReceivesDescriptor(t *testing.T) {
	c, other := pair(t)
	send(t, other, "term", c.FD())
	var b [8]byte
	n, pid, fd, err := c.ReceiveFD(b[:])
	if err != nil || string(b[:n]) != "term" || pid != os.Getpid() || fd < 0 {
		t.Fatalf("%q of %d with descriptor %d, %v", b[:n], pid, fd, err)
	}
	defer unix.Close(fd)
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("flags %#x, %v", flags, err)
	}
	if same, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); err != nil || same&unix.O_ACCMODE != unix.O_RDWR {
		t.Errorf("it is open as %#x, %v", same, err)
	}
	send(t, other, "none")
	if n, _, fd, err := c.ReceiveFD(b[:]); err != nil || string(b[:n]) != "none" || fd != -1 {
		t.Errorf("%q with descriptor %d, %v", b[:n], fd, err)
	}
}

// TestChannelClosesDescriptors: what nobody asked for does not stay open.
func TestChannelClosesDescriptors(t *testing.T) {
	c, other := pair(t)
	var b [8]byte
	send(t, other, "word", other, other)
	if _, _, err := c.Receive(b[:]); err != nil {
		t.Fatal(err)
	}
	send(t, other, "word", other, other)
	_, _, fd, err := c.ReceiveFD(b[:])
	if err != nil || fd < 0 {
		t.Fatalf("descriptor %d, %v", fd, err)
	}
	defer unix.Close(fd)
	if same := openOn(t, other); !slices.Contains(same, fd) || len(same) != 2 {
		t.Errorf("the socket is open as %v, want %d and %d alone", same, other, fd)
	}
}

// openOn are the descriptors of what fd is open on.
func openOn(t *testing.T, fd int) (all []int) {
	t.Helper()
	var want, st unix.Stat_t
	if err := unix.Fstat(fd, &want); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		n, _ := strconv.Atoi(e.Name())
		if unix.Fstat(n, &st) == nil && st.Dev == want.Dev && st.Ino == want.Ino {
			all = append(all, n)
		}
	}
	return all
}
