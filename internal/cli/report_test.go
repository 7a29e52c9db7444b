package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/netjail/netjail/internal/report"
)

func sampleReport(outcome report.Outcome) *report.Report {
	return &report.Report{Profile: report.Profile{Name: "sample"}, Outcome: outcome}
}

func TestReportFileReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := openReport(path, "json")
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); string(text) != "old" {
		t.Errorf("opening changed the file: %q", text)
	}
	for _, outcome := range []report.Outcome{report.Started, report.Failed} {
		if err := r.write(sampleReport(outcome)); err != nil {
			t.Fatal(err)
		}
	}
	r.abandon()
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("the report has mode %v (%v)", info.Mode(), err)
	}
	onlyFile(t, path)
}

func TestReportFileAbandoned(t *testing.T) {
	dir := t.TempDir()
	r, err := openReport(filepath.Join(dir, "r.json"), "json")
	if err != nil {
		t.Fatal(err)
	}
	r.abandon()
	r.abandon()
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A failed write leaves what was there before, and nothing beside it.
func TestReportFileThatCannotBeReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	r, err := openReport(path, "json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in-the-way"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := r.write(sampleReport(report.Started)); err == nil {
		t.Error("a directory was replaced")
	}
	onlyFile(t, path)
}

func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("the directory holds %v (%v)", entries, err)
	}
}

func TestReportFacts(t *testing.T) {
	j := unseen(t, "offline")
	r := j.report(report.Audited)
	if r.Netjail == "" || r.Kernel == "" || len(r.LSMs) == 0 || r.Time.IsZero() {
		t.Errorf("facts are missing: %+v", r)
	}
	if r.Profile.Source != report.BuiltIn || r.Profile.Name != "offline" || r.Profile.Digest == "" {
		t.Errorf("the profile is %+v", r.Profile)
	}
	if r.User.UID != uint32(os.Getuid()) {
		t.Errorf("the user is %+v", r.User)
	}
}
