package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/internal/runner"
)

// unseen is a jail at its gate about which nothing could be read.
func unseen(t *testing.T, profile string) *jail {
	t.Helper()
	p, err := (&app{}).loadProfile(profile)
	if err != nil {
		t.Fatal(err)
	}
	return &jail{profile: p, argv: []string{"true"}, version: func() string { return "(devel)" }, host: &plan.Host{}, plan: &plan.Plan{Policy: p.Policy}}
}

func TestJudgeRefusesWhatItCannotTell(t *testing.T) {
	j := unseen(t, "offline")
	err := j.judge(&evidence.Evidence{})
	var refused *auditError
	if !errors.As(err, &refused) || len(refused.findings) == 0 {
		t.Fatalf("judge gave %v", err)
	}
	if !strings.Contains(refused.Error(), "ns.user") {
		t.Errorf("the error does not name the checks: %v", refused)
	}

	j = unseen(t, "audit-only")
	if err := j.judge(&evidence.Evidence{}); err != nil {
		t.Errorf("mode report refused: %v", err)
	}
	j = unseen(t, "offline")
	j.dry = true
	if err := j.judge(&evidence.Evidence{}); err != nil {
		t.Errorf("an audit without a run refused: %v", err)
	}
}

func TestRefusalIsExplained(t *testing.T) {
	j := unseen(t, "offline")
	err := &runner.RefusedError{Err: j.judge(&evidence.Evidence{})}
	var words bytes.Buffer
	a := app{stderr: &words, color: colorNever}
	a.explain(err)
	first, rest, _ := strings.Cut(words.String(), "\n")
	if first != "netjail: error: the audit refused: ns.user could not be told" {
		t.Errorf("first line is %q", first)
	}
	for _, want := range []string{"  = cause: expected new; ", "\n  = help: "} {
		if !strings.Contains(rest, want) {
			t.Errorf("the explanation lacks %q:\n%s", want, rest)
		}
	}
	if faults := findingFaults(nil); len(faults) != 1 || faults[0].help == "" {
		t.Errorf("an incomplete audit is explained by %v", faults)
	}
}

// The gate of a reported run writes the report before the refusal, and refuses
// where it cannot.
func TestReportOfARefusal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.json")
	out, err := openReport(path, "json")
	if err != nil {
		t.Fatal(err)
	}
	j := unseen(t, "offline")
	j.gate = func() error { return out.write(j.report(report.Refused)) }
	var refused *auditError
	if err := j.judge(&evidence.Evidence{}); !errors.As(err, &refused) {
		t.Errorf("judge gave %v", err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(text, []byte(`"refused"`)) {
		t.Errorf("the report says %s (%v)", text, err)
	}

	j.gate = func() error { return errors.New("no room") }
	if err := j.judge(&evidence.Evidence{}); err == nil || errors.As(err, &refused) {
		t.Errorf("with a report that cannot be written judge gave %v", err)
	}
}
