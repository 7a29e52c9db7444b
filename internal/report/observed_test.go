package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/audit"
)

// TestObserved writes a report on a running process in every form: what is open
// stands against it, what cannot be known does not, and no form passes on a name's
// control characters.
func TestObserved(t *testing.T) {
	r := observed()
	if c := r.Counts(); c.Checks != 4 || c.Open != 1 || c.Closed != 1 || c.Unknown != 1 || c.NotObservable != 1 {
		t.Errorf("%+v", c)
	}
	for _, format := range Formats() {
		text := written(t, func(b *bytes.Buffer) error { return Write(b, r, format, TextOptions{}) })
		golden(t, testdata("observed."+format), text)
		if bytes.ContainsAny(text, "\x1b\x07") {
			t.Errorf("%s holds a control character", format)
		}
	}
	kinds := map[string][2]string{"ns.network": {"fail", "error"}, "ns.user": {"pass", "none"}, "escape.connect": {"open", "none"}, "fd.socket": {"fail", "error"}}
	for i := range r.Findings {
		want, ok := kinds[r.Findings[i].Check]
		if kind, level := judgement(&r.Findings[i]); ok && (kind != want[0] || level != want[1]) {
			t.Errorf("SARIF of %s: %s, %s", r.Findings[i].Check, kind, level)
		}
	}
	var log sarifLog
	if err := json.Unmarshal(formOf(t, r, "sarif"), &log); err != nil {
		t.Fatal(err)
	}
	for _, result := range log.Runs[0].Results {
		if len(result.Locations) != 1 || len(result.Locations[0].LogicalLocations) != 1 {
			t.Fatalf("%s: %+v", result.RuleID, result.Locations)
		}
		at := result.Locations[0]
		if at.PhysicalLocation.ArtifactLocation.URI != "file:///opt/a%20b" || at.LogicalLocations[0].FullyQualifiedName != "process 4711" {
			t.Errorf("%s: %+v", result.RuleID, at)
		}
	}
	if text := string(formOf(t, r, "text")); strings.Contains(text, "enforce") || strings.Contains(string(jsonOf(t, r)), `"mode":"enforce"`) {
		t.Error("a report without a profile names a mode")
	}
	junit := string(written(t, func(b *bytes.Buffer) error { return WriteJUnit(b, r) }))
	if !strings.Contains(junit, `tests="5" failures="1" errors="1" skipped="2"`) {
		t.Errorf("JUnit counts otherwise: %s", junit)
	}
}

// TestUnclosable: what no profile can close is named in every form, stands against
// nothing, and counts as no pass.
func TestUnclosable(t *testing.T) {
	r := started()
	before := r.Counts()
	r.Findings = append(r.Findings, audit.Finding{
		Check: "host.dmesg", Verdict: audit.Open, Scope: audit.Unclosable, Side: audit.SideOutside, Found: "exception-trace 1", Note: "each crash writes a line",
	})
	f := &r.Findings[len(r.Findings)-1]
	if c := r.Counts(); f.Refuses() || c.Unclosable != 1 || c.Open != 0 || c.Pass != before.Pass || c.Checks != before.Checks+1 {
		t.Errorf("%+v", c)
	}
	if kind, level := judgement(f); kind != "review" || level != "none" {
		t.Errorf("SARIF: %s, %s", kind, level)
	}
	for format, want := range map[string]string{
		"text": "open on this host (1)", "json": `"scope":"unclosable"`, "sarif": `"kind":"review"`,
		"junit": `<skipped message="open on this host: each crash writes a line"`, "markdown": "open on this host (1)",
	} {
		if text := string(written(t, func(b *bytes.Buffer) error { return Write(b, r, format, TextOptions{}) })); !strings.Contains(text, want) {
			t.Errorf("%s: no %q in\n%s", format, want, text)
		}
	}
	junit := string(written(t, func(b *bytes.Buffer) error { return WriteJUnit(b, r) }))
	if !strings.Contains(junit, `failures="0" errors="0"`) {
		t.Errorf("JUnit counts it otherwise: %s", junit)
	}
}
