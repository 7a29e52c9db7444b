package sys

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestTimer: the kernel tells what is left, and nothing of a timer that is gone.
func TestTimer(t *testing.T) {
	timer, err := NewTimer(time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := timer.Left(); err != nil || left <= 0 || left > time.Hour {
		t.Errorf("%v, %v", left, err)
	}
	if err := timer.Close(); err != nil {
		t.Error(err)
	}
	if left, err := timer.Left(); err != unix.EINVAL {
		t.Errorf("%v, %v", left, err)
	}
}

// TestTimerWakes: a process that has stopped is continued by its own timer.
func TestTimerWakes(t *testing.T) {
	if os.Getenv("NETJAIL_TIMER") != "" {
		timer, err := NewTimer(time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		unix.Kill(os.Getpid(), unix.SIGSTOP) // the timer may have sent its first signal by now
		timer.Close()
		os.Exit(3)
	}
	c := exec.Command(os.Args[0], "-test.run", "^TestTimerWakes$")
	c.Env = append(os.Environ(), "NETJAIL_TIMER=1")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	hang := time.AfterFunc(time.Minute, func() { c.Process.Signal(syscall.SIGKILL) })
	defer hang.Stop()
	if c.Wait(); c.ProcessState.ExitCode() != 3 {
		t.Errorf("%v", c.ProcessState)
	}
}
