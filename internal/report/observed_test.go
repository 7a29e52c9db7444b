package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
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
