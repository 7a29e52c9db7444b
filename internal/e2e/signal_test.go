package e2e

import (
	"bufio"
	"bytes"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// running is a command whose output is read line by line.
type running struct {
	*exec.Cmd
	out *bufio.Reader
	err bytes.Buffer
}

// start runs a command in a session of its own and waits for its line "ready".
func start(t *testing.T, c *exec.Cmd) *running {
	t.Helper()
	r := &running{Cmd: c}
	c.Stderr = &r.err
	c.SysProcAttr.Setsid = true
	c.WaitDelay = waitDelay
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	r.out = bufio.NewReader(out)
	t.Cleanup(func() {
		for _, p := range jailtest.InSession(c.Process.Pid) {
			unix.Kill(p.PID, unix.SIGKILL)
		}
		c.Wait()
	})
	r.expect(t, "ready")
	return r
}

// expect wants this line next.
func (r *running) expect(t *testing.T, want string) {
	t.Helper()
	line, err := r.out.ReadString('\n')
	if strings.TrimSpace(line) != want {
		t.Fatalf("the command said %q (%v), want %q", line, err, want)
	}
}

// wait is how it ended.
func (r *running) wait() syscall.WaitStatus {
	r.Wait()
	return r.ProcessState.Sys().(syscall.WaitStatus)
}

// Each signal that is sent to netjail alone reaches the command, once: what comes
// behind it comes next.
func TestSignalsArriveOnce(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, launcher := range []string{"--stage=false", "--stage"} {
			r := start(t, w.jail(append([]string{launcher, profile}, jailtest.Signals(w.victim)...)...))
			for _, s := range []syscall.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGUSR1, unix.SIGUSR2, unix.SIGTERM} {
				r.Process.Signal(s)
				r.expect(t, unix.SignalName(s))
			}
			if s := r.wait(); s != 0 || r.err.Len() > 0 {
				t.Errorf("netjail ended with %#x and %q", s, r.err.String())
			}
		}
	})
}

// A signal that the command does not handle ends it, and netjail tells how.
func TestSignalsThatKill(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, c := range []struct {
			signal syscall.Signal
			want   syscall.WaitStatus
		}{
			{unix.SIGTERM, exited(143)},
			{unix.SIGHUP, exited(129)},
			{unix.SIGUSR1, exited(138)},
			{unix.SIGUSR2, exited(140)},
			{unix.SIGINT, killed + syscall.WaitStatus(unix.SIGINT)},
			{unix.SIGQUIT, killed + syscall.WaitStatus(unix.SIGQUIT)},
		} {
			r := start(t, w.jail(profile, "sh", "-c", "ulimit -c 0; echo ready; exec sleep 1000"))
			r.Process.Signal(c.signal)
			if got := r.wait(); got != c.want {
				t.Errorf("%s: netjail ended with %#x, want %#x", unix.SignalName(c.signal), got, c.want)
			}
		}
	})
}

// A command that is stopped stops netjail, for whoever watches that; CONT wakes
// both, as often as one likes.
func TestStoppedCommand(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		r := start(t, w.jail(append([]string{profile}, jailtest.Signals(w.victim)...)...))
		command := jailtest.Descendant(t, r.Process.Pid, "victim")
		for range 20 {
			jailtest.Eventually(t, "netjail stops with the command", func() bool {
				// A CONT of the round before may still be on its way to the command.
				unix.Kill(command.PID, unix.SIGSTOP)
				p, ok := jailtest.Stat(r.Process.Pid)
				return ok && p.State == 'T'
			})
			r.Process.Signal(unix.SIGCONT)
			jailtest.Eventually(t, "the command goes on", func() bool {
				p, ok := jailtest.Stat(command.PID)
				return ok && p.State != 'T'
			})
			r.Process.Signal(unix.SIGUSR1)
			r.expect(t, "SIGUSR1")
		}
		r.Process.Signal(unix.SIGTERM)
		r.expect(t, "SIGTERM")
		r.Process.Signal(unix.SIGTERM)
		if s := r.wait(); s != 0 {
			t.Errorf("netjail ended with %#x", s)
		}
	})
}
