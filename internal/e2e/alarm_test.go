package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// honestRuns is how many runs TestFalseAlarms makes for each user: 500 with
// NETJAIL_HONEST_RUNS=500, which is what docs/performance.md tells of.
func honestRuns(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("NETJAIL_HONEST_RUNS"))
	switch {
	case os.Getenv("NETJAIL_HONEST_RUNS") == "":
		return 40
	case err != nil || n < 1:
		t.Fatalf("NETJAIL_HONEST_RUNS: %v", err)
	}
	return n
}

// TestFalseAlarms runs the bundled profiles while files, links, sockets, other
// jails and, as root, mounts come and go on the host: no check fails, and none
// that was to be told is unknown.
func TestFalseAlarms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		profiles := []string{"offline", "offline-strict", "build", "package-install", "agent", "base", "minimal"}
		if w.Credential() != nil {
			profiles = []string{"offline-strict", "base", "minimal"} // a stranger has no home directory
		}
		stop := w.churn(t)
		defer stop()
		alarms, thorough, untold := 0, 0, 0
		n := honestRuns(t)
		for i := range n {
			profile := profiles[i%len(profiles)]
			args := []string{w.netjail, "run", profile, "true"}
			full := i%5 == 4
			if full {
				thorough++
				args = []string{w.netjail, "run", "--report", filepath.Join(w.dir, "report.json"), profile, "true"}
			}
			e := finish(t, w.in(args))
			switch {
			case full && e.exited(125) && refusedFor(e.err, "host.mounts could not be told"):
				untold++ // which is no failure, and true: this test has mounted meanwhile
			case !e.exited(0) || e.err != "":
				alarms++
				t.Errorf("run %d under %s, full %v: %s", i, profile, full, e)
			}
		}
		t.Logf("%d honest runs, %d of them with a full audit, %d false alarms; %d could not tell who mounted", n, thorough, alarms, untold)
	})
}

// refusedFor says whether one cause, and no other, refused the start.
func refusedFor(words, cause string) bool {
	const refused = "the audit refused: "
	return strings.Count(words, refused) == 1 && strings.Contains(words, refused+cause)
}

// churn makes the host busy until stop is called. It fails the test where it did
// nothing.
func (w *world) churn(t *testing.T) (stop func()) {
	t.Helper()
	var all sync.WaitGroup
	var ended atomic.Bool
	var rounds [4]atomic.Int64
	dir := jailtest.PublicDir(t)
	loop := func(i int, once func(n int64) error) {
		all.Go(func() {
			for !ended.Load() {
				if err := once(rounds[i].Add(1)); err != nil {
					t.Errorf("churn %d: %v", i, err)
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	loop(0, func(n int64) error { // links and sockets
		path := filepath.Join(dir, fmt.Sprint("socket", n))
		l, err := net.Listen("unix", path)
		if err != nil {
			return err
		}
		defer l.Close()
		link := path + ".link"
		if err := os.Symlink(path, link); err != nil {
			return err
		}
		return os.Remove(link)
	})
	loop(1, func(int64) error { // other jails
		c := exec.Command(w.netjail, "run", "minimal", "true")
		c.Dir = "/"
		return c.Run()
	})
	loop(2, func(n int64) error { // listeners on the host's loopback
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		return l.Close()
	})
	mounting := os.Getuid() == 0
	if mounting {
		point := filepath.Join(dir, "mount")
		if err := os.Mkdir(point, 0o755); err != nil {
			t.Fatal(err)
		}
		loop(3, func(int64) error {
			if err := unix.Mount("none", point, "tmpfs", 0, "size=64k"); err != nil {
				return err
			}
			return unix.Unmount(point, unix.MNT_DETACH)
		})
	}
	return func() {
		ended.Store(true)
		all.Wait()
		for i := range rounds {
			if rounds[i].Load() < 2 && (i < 3 || mounting) {
				t.Errorf("churn %d went round %d times", i, rounds[i].Load())
			}
		}
		t.Log("rounds: ", strings.Trim(fmt.Sprint(rounds[0].Load(), rounds[1].Load(), rounds[2].Load(), rounds[3].Load()), "[]"))
	}
}
