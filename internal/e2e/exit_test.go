package e2e

import (
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

const killed = syscall.WaitStatus(0) // plus the signal

func exited(code int) syscall.WaitStatus { return syscall.WaitStatus(code << 8) }

// The command's end is netjail's.
func TestExitStatus(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		data := jailtest.File(t, w.dir, "data", "data\n", false)
		for _, c := range []struct {
			argv []string
			want syscall.WaitStatus
		}{
			{[]string{"true"}, 0},
			{[]string{"sh", "-c", "exit 7"}, exited(7)},
			{[]string{"sh", "-c", "exit 125"}, exited(125)},
			{[]string{"sh", "-c", "exit 255"}, exited(255)},
			{[]string{"sh", "-c", "kill -TERM $$"}, exited(143)},
			{[]string{"sh", "-c", "kill -SEGV $$"}, exited(139)},
			{[]string{"sh", "-c", "kill -KILL $$"}, exited(137)},
			{[]string{"sh", "-c", "kill -INT $$"}, killed + syscall.WaitStatus(unix.SIGINT)},
			{[]string{"sh", "-c", "kill -QUIT $$"}, killed + syscall.WaitStatus(unix.SIGQUIT)},
			{[]string{"sh", "-c", "exit 130"}, exited(130)},
			{[]string{data}, exited(126)},
			{[]string{"no-such-command"}, exited(127)},
			{[]string{"/no/such/command"}, exited(127)},
		} {
			for _, launcher := range []string{"--stage=false", "--stage"} {
				got := finish(t, w.jail(append([]string{launcher, profile}, c.argv...)...))
				if got.status != c.want || got.out != "" {
					t.Errorf("%s %q: %s, want %s", launcher, c.argv, got, ending{status: c.want})
				}
			}
		}
	})
}

// What netjail itself cannot do is 125, and the command never runs.
func TestExitStatusOfFailures(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		marker := filepath.Join(w.dir, "started")
		broken := w.profile(t, "broken", "loopback: sideways\n")
		for _, argv := range [][]string{
			{"no-such-profile", "touch", marker},
			{broken, "touch", marker},
			{"./missing.yaml", "touch", marker},
			{"--no-such-flag", "base", "touch", marker},
			{"--report", "/no/such/dir/file", "base", "touch", marker},
			{"base"},
			{},
		} {
			if e := finish(t, w.jail(argv...)); !e.exited(125) || e.out != "" || e.err == "" || exists(marker) {
				t.Errorf("run %q: %s; the command ran: %t", argv, e, exists(marker))
			}
		}
	})
}

// Death by a signal that dumps core leaves no core file of netjail's own.
func TestNoCoreOfNetjail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.in([]string{"sh", "-c", "ulimit -c unlimited 2>/dev/null; exec " + w.netjail + ` run minimal sh -c 'ulimit -c 0; kill -QUIT $$'`})
		if e := finish(t, c); !e.status.Signaled() || e.status.Signal() != unix.SIGQUIT || e.err != "" {
			t.Errorf("netjail: %s", e)
		}
		if cores, _ := filepath.Glob(filepath.Join(w.dir, "core*")); len(cores) > 0 {
			t.Errorf("netjail left %v", cores)
		}
	})
}
