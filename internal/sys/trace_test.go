package sys

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// shell runs a script, and returns once that has begun: os/exec lets go of a
// process within its execve, which must not be the one that is waited for. The
// script's own output comes from out.
func shell(t *testing.T, script string) (c *exec.Cmd, in io.Writer, out *os.File) {
	t.Helper()
	out, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c = exec.Command("/bin/sh", "-c", "echo; "+script)
	c.Stdout = w
	if in, err = c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	err = c.Start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait() // an error where the test has waited itself
		out.Close()
	})
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return c, in, out
}

// seized traces a shell, in a thread of its own.
func seized(t *testing.T, c *exec.Cmd) *Trace {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	trace, err := Seize(c.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

// TestTraceExec: the process stands still with its new program, before that has
// done anything.
func TestTraceExec(t *testing.T) {
	c, in, out := shell(t, "read x; exec /bin/echo here")
	trace := seized(t, c)
	fmt.Fprintln(in, "go")
	if err := trace.WaitExec(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", c.Process.Pid))
	if err != nil || !strings.HasPrefix(string(text), "/bin/echo\x00") {
		t.Errorf("the held process is %q, %v", text, err)
	}
	fds := []unix.PollFd{{Fd: int32(out.Fd()), Events: unix.POLLIN}}
	if n, err := unix.Poll(fds, 0); n != 0 || err != nil {
		t.Errorf("it has written already: %d, %v", n, err)
	}
	if err := trace.Release(); err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(out)
	if err != nil || string(said) != "here\n" {
		t.Errorf("it wrote %q, %v", said, err)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	if trace.Release() == nil {
		t.Error("let go of a process that is gone")
	}
	if err := trace.WaitExec(); err == nil || errors.Is(err, ErrEnded) {
		t.Errorf("waited for a process that is gone: %v", err)
	}
}

func TestTraceEnded(t *testing.T) {
	for _, script := range []string{"read x; exit 3", "read x; kill -TERM $$"} {
		c, in, _ := shell(t, script)
		trace := seized(t, c)
		fmt.Fprintln(in, "go")
		if err := trace.WaitExec(); !errors.Is(err, ErrEnded) {
			t.Errorf("%s: %v, want ErrEnded", script, err)
		}
	}
}

// TestTraceSignals: signals and stops on the way to execve go the way they would
// have gone.
func TestTraceSignals(t *testing.T) {
	c, in, _ := shell(t, `trap 'got=1' USR1; read x; kill -USR1 $$; kill -WINCH $$; [ "$got" = 1 ] || exit 9; exec /bin/true`)
	trace := seized(t, c)
	fmt.Fprintln(in, "go")
	if err := trace.WaitExec(); err != nil {
		t.Fatal(err)
	}
	if err := trace.Release(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

func TestSeizeNobody(t *testing.T) {
	if trace, err := Seize(1 << 30); err == nil || !errors.Is(err, unix.ESRCH) {
		t.Errorf("%+v, %v", trace, err)
	}
}

// TestFollowFork: the process that another one makes is held at its first instruction,
// and the one that made it goes on.
func TestFollowFork(t *testing.T) {
	c, in, out := shell(t, "read x; (read x; exec /bin/echo here) <&0 & exit 0")
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	trace, err := SeizeForking(c.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in, "go")
	if err := trace.FollowFork(); err != nil {
		t.Fatal(err)
	}
	if trace.pid == c.Process.Pid {
		t.Fatal("it follows the process that forked")
	}
	// The shell must not be there any more when it would be told of the other's end: it
	// is still traced, and nobody would continue it.
	if _, err := c.Process.Wait(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in, "go on")
	if err := trace.WaitExec(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", trace.pid)); err != nil || !strings.HasPrefix(string(text), "/bin/echo\x00") {
		t.Errorf("the held process is %q, %v", text, err)
	}
	if err := trace.Release(); err != nil {
		t.Fatal(err)
	}
	if said, err := io.ReadAll(out); err != nil || string(said) != "here\n" {
		t.Errorf("it wrote %q, %v", said, err)
	}
}

// TestFollowForkEnded: a process that ends without having made one.
func TestFollowForkEnded(t *testing.T) {
	c, in, _ := shell(t, "read x; exit 3")
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	trace, err := SeizeForking(c.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in, "go")
	if err := trace.FollowFork(); !errors.Is(err, ErrEnded) {
		t.Errorf("%v, want ErrEnded", err)
	}
}
