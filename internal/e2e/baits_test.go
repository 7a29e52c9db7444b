package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netjail/netjail/internal/jailtest"
)

// baitChecks are those that rest on what netjail puts out for a full audit.
var baitChecks = []string{"net.loopback-services", "ipc.sysv", "ipc.mqueue", "ipc.posix-shm", "escape.fifo", "keys.request", "sockets.families"}

// verdicts are those of a full audit by check.
func (w *world) verdicts(t *testing.T, profile string, flags ...string) map[string]string {
	t.Helper()
	e := finish(t, w.in(append(append([]string{w.netjail, "audit", "--format", "json"}, flags...), profile, "--", "/bin/true")))
	r := new(report)
	if err := json.Unmarshal([]byte(e.out), r); err != nil {
		t.Fatalf("%v: %s", err, e)
	}
	found := map[string]string{}
	for _, f := range r.Findings {
		found[f.Check] = f.Verdict
	}
	return found
}

// What a full audit puts out is reached where the profile says so, and only there.
func TestBaitsOfAnAudit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct {
			name, keys string
			open       map[string]string
		}{
			{"shut", "filesystem: {root: system, home: hidden, writable: [.]}\n", nil},
			{"ipc", "namespaces: {ipc: host}\nfilesystem: {root: system}\n", map[string]string{"ipc.sysv": "declared", "ipc.mqueue": "declared"}},
			{"network", "namespaces: {network: host}\nfilesystem: {root: system}\n", map[string]string{"net.loopback-services": "declared"}},
			{"files", "filesystem: host\n", map[string]string{"escape.fifo": "declared", "ipc.posix-shm": "declared"}},
			{"keys", "process: {keyring: host}\nfilesystem: {root: system}\n", map[string]string{"keys.request": "declared"}},
			{"families", "sockets: {families: host}\nfilesystem: {root: system}\n", map[string]string{"sockets.families": "declared"}},
			{"up", "loopback: up\nsockets: {families: [inet, inet6, netlink], unix: isolated}\nfilesystem: {root: system}\n", nil},
		} {
			got := w.verdicts(t, w.profile(t, c.name, c.keys))
			for _, check := range baitChecks {
				want := "pass"
				if c.open[check] != "" {
					want = c.open[check]
				}
				if got[check] != want {
					t.Errorf("%s: %s is %s, want %s", c.name, check, got[check], want)
				}
			}
		}
	})
}

// Where the command keeps the terminal that it was started from, the report says
// that it could type into it but for the filter.
func TestTypingOfAnAudit(t *testing.T) {
	jailtest.Require(t, "script")
	each(t, func(t *testing.T, w *world) {
		for _, profile := range []string{"base", "minimal"} {
			file := filepath.Join(w.dir, "typing-"+profile+".json")
			command := w.netjail + " audit --format json " + profile + " >" + file
			finish(t, w.in([]string{"script", "-qec", command, "/dev/null"}))
			r := readReport(t, file)
			want := map[string]string{"base": "pass", "minimal": "declared"}[profile]
			for _, f := range r.Findings {
				if f.Check == "tty.inject" && f.Verdict != want {
					t.Errorf("%s: tty.inject is %s: %s", profile, f.Verdict, f.Found)
				}
			}
			if text := r.found(t, "tty.inject"); !strings.Contains(text, "TIOCSTI") {
				t.Errorf("%s: %s", profile, text)
			}
		}
	})
}

// baitFiles are the names of baits in the directories where they are put.
func baitFiles(t *testing.T, dirs ...string) (left []string) {
	t.Helper()
	for _, dir := range append(dirs, "/tmp", "/var/tmp", "/dev/shm", "/run", "/opt", "/root") {
		names, err := filepath.Glob(dir + "/.netjail-lure-*")
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, names...)
	}
	return left
}

// baitObjects are the lines of netjail's objects of System V IPC: their keys begin
// with ten bits that are its own.
func baitObjects(t *testing.T) (lines []string) {
	t.Helper()
	for _, file := range []string{"/proc/sysvipc/sem", "/proc/sysvipc/msg"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var key json.Number
			if fields := strings.Fields(line); len(fields) > 0 {
				key = json.Number(fields[0])
			}
			if n, err := key.Int64(); err == nil && n>>22 == 0x1b9 {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// A full audit that is killed at any moment leaves nothing that the next does not
// take away.
func TestKilledAuditLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := append(baitFiles(t, w.dir), baitObjects(t)...) // what another user's killed audit has left
		for i := range 30 {
			c := w.in([]string{w.netjail, "audit", "base"})
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(i) * time.Millisecond / 2)
			c.Process.Kill()
			c.Wait()
		}
		jailtest.Eventually(t, "the next audits have cleared everything away", func() bool {
			must(t, w.in([]string{w.netjail, "audit", "base"}))
			return !slices.ContainsFunc(append(baitFiles(t, w.dir), baitObjects(t)...), func(left string) bool { return !slices.Contains(before, left) })
		})
	})
}

// Calls of other tables end who makes them where a filter is loaded, and are
// declared where none is; a user namespace is tried in earnest.
func TestDoomedOfAnAudit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for profile, want := range map[string]string{"offline-strict": "pass", "base": "pass", "minimal": "declared"} {
			got := w.verdicts(t, profile)
			if runtime.GOARCH != "amd64" && want == "pass" {
				want = "unknown" // it takes a 32-bit program
			}
			if got["seccomp.i386"] != want {
				t.Errorf("%s: seccomp.i386 is %s, want %s", profile, got["seccomp.i386"], want)
			}
			if nested := got["ns.nested"]; nested != "pass" && nested != "declared" {
				t.Errorf("%s: ns.nested is %s", profile, nested)
			}
		}
	})
}
