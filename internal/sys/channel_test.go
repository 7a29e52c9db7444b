package sys

import (
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pair is a Channel and its other end, for as long as the test runs.
func pair(t *testing.T) (*Channel, int) {
	t.Helper()
	c, other, err := NewChannel()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		unix.Close(other) // an error where the test closed it
	})
	return c, other
}

// playChannel sends its argument on descriptor 3.
func playChannel(args []string) error {
	fmt.Println(os.Getpid())
	_, err := unix.Write(3, []byte(args[0]))
	return err
}

// TestChannelCredentials: each message comes with its sender's process id, and
// whole.
func TestChannelCredentials(t *testing.T) {
	c, other := pair(t)
	for _, text := range []string{"a", "maps"} {
		if _, err := unix.Write(other, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"a", "maps"} {
		var b [8]byte
		n, pid, err := c.Receive(b[:])
		if err != nil || string(b[:n]) != want || pid != os.Getpid() {
			t.Errorf("%q of process %d, %v; want %q of %d", b[:n], pid, err, want, os.Getpid())
		}
	}
	child := role("role-channel", "hello")
	fd, err := unix.Dup(other)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), "other end")
	defer file.Close()
	child.ExtraFiles = []*os.File{file}
	said := play(t, child)
	var b [8]byte
	n, pid, err := c.Receive(b[:])
	if err != nil || string(b[:n]) != "hello" || fmt.Sprint(pid) != said || pid == os.Getpid() {
		t.Errorf("%q of process %d, %v; want the child %s", b[:n], pid, err, said)
	}
}

func TestChannelEnd(t *testing.T) {
	c, other := pair(t)
	if _, err := unix.Write(other, []byte("last")); err != nil {
		t.Fatal(err)
	}
	unix.Close(other)
	var b [8]byte
	if n, _, err := c.Receive(b[:]); n != 4 || err != nil {
		t.Errorf("%d bytes, %v: what was sent before the end", n, err)
	}
	for range 2 {
		if n, pid, err := c.Receive(b[:]); n != 0 || pid != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("%d bytes of %d, %v, want the end", n, pid, err)
		}
		if _, _, err := c.Poll(b[:]); !errors.Is(err, io.EOF) {
			t.Errorf("%v, want the end", err)
		}
	}
	if err := c.Send([]byte("x")); !errors.Is(err, unix.EPIPE) { // and no SIGPIPE
		t.Errorf("sent to nobody: %v", err)
	}
}

func TestChannelPatience(t *testing.T) {
	c, other := pair(t)
	if err := c.SetPatience(time.Millisecond); err != nil {
		t.Fatal(err)
	}
	var b [8]byte
	if n, pid, err := c.Receive(b[:]); n != 0 || pid != 0 || !errors.Is(err, ErrTimeout) {
		t.Errorf("%d bytes of %d, %v, want ErrTimeout", n, pid, err)
	}
	if err := c.SetPatience(0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Poll(b[:]); !errors.Is(err, ErrTimeout) {
		t.Errorf("Poll: %v, want ErrTimeout", err)
	}
	if _, err := unix.Write(other, []byte("now")); err != nil {
		t.Fatal(err)
	}
	readable(t, c.FD())
	if n, pid, err := c.Poll(b[:]); string(b[:n]) != "now" || pid != os.Getpid() || err != nil {
		t.Errorf("%q of %d, %v", b[:n], pid, err)
	}
	if err := c.Send([]byte("back")); err != nil {
		t.Fatal(err)
	}
	if n, err := unix.Read(other, b[:]); string(b[:n]) != "back" || err != nil {
		t.Errorf("the other end reads %q, %v", b[:n], err)
	}
}

// TestChannelDescriptors: both ends are close-on-exec, and Close may come twice.
func TestChannelDescriptors(t *testing.T) {
	c, other := pair(t)
	for _, fd := range []int{c.FD(), other} {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("descriptor %d: flags %#x, %v", fd, flags, err)
		}
	}
	if err := errors.Join(c.Close(), c.Close(), (*Channel)(nil).Close()); err != nil {
		t.Error(err)
	}
	var b [8]byte
	if _, _, err := c.Receive(b[:]); err == nil || errors.Is(err, ErrTimeout) || errors.Is(err, io.EOF) {
		t.Errorf("a closed channel: %v", err)
	}
	if c.Send(b[:]) == nil || c.SetPatience(time.Second) == nil {
		t.Error("a closed channel takes messages and patience")
	}
}
