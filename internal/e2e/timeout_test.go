package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// timed is a profile with a time of one second, with or without a pid namespace.
func (w *world) timed(t testing.TB, pid bool, more string) string {
	namespaces := ""
	if !pid {
		namespaces = "namespaces: {mount: host, pid: host}\n"
	}
	return w.profile(t, fmt.Sprintf("timed-%t", pid), namespaces+"process: {timeout: 1s"+more+"}\n")
}

const (
	overByTerm = "netjail: process.timeout is over: the command was ended by SIGTERM\n"
	overByKill = "netjail: process.timeout is over: the command did not end by SIGTERM, and was killed\n"
)

// TestTimeout: a command whose time is over is ended, whatever it does, with one
// line and status 124.
func TestTimeout(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, pid := range []bool{true, false} {
			profile := w.timed(t, pid, "")
			for name, c := range map[string]struct{ script, out, says string }{
				"waits":             {"echo on; exec sleep 60", "on\n", overByTerm},
				"ends well by TERM": {"trap 'echo bye; exit 0' TERM; sleep 60 & wait", "bye\n", overByTerm},
				"is stopped":        {"kill -STOP $$; echo on; exec sleep 60", "", ""}, // whether it still says something is a race
				"is busy":           {"while :; do :; done", "", overByTerm},
			} {
				t.Run(fmt.Sprintf("%s, pid %t", name, pid), func(t *testing.T) {
					t.Parallel()
					e := finish(t, w.jail(profile, "sh", "-c", c.script))
					if !e.exited(124) || c.says != "" && (e.out != c.out || e.err != c.says) || !strings.HasPrefix(e.err, "netjail: process.timeout is over") {
						t.Errorf("%s", e)
					}
				})
			}
			t.Run(fmt.Sprintf("ends in time, pid %t", pid), func(t *testing.T) {
				long := w.profile(t, fmt.Sprintf("long-%t", pid), "process: {timeout: 1h}\n")
				if e := finish(t, w.jail(long, "sh", "-c", "exit 7")); !e.exited(7) || e.err != "" {
					t.Errorf("%s", e)
				}
			})
		}
	})
}

// TestTimeoutKills: who ignores SIGTERM is killed five seconds later, and with a
// pid namespace everything that it started.
func TestTimeoutKills(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, pid := range []bool{true, false} {
			t.Run(fmt.Sprintf("pid %t", pid), func(t *testing.T) {
				t.Parallel()
				begin := time.Now()
				lock := jailtest.File(t, w.dir, fmt.Sprintf("lock-%t", pid), "", false)
				if err := unix.Chmod(lock, 0o666); err != nil {
					t.Fatal(err)
				}
				// The background process holds a lock for as long as it lives.
				script := "trap '' TERM; exec 9>>" + lock + "; flock 9; while :; do sleep 1; done"
				if pid {
					script = "trap '' TERM; setsid sh -c 'exec 9>>" + lock + "; flock 9; exec sleep 600' & while :; do sleep 1; done"
				}
				e := finish(t, w.jail(w.timed(t, pid, ""), "sh", "-c", script))
				if !e.exited(124) || e.err != overByKill || time.Since(begin) < 6*time.Second {
					t.Errorf("%s after %v", e, time.Since(begin))
				}
				if !free(t, lock) && pid {
					t.Error("something of the jail still lives")
				}
			})
		}
	})
}

// free says whether nobody holds a lock on a file.
func free(t *testing.T, path string) bool {
	t.Helper()
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	return unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) == nil
}

// TestTimeoutWithoutTimer: where the kernel gives no timer the command does not run.
func TestTimeoutWithoutTimer(t *testing.T) {
	jailtest.Require(t, "prlimit")
	each(t, func(t *testing.T, w *world) {
		marker := filepath.Join(w.dir, "started")
		c := w.in([]string{"prlimit", "--sigpending=0:0", w.netjail, "run", w.timed(t, true, ""), "touch", marker})
		w.refusedWith(t, c, marker, "timeout", "RLIMIT_SIGPENDING", "timeout: none")
	})
}

// TestTimeoutReport: the audit has seen the timer.
func TestTimeoutReport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := filepath.Join(w.dir, "report.json")
		long := w.profile(t, "long", "process: {timeout: 1h30m}\n")
		must(t, w.jail("--report", path, long, "true"))
		if got := readReport(t, path).found(t, "proc.timeout"); !strings.HasPrefix(got, "1h29m5") {
			t.Errorf("%q", got)
		}
	})
}
