package sys

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// roles are what this test's own program does when a test executes it again: its
// argv[0] names one. A role's error is printed, and ends it with 1.
var roles map[string]func(args []string) error

// TestMain plays a role, or runs the tests.
func TestMain(m *testing.M) {
	roles = map[string]func([]string) error{
		"netjail-reaper": playReaper,
		"role-channel":   playChannel,
		"role-compat":    playCompat,
		"role-die":       playDie,
		"role-groups":    playGroups,
		"role-ignored":   playIgnored,
		"role-lied":      playLied,
		"role-owner":     playOwner,
		"role-prepare":   playPrepare,
		"role-stage":     playStage,
		"role-stop":      playStop,
		"role-script":    playScript,
		"role-storm":     playStorm,
		"role-terminal":  playTerminal,
	}
	if play, ok := roles[os.Args[0]]; ok {
		if err := play(os.Args[1:]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// role is this test's program, to be executed again in a role. Its output is
// collected.
func role(name string, args ...string) *exec.Cmd {
	c := exec.Command("/proc/self/exe", args...)
	c.Args[0] = name
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL}
	return c
}

// output is what a role has printed.
func output(c *exec.Cmd) string { return strings.TrimSpace(c.Stdout.(*bytes.Buffer).String()) }

// play runs a role to its end, which must be a good one, and is what it printed.
func play(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", c.Args[0], err, output(c))
	}
	return output(c)
}

// waitStatus starts a role and is how it ended.
func waitStatus(t *testing.T, c *exec.Cmd) unix.WaitStatus {
	t.Helper()
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return unix.WaitStatus(c.ProcessState.Sys().(syscall.WaitStatus))
}

// inUserNamespace gives a role new namespaces in which it keeps its ids.
func inUserNamespace(c *exec.Cmd, flags uintptr) *exec.Cmd {
	c.SysProcAttr.Cloneflags = unix.CLONE_NEWUSER | flags
	c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
	c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
	return c
}

// reap waits for a process that this test made without package os.
func reap(t testing.TB, pid, options int) unix.WaitStatus {
	t.Helper()
	for {
		var status unix.WaitStatus
		_, err := unix.Wait4(pid, &status, options|unix.WALL, nil)
		if err == nil {
			return status
		}
		if !errors.Is(err, unix.EINTR) {
			t.Fatalf("wait for %d: %v", pid, err)
		}
	}
}

// readable waits until there is something to read, and fails if nothing comes.
func readable(t testing.TB, fd int) {
	t.Helper()
	const patience = 20_000 // ms: a hang, not a delay
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(fds, patience)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			t.Fatal(err)
		case n == 0:
			t.Fatalf("nothing came on descriptor %d", fd)
		}
		return
	}
}
