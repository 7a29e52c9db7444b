package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/audit"
)

func formOf(t *testing.T, r *Report, format string) []byte {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return Write(b, r, format, TextOptions{}) })
}

func TestForms(t *testing.T) {
	for format, suffix := range map[string]string{"sarif": ".sarif", "junit": ".junit.xml", "markdown": ".md"} {
		golden(t, testdata("refused"+suffix), formOf(t, refused(), format))
	}
}

// sarifLog is the part of SARIF that is written.
type sarifLog struct {
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name, Version string
				Rules         []struct {
					ID               string
					ShortDescription struct{ Text string }
				}
			}
		}
		Invocations []struct{ ExecutionSuccessful bool }
		Results     []struct {
			RuleID, Kind, Level string
			RuleIndex           int
			Message             struct{ Text string }
			Locations           []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           *struct{ StartLine int }
				}
				LogicalLocations []struct{ Name, FullyQualifiedName, Kind string }
			}
		}
	}
}

// TestSARIF holds the log to what the standard asks of it: an index that leads
// to the rule, a level only where the kind is fail, text in every message.
func TestSARIF(t *testing.T) {
	r := refused()
	var log sarifLog
	decoder := json.NewDecoder(bytes.NewReader(formOf(t, r, "sarif")))
	if err := decoder.Decode(&log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || len(run.Results) != len(r.Findings) || !run.Invocations[0].ExecutionSuccessful {
		t.Fatalf("version %s, %d results of %d findings", log.Version, len(run.Results), len(r.Findings))
	}
	errs := 0
	for i, result := range run.Results {
		rule := run.Tool.Driver.Rules[result.RuleIndex]
		if rule.ID != result.RuleID || rule.ID != r.Findings[i].Check || result.Message.Text == "" || rule.ShortDescription.Text == "" {
			t.Errorf("result %d is %+v, its rule %+v", i, result, rule)
		}
		if (result.Level == "error") != (result.Kind == "fail") || result.Level != "error" && result.Level != "none" {
			t.Errorf("%s: kind %s with level %s", result.RuleID, result.Kind, result.Level)
		}
		if result.Kind == "fail" {
			errs++
		}
	}
	if refusing := len(audit.Refusing(r.Findings)); errs != refusing {
		t.Errorf("%d errors, and %d findings stand against the start", errs, refusing)
	}
	at := func(check string) string {
		for _, result := range run.Results {
			if result.RuleID == check && len(result.Locations) == 1 {
				l := result.Locations[0].PhysicalLocation
				if l.Region == nil {
					return l.ArtifactLocation.URI
				}
				return l.ArtifactLocation.URI + ":" + string(rune('0'+l.Region.StartLine))
			}
		}
		return "nowhere"
	}
	if got := at("caps.bounding"); got != "profiles/offline-net.yaml:9" {
		t.Errorf("caps.bounding is at %s", got)
	}
	if got := at("ns.user"); got != "profiles/offline-net.yaml" {
		t.Errorf("a default is at %s", got)
	}
}

// junitSuite is the part of JUnit that is read back.
type junitSuite struct {
	Suite struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Cases    []struct {
			Name    string    `xml:"name,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

// TestJUnit counts the cases of each kind: what is not a pass must not look like
// one.
func TestJUnit(t *testing.T) {
	r := refused()
	var read junitSuite
	if err := xml.Unmarshal(formOf(t, r, "junit"), &read); err != nil {
		t.Fatal(err)
	}
	failures, errs, skipped := 0, 0, 0
	for _, c := range read.Suite.Cases {
		switch {
		case c.Failure != nil:
			failures++
		case c.Error != nil:
			errs++
		case c.Skipped != nil:
			skipped++
		}
	}
	c, s := r.Counts(), read.Suite
	if s.Tests != len(r.Findings) || len(s.Cases) != s.Tests || s.Failures != failures || s.Errors != errs || s.Skipped != skipped {
		t.Errorf("the suite says %d, %d, %d, %d; it has %d, %d, %d, %d", s.Tests, s.Failures, s.Errors, s.Skipped, len(s.Cases), failures, errs, skipped)
	}
	if failures != c.Fail || errs != c.Unknown || s.Tests-failures-errs-skipped != c.Pass+c.Declared {
		t.Errorf("%d failures and %d errors of %+v", failures, errs, c)
	}
}

// FuzzForms puts any text into a finding: every form stays well formed, and no
// control character comes through.
func FuzzForms(f *testing.F) {
	for _, s := range []string{"plain", "<b>&\"'", "a|b`c`\n# d", "\x00\x1b[31m\u202e", "\xff\xfe", "]]>", "</details>", "@somebody #1 ![x](y)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := header()
		r.Profile.Name, r.Profile.Source, r.Command = s, s, []string{s}
		r.Findings = []audit.Finding{{Check: "caps.bounding", Verdict: audit.Fail, Found: s, Source: s, Note: s}}
		if log := formOf(t, r, "sarif"); !json.Valid(log) {
			t.Errorf("not JSON: %q", log)
		}
		wellFormed(t, formOf(t, r, "junit"))
		text := string(formOf(t, r, "markdown"))
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }) {
			t.Errorf("a control character: %q", text)
		}
		clean := header()
		clean.Profile.Name, clean.Profile.Source, clean.Command = "x", "x", []string{"x"}
		clean.Findings = []audit.Finding{{Check: "caps.bounding", Verdict: audit.Fail, Found: "x", Source: "x", Note: "x"}}
		if s != "" && strings.Count(text, "\n") != strings.Count(string(formOf(t, clean, "markdown")), "\n") {
			t.Errorf("the text makes lines of its own: %q", text)
		}
	})
}

func wellFormed(t *testing.T, text []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%q", err, text)
		}
	}
}
