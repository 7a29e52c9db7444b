package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
)

func TestNeedsNoReader(t *testing.T) {
	for args, want := range map[string]bool{
		"netjail run minimal true":              true,
		"netjail run offline -- sh -c true":     true,
		"netjail run minimal":                   false, // a usage error
		"netjail":                               false,
		"netjail run ./minimal.yaml true":       false,
		"netjail run minimal.yaml true":         false,
		"netjail run nowhere true":              false,
		"netjail run --report f minimal true":   false,
		"netjail run --stage minimal true":      false,
		"netjail run -- minimal true":           false,
		"netjail audit minimal -- true":         false,
		"netjail show minimal run minimal":      false,
		plan.ReaperArgv0 + " run minimal true":  false,
		runner.StageArgv0 + " run minimal true": false,
	} {
		if got := NeedsNoReader(strings.Fields(args)); got != want {
			t.Errorf("%q: got %v", args, got)
		}
	}
}

// Where somebody else holds the name, or could, the head start leaves the run to
// main, which tells of both.
func TestHeadStartLooks(t *testing.T) {
	dir := t.TempDir()
	for _, sub := range []string{"/.git", "/.netjail", "/sub", "/config/netjail"} {
		if err := os.MkdirAll(dir+sub, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir + "/sub")
	t.Setenv("XDG_CONFIG_HOME", dir+"/config")
	run := []string{"netjail", "run", "offline", "true"}
	if !NeedsNoReader(run) {
		t.Fatal("nobody else has the name")
	}
	for _, file := range []string{"/.netjail/offline.yaml", "/sub/.netjail/offline.yaml", "/config/netjail/offline.yaml"} {
		if err := os.MkdirAll(filepath.Dir(dir+file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("nothing", dir+file); err != nil {
			t.Fatal(err)
		}
		if NeedsNoReader(run) {
			t.Errorf("%s is not seen", file)
		}
		if err := os.Remove(dir + file); err != nil {
			t.Fatal(err)
		}
	}
	if !NeedsNoReader(run) {
		t.Error("nobody has the name any more")
	}
}
