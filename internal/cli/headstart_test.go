package cli

import (
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
