package sys

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// TestStartEnded: the process has ended and is still to be reaped, and it was in
// another user namespace than this one's. Its files in /proc are root's by then,
// who can read that and give it its maps.
func TestStartEnded(t *testing.T) {
	if noLoop(t) {
		return
	}
	jailtest.Require(t, "userns")
	pid, err := StartEnded(unix.CLONE_NEWUSER)
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil || !strings.HasPrefix(jailtest.Field(string(status), "State"), "Z") {
		t.Errorf("the process is %q, %v", jailtest.Field(string(status), "State"), err)
	}
	if os.Getuid() == 0 {
		readEnded(t, pid)
	}
	var s unix.WaitStatus
	if got, err := unix.Wait4(pid, &s, unix.WALL, nil); got != pid || err != nil || !s.Exited() || s.ExitStatus() != 0 {
		t.Errorf("it ended with %#x (%d, %v)", uint32(s), got, err)
	}
	jailtest.Childless(t)
	if _, err := StartEnded(unix.CLONE_THREAD); !errors.Is(err, unix.EINVAL) {
		t.Errorf("with flags that clone3(2) refuses: %v", err)
	}
	jailtest.AlsoAsUser(t)
}

// readEnded does what root does with such a process.
func readEnded(t *testing.T, pid int) {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d/", pid)
	if its, own := jailtest.Namespace(pid, "user"), jailtest.Namespace(os.Getpid(), "user"); its == "" || its == own {
		t.Errorf("it was in %q, this process is in %q", its, own)
	}
	if err := os.WriteFile(dir+"uid_map", []byte("0 1879048192 1\n"), 0); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(dir + "uid_map"); err != nil || strings.Join(strings.Fields(string(text)), " ") != "0 1879048192 1" {
		t.Errorf("the map is %q, %v", text, err)
	}
}

// TestDo carries out Steps in this process, to whose results those of the child
// refer, which begins behind them.
func TestDo(t *testing.T) {
	p, err := NewProgram(4, 64)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, s := range []Step{
		{NR: unix.SYS_GETPID},
		{NR: unix.SYS_CLOSE, Args: [6]uint64{^uint64(0)}},
		{NR: unix.SYS_EXIT_GROUP, Args: [6]uint64{p.ResultAddress(0)}, Load: 1},
	} {
		if _, err := p.Add(s); err != nil {
			t.Fatal(err)
		}
	}
	if !p.Do(0) || p.Step(0).Result != int64(os.Getpid()) || p.Step(0).Done != 1 || p.Failed() != -1 {
		t.Errorf("getpid: %+v, failed %d", p.Step(0), p.Failed())
	}
	if p.Do(1) || p.Step(1).Result != -int64(unix.EBADF) || p.Failed() != 1 {
		t.Errorf("close: %+v, failed %d", p.Step(1), p.Failed())
	}
	if noLoop(t) {
		return
	}
	p.Begin(2)
	pid, err := Start(p, 0)
	if err != nil {
		t.Fatal(err)
	}
	var s unix.WaitStatus
	if _, err := unix.Wait4(pid, &s, unix.WALL, nil); err != nil || s.ExitStatus() != os.Getpid()&0xff {
		t.Errorf("the child ended with %#x, %v", uint32(s), err)
	}
}
