package sys

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// credential is root with these groups.
func credential(groups ...uint32) *syscall.Credential { return &syscall.Credential{Groups: groups} }

// playDie dies by a signal although it is blocked and core files are allowed.
func playDie(args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil {
		return err
	}
	limit.Cur = limit.Max
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &limit); err != nil {
		return err
	}
	BlockSignals()
	DieBy(unix.Signal(n))
	return fmt.Errorf("alive behind signal %d", n)
}

// TestDieBy: whoever waits sees the signal itself, and no core file.
func TestDieBy(t *testing.T) {
	for _, s := range []unix.Signal{
		unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGABRT, unix.SIGSEGV, unix.SIGKILL,
		unix.SIGPIPE, unix.SIGTERM, unix.SIGUSR1, unix.SIGSYS, 40,
	} {
		c := role("role-die", strconv.Itoa(int(s)))
		status := waitStatus(t, c)
		if !status.Signaled() || status.Signal() != s || status.CoreDump() {
			t.Errorf("signal %d: ended with %#x", s, uint32(status))
		}
		if text := output(c); text != "" {
			t.Errorf("signal %d: it said %q", s, text)
		}
	}
	// One that does not kill lets it go on.
	if status := waitStatus(t, role("role-die", strconv.Itoa(int(unix.SIGURG)))); status.ExitStatus() != 1 {
		t.Errorf("SIGURG: ended with %#x", uint32(status))
	}
}

// playStop stops, and says so when it goes on. "no" has no reason to stop, and
// "woken" is continued between its decision and the stop.
func playStop(args []string) error {
	tried := StopSelf(func() bool {
		if args[0] == "woken" {
			unix.Kill(unix.Getpid(), unix.SIGCONT)
		}
		return args[0] != "no"
	})
	fmt.Println("tried", tried)
	return nil
}

// TestStopSelf: a shell's job stops by TSTP, any other process by STOP.
func TestStopSelf(t *testing.T) {
	for _, job := range []bool{false, true} {
		c, want := role("role-stop", "yes"), unix.SIGSTOP
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if job {
			c.SysProcAttr, want = &syscall.SysProcAttr{Setpgid: true}, unix.SIGTSTP
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if status := reap(t, c.Process.Pid, unix.WUNTRACED); !status.Stopped() || status.StopSignal() != want {
			t.Fatalf("job %t: %#x, want a stop by %v", job, uint32(status), want)
		}
		if err := c.Process.Signal(unix.SIGCONT); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err != nil || output(c) != "tried true" {
			t.Errorf("job %t: %v, %q", job, err, output(c))
		}
	}
}

// playScript plays another role in its own process group.
func playScript(args []string) error {
	c := role(args[0], args[1:]...)
	err := c.Run()
	fmt.Println(output(c))
	return err
}

// TestStopSelfNot: without a reason, or continued meanwhile, a job does not stop,
// nor does what a job has started.
func TestStopSelfNot(t *testing.T) {
	for mode, want := range map[string]string{"no": "tried false", "woken": "tried true", "script": "tried true"} {
		c := role("role-stop", mode)
		if mode == "script" {
			c = role("role-script", "role-stop", "woken")
		}
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		status := reap(t, c.Process.Pid, unix.WUNTRACED)
		if status.Exited() {
			c.Wait() // not for the process, which is reaped, but for what it printed
		}
		if !status.Exited() || output(c) != want {
			t.Errorf("%s: %#x, %q", mode, uint32(status), output(c))
		}
	}
}

// playPrepare prints what PrepareStage makes of its capabilities and signals.
func playPrepare([]string) error {
	runtime.LockOSThread()
	show := func() {
		text, err := os.ReadFile("/proc/thread-self/status")
		if err != nil {
			fmt.Println(err)
		}
		for line := range strings.Lines(string(text)) {
			switch name, value, _ := strings.Cut(line, ":"); name {
			case "CapInh", "CapPrm", "CapAmb", "SigBlk":
				n, err := strconv.ParseUint(strings.TrimSpace(value), 16, 64)
				fmt.Println(name, n != 0, err)
			}
		}
	}
	show()
	fmt.Println("prepared:", PrepareStage(new(Program)))
	show()
	return nil
}

// TestPrepareStage: what brought the capabilities across execve is gone, they are
// not, and every signal is blocked.
func TestPrepareStage(t *testing.T) {
	jailtest.Require(t, "userns")
	c := inUserNamespace(role("role-prepare"), 0)
	c.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_NET_ADMIN, unix.CAP_SYS_ADMIN}
	const want = `SigBlk false <nil>
CapInh true <nil>
CapPrm true <nil>
CapAmb true <nil>
prepared: <nil>
SigBlk true <nil>
CapInh false <nil>
CapPrm true <nil>
CapAmb false <nil>`
	if got := play(t, c); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
