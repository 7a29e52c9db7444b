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

// playStop stops, and says so when it goes on.
func playStop([]string) error {
	StopSelf(func() bool { return true })
	fmt.Println("continued")
	return nil
}

func TestStopSelf(t *testing.T) {
	c := role("role-stop")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if status := reap(t, c.Process.Pid, unix.WUNTRACED); !status.Stopped() {
		t.Fatalf("%#x, want a stop", uint32(status))
	}
	if err := c.Process.Signal(unix.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil || output(c) != "continued" {
		t.Errorf("%v, %q", err, output(c))
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
	fmt.Println("prepared:", PrepareStage())
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
