package cli

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// netjail is the test's own program, to be run as netjail.
func netjail(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	jailtest.Require(t, "userns", "netns", "pidns")
	c := exec.Command(filepath.Join(programs(t), "netjail"), args...)
	c.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	return c
}

// started runs a command that says "ready" once it runs, and waits for that.
func started(t *testing.T, c *exec.Cmd) *bufio.Reader {
	t.Helper()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	r := bufio.NewReader(out)
	if line, err := r.ReadString('\n'); line != "ready\n" {
		t.Fatalf("the command said %q (%v)", line, err)
	}
	return r
}

func waitStatus(c *exec.Cmd) syscall.WaitStatus {
	c.Wait()
	return c.ProcessState.Sys().(syscall.WaitStatus)
}

func TestSignalsReachTheCommand(t *testing.T) {
	for _, profile := range []string{"minimal", "offline"} {
		c := netjail(t, "run", profile, "sh", "-c", `trap 'exit 42' TERM; echo ready; while :; do sleep 0.05; done`)
		started(t, c)
		c.Process.Signal(unix.SIGTERM)
		if s := waitStatus(c); s.ExitStatus() != 42 {
			t.Errorf("%s: the command's trap gave %s", profile, describe(s))
		}
	}
}

func TestSignalThatKills(t *testing.T) {
	for _, tt := range []struct {
		signal syscall.Signal
		want   string
	}{
		{unix.SIGTERM, "exit status 143"},
		{unix.SIGHUP, "exit status 129"},
		{unix.SIGINT, "killed by SIGINT"},
		{unix.SIGQUIT, "killed by SIGQUIT"},
	} {
		c := netjail(t, "run", "offline", "sh", "-c", "echo ready; exec sleep 60")
		started(t, c)
		c.Process.Signal(tt.signal)
		if got := describe(waitStatus(c)); got != tt.want {
			t.Errorf("%s: %s, want %s", unix.SignalName(tt.signal), got, tt.want)
		}
	}
}

// When netjail is killed, so is everything in the jail: its end of the pipe
// closes.
func TestJailDiesWithNetjail(t *testing.T) {
	for _, profile := range []string{"minimal", "offline"} {
		c := netjail(t, "run", profile, "sh", "-c", "echo ready; exec sleep 60")
		out := started(t, c)
		c.Process.Kill()
		ended := make(chan error, 1)
		go func() { _, err := out.ReadByte(); ended <- err }()
		select {
		case err := <-ended:
			if err != io.EOF && !strings.Contains(err.Error(), "closed") {
				t.Errorf("%s: %v", profile, err)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s: the command outlived netjail", profile)
		}
		c.Wait()
	}
}
