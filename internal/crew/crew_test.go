package crew

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// run runs a shell's line, for as long as a test may take.
func run(t *testing.T, c *Crew, line string, limit time.Duration) (*Ended, error) {
	t.Helper()
	return c.Run(&Command{Path: "/bin/sh", Argv: []string{"sh", "-c", line}, Env: []string{"PATH=" + jailtest.Path}, Dir: "/", Limit: limit})
}

func newCrew(t *testing.T) *Crew {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
		jailtest.Childless(t)
	})
	return c
}

func TestStreams(t *testing.T) {
	e, err := run(t, newCrew(t), "cat; echo out; echo err >&2; echo note >&3; tty; ps -o sid= -p $$ | tr -d ' ' >&3; echo $$ >&3", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	note := strings.Fields(string(e.Note))
	if string(e.Stdout) != "out\nnot a tty\n" || string(e.Stderr) != "err\n" || e.Cut || e.Late || len(note) != 3 || note[0] != "note" || note[1] != note[2] {
		t.Errorf("%+v", e)
	}
}

func TestMuchOutput(t *testing.T) {
	e, err := run(t, newCrew(t), "head -c 3000000 /dev/zero", time.Minute)
	if err != nil || len(e.Stdout) != most || !e.Cut {
		t.Errorf("%v: %d bytes, %t", err, len(e.Stdout), e.Cut)
	}
}

// TestNothingStaysBehind: neither in a session of its own, nor behind a program
// that is late.
func TestNothingStaysBehind(t *testing.T) {
	c := newCrew(t)
	for _, end := range []string{"exit 0", "kill -9 $$", "sleep 4711"} {
		limit := time.Minute
		if strings.HasPrefix(end, "sleep") {
			limit = 300 * time.Millisecond
		}
		e, err := run(t, c, "setsid sh -c 'echo $$; exec sleep 4712' & { echo $$; read x; } <&- ; sleep 0.1; "+end, limit)
		if err != nil || e.Late != (limit < time.Minute) {
			t.Errorf("%s: %v %+v", end, err, e)
		}
		for _, pid := range strings.Fields(string(e.Stdout)) {
			if n, _ := strconv.Atoi(pid); n < 2 || unix.Kill(n, 0) != unix.ESRCH {
				t.Errorf("%s: %s is still there", end, pid)
			}
		}
		if len(strings.Fields(string(e.Stdout))) != 2 {
			t.Errorf("%s: %q", end, e.Stdout)
		}
	}
}

// TestOthersAreSpared: what was there before is not this crew's.
func TestOthersAreSpared(t *testing.T) {
	other, err := os.StartProcess("/bin/sleep", []string{"sleep", "4713"}, &os.ProcAttr{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		other.Kill()
		other.Wait()
	}()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
	if _, err := run(t, c, "true", time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(other.Pid, 0); err != nil {
		t.Error("another program's process was ended:", err)
	}
}

// TestManyAtOnce: the end of one is not the end of the others' helpers.
func TestManyAtOnce(t *testing.T) {
	c := newCrew(t)
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			e, err := run(t, c, fmt.Sprintf("sleep 0.0%d & wait; echo %d", i%4, i), time.Minute)
			if err != nil || strings.TrimSpace(string(e.Stdout)) != strconv.Itoa(i) {
				t.Errorf("%d: %v %+v", i, err, e)
			}
		})
	}
	wait.Wait()
}

func TestStop(t *testing.T) {
	c := newCrew(t)
	started := make(chan struct{})
	go func() {
		for {
			c.mu.Lock()
			n := len(c.members)
			c.mu.Unlock()
			if n == 1 {
				close(started)
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	go func() {
		<-started
		c.Stop()
	}()
	if _, err := run(t, c, "sleep 4714", time.Minute); !errors.Is(err, ErrStopped) {
		t.Error(err)
	}
	if _, err := run(t, c, "true", time.Minute); !errors.Is(err, ErrStopped) {
		t.Error("it starts something after it was stopped:", err)
	}
}

func TestNoSuchProgram(t *testing.T) {
	if _, err := newCrew(t).Run(&Command{Path: "/no/such", Argv: []string{"x"}, Limit: time.Minute}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
