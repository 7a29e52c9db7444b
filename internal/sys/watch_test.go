package sys

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// watch begins to watch, for as long as the test runs.
func watch(t *testing.T, signals ...unix.Signal) *Watch {
	t.Helper()
	w, err := NewWatch(signals)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// next waits for an event.
func next(t *testing.T, w *Watch) Event {
	t.Helper()
	readable(t, w.FD())
	e, ok := w.Next()
	if !ok {
		t.Fatal("the descriptor is readable, and there is no event")
	}
	return e
}

// TestWatch: every signal becomes one event, and one that a process sent is not
// the kernel's.
func TestWatch(t *testing.T) {
	signals := []unix.Signal{unix.SIGUSR1, unix.SIGUSR2, unix.SIGHUP, unix.SIGWINCH, unix.SIGTERM, unix.SIGINT}
	w := watch(t, signals...)
	if e, ok := w.Next(); ok {
		t.Fatalf("%+v before anything came", e)
	}
	for _, s := range signals {
		if err := unix.Kill(unix.Getpid(), s); err != nil {
			t.Fatal(err)
		}
		if e, want := next(t, w), (Event{Signal: s}); e != want {
			t.Errorf("%+v, want %+v", e, want)
		}
		if e, ok := w.Next(); ok {
			t.Errorf("%+v behind %s", e, s)
		}
	}
}

// TestWatchChild: the end of a child is an event that no terminal sent.
func TestWatchChild(t *testing.T) {
	w := watch(t, unix.SIGCHLD)
	if err := exec.Command("/bin/true").Run(); err != nil {
		t.Fatal(err)
	}
	if e, want := next(t, w), (Event{Signal: unix.SIGCHLD}); e != want {
		t.Errorf("%+v, want %+v", e, want)
	}
}

// TestWatchGivesBack: behind Close the handlers are those from before.
func TestWatchGivesBack(t *testing.T) {
	before := make(chan os.Signal, 1)
	signal.Notify(before, unix.SIGUSR1)
	defer signal.Stop(before)
	w, err := NewWatch([]unix.Signal{unix.SIGUSR1})
	if err != nil {
		t.Fatal(err)
	}
	unix.Kill(unix.Getpid(), unix.SIGUSR1)
	next(t, w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	select { // an architecture that watches through os/signal tells both
	case <-before:
	default:
	}
	unix.Kill(unix.Getpid(), unix.SIGUSR1)
	if s := <-before; s != unix.SIGUSR1 {
		t.Errorf("%s came", s)
	}
}

// playIgnored watches a signal that is ignored, and another, sends itself both
// and prints what comes first.
func playIgnored([]string) error {
	signal.Ignore(unix.SIGUSR2)
	w, err := NewWatch([]unix.Signal{unix.SIGUSR2, unix.SIGUSR1})
	if err != nil {
		return err
	}
	defer w.Close()
	unix.Kill(unix.Getpid(), unix.SIGUSR2)
	unix.Kill(unix.Getpid(), unix.SIGUSR1)
	fds := []unix.PollFd{{Fd: int32(w.FD()), Events: unix.POLLIN}}
	for {
		if e, ok := w.Next(); ok {
			fmt.Println(int(e.Signal))
			return nil
		}
		if _, err := unix.Poll(fds, -1); err != nil && err != unix.EINTR {
			return err
		}
	}
}

// TestWatchIgnored: what is ignored stays so.
func TestWatchIgnored(t *testing.T) {
	if got := play(t, role("role-ignored")); got != "10" {
		t.Errorf("signal %s came, want 10, the one behind the ignored one", got)
	}
}

func TestWatchWrongSignal(t *testing.T) {
	w, err := NewWatch([]unix.Signal{unix.SIGUSR1, unix.SIGKILL})
	if err == nil {
		w.Close()
		if HasLoop { // os/signal takes it without a word
			t.Error("SIGKILL can be watched")
		}
	}
}

// playTerminal watches the terminal's signals, says so, and prints each event; a
// SIGTERM ends it.
func playTerminal([]string) error {
	w, err := NewWatch([]unix.Signal{unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP, unix.SIGTERM})
	if err != nil {
		return err
	}
	defer w.Close()
	fmt.Println("ready")
	for {
		fds := []unix.PollFd{{Fd: int32(w.FD()), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds, -1); err != nil && err != unix.EINTR {
			return err
		}
		for e, ok := w.Next(); ok; e, ok = w.Next() {
			fmt.Println(int(e.Signal), e.Kernel)
			if e.Signal == unix.SIGTERM {
				return nil
			}
		}
	}
}

// openTerminal is a new pseudoterminal's both ends.
func openTerminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	unlock := int32(0)
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, master.Fd(), unix.TIOCSPTLCK, uintptr(unsafe.Pointer(&unlock))); e != 0 {
		t.Fatal(e)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	return master, slave
}

// TestWatchTerminal: what is typed at a terminal comes from the kernel, what a
// process sends does not.
func TestWatchTerminal(t *testing.T) {
	jailtest.Require(t, "pty")
	master, slave := openTerminal(t)
	c := role("role-terminal")
	c.Stdin, c.Stdout, c.Stderr = slave, nil, nil
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Pdeathsig: unix.SIGKILL}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	said := func() (line string) {
		t.Helper()
		var b [1]byte
		for {
			if _, err := io.ReadFull(out, b[:]); err != nil {
				t.Fatalf("behind %q: %v", line, err)
			}
			if b[0] == '\n' {
				return line
			}
			line += string(b[:])
		}
	}
	if line := said(); line != "ready" {
		t.Fatal(line)
	}
	type event struct {
		cause func() error
		want  string
	}
	typed := func(key string) func() error {
		return func() error { _, err := master.WriteString(key); return err }
	}
	sent := func(s unix.Signal) func() error { return func() error { return c.Process.Signal(s) } }
	for _, e := range []event{
		{typed("\x03"), "2 true"},
		{typed("\x1c"), "3 true"},
		{typed("\x1a"), "20 true"},
		{sent(unix.SIGINT), "2 false"},
		{sent(unix.SIGTSTP), "20 false"},
		{sent(unix.SIGTERM), "15 false"},
	} {
		if err := e.cause(); err != nil {
			t.Fatal(err)
		}
		line := said()
		if HasLoop && line != e.want {
			t.Errorf("%q, want %q", line, e.want)
		}
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}
