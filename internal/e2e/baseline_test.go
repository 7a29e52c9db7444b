package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// store keeps the JSON report of an audit.
func (w *world) store(t *testing.T, name string, args ...string) string {
	t.Helper()
	e := finish(t, w.in(append([]string{w.netjail, "audit", "--format", "json"}, args...)))
	if e.err != "" || e.out == "" {
		t.Fatalf("audit %v: %s", args, e)
	}
	return jailtest.File(t, w.dir, name, e.out, false)
}

// TestBaseline compares audits with stored ones: of the same profile nothing is
// worse, of a looser one something is, and a loosened stored one gets better.
func TestBaseline(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		strict, minimal := w.store(t, "strict.json", "offline-strict"), w.store(t, "minimal.json", "minimal")
		audit := func(args ...string) ending { return finish(t, w.in(append([]string{w.netjail, "audit"}, args...))) }
		if e := audit("--baseline", strict, "offline-strict"); !e.exited(0) || strings.Contains(e.out, "worse (") || e.err != "" {
			t.Errorf("the same: %s", e)
		}
		e := audit("--baseline", strict, "minimal")
		if !e.exited(1) || !strings.Contains(e.out, "fs.root") || !strings.Contains(e.out, "profile was offline-strict and is minimal") {
			t.Errorf("looser: %s", e)
		}
		if e := audit("--baseline", minimal, "offline-strict"); !strings.Contains(e.out, "better (") {
			t.Errorf("stricter: %s", e)
		}
		var drift struct {
			Version int
			Worse   bool
			Changes []struct{ Check, Direction string }
		}
		e = audit("--format", "json", "--baseline", strict, "minimal")
		if err := json.Unmarshal([]byte(e.out), &drift); err != nil || !e.exited(1) || drift.Version != 1 || !drift.Worse || len(drift.Changes) == 0 {
			t.Errorf("%+v, %v", drift, err)
		}
	})
}

// TestBaselineOfAProcess does so for a process that runs.
func TestBaselineOfAProcess(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jailtest.Require(t, "unshare")
		seconds := strconv.Itoa(990300 + w.UID%10)
		pid := strconv.Itoa(w.inside(t, []string{"unshare", "-Urn", "sleep", seconds}, seconds))
		before := w.store(t, "before.json", "--pid", pid)
		if e := finish(t, w.in([]string{w.netjail, "audit", "--baseline", before, "--pid", pid})); !e.exited(0) || !strings.HasPrefix(e.out, "nothing changed") && !strings.HasPrefix(e.out, "0 worse, 0 better, ") {
			t.Errorf("the same process: %s", e) // which sockets there are on the machine changes meanwhile
		}
		seconds = strconv.Itoa(990310 + w.UID%10)
		other := strconv.Itoa(w.inside(t, []string{"sleep", seconds}, seconds))
		if e := finish(t, w.in([]string{w.netjail, "audit", "--baseline", before, "--pid", other})); !e.exited(1) || !strings.Contains(e.out, "ns.network") {
			t.Errorf("without a jail: %s", e)
		}
		if e := finish(t, w.in([]string{w.netjail, "audit", "--baseline", before, "minimal"})); !e.exited(3) || !strings.Contains(e.err, "another kind") {
			t.Errorf("a start against a process: %s", e)
		}
	})
}

// TestBaselineErrors: what is no report of netjail's is an error with its place.
func TestBaselineErrors(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		audit := func(args ...string) ending { return finish(t, w.in(append([]string{w.netjail, "audit"}, args...))) }
		fifo := filepath.Join(w.dir, "fifo")
		if err := unix.Mkfifo(fifo, 0o666); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]string{
			filepath.Join(w.dir, "none"): "no such file",
			w.dir:                        "not a regular file",
			fifo:                         "not a regular file",
			jailtest.File(t, w.dir, "cut.json", `{"version":1,`, false): "line 1, column 14",
			jailtest.File(t, w.dir, "other.json", `{"a":1}`, false):     "no report of netjail's",
		} {
			if e := audit("--baseline", path, "minimal"); !e.exited(3) || !strings.Contains(e.err, want) || !strings.Contains(e.err, "help: ") || e.out != "" {
				t.Errorf("%s: %s, want %q", path, e, want)
			}
		}
		if e := audit("--baseline", os.DevNull, "--format", "sarif", "minimal"); !e.exited(2) {
			t.Errorf("sarif: %s", e)
		}
	})
}
