package e2e

import (
	"path/filepath"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// A tree of the jail's own beside the host's pid namespace: /proc is the caller's
// there, and nothing that the tree was made of stays open.
func TestHostPIDInOwnTree(t *testing.T) {
	jailtest.Require(t, "git")
	each(t, func(t *testing.T, w *world) {
		dir := w.Dir(t)
		init := w.in([]string{"git", "init", "-q", dir})
		must(t, init)
		p := jailtest.File(t, w.dir, "shared.yaml", "apiVersion: netjail/v1\nnamespaces: {pid: host}\nfilesystem: {root: system, writable: [project], protected: standard}\n", false)
		file := filepath.Join(w.dir, "report.json")
		run := w.jail("--report", file, p, "true")
		run.Dir = dir
		must(t, run)
		r := readReport(t, file)
		if got := r.failed(); got != nil {
			t.Errorf("failed: %q", got)
		}
		for _, f := range r.Findings {
			if f.Check == "fd.open" && f.Verdict != "pass" || f.Check == "fs.proc" && f.Verdict != "pass" || f.Check == "ns.pid" && f.Verdict != "declared" {
				t.Errorf("%+v", f)
			}
		}
	})
}
