package trial

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/netjail/netjail/internal/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample holds each outcome, and texts that mean something to a format.
func sample() Results {
	at := policy.Origin{File: "ci.yaml", Line: 7}
	return Results{
		{
			Profile: "ci", Test: &policy.Test{Name: "the host's servers are not", At: at, Connect: "host"}, Outcome: Pass, Milliseconds: 12,
			Inside: "127.0.0.1:4711: ECONNREFUSED", Outside: "connected to 127.0.0.1:4711",
		},
		{
			Profile: "ci", Test: &policy.Test{Name: "a # and a \\ and \u202eso", At: at, Run: []string{"sh", "-c", "echo '<&>'"}, Expect: policy.Expectation{Verdict: policy.VerdictOutcome, Exit: 3}},
			Outcome: Fail, Inside: "exit status 0: \x1b[31m<&>", Why: "expected exit status 3", Milliseconds: 1234,
		},
		{
			Profile: "other", Test: &policy.Test{Name: "keys", At: at, Open: "~/.ssh", SkipAbsent: true}, Outcome: Skipped,
			Inside: "ENOENT: there is no such file", Outside: "ENOENT: there is no such file", Why: "what it is about is not on this host",
		},
		{
			Profile: "other", Test: &policy.Test{Name: "hooks", At: at, Open: ".git/hooks", Write: true}, Outcome: Error,
			Inside: "EROFS", Outside: "EACCES", Why: "it does not work outside either, so nothing can be shown",
		},
		{Profile: "other", Test: &policy.Test{Name: "names", At: at, Resolve: "example.com", Expect: policy.Expectation{Verdict: policy.VerdictAllowed}}, Outcome: Pass, Inside: "found 192.0.2.1"},
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	file = "testdata/" + file
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestWriters(t *testing.T) {
	l := sample()
	golden(t, "results.txt", l.AppendText(nil, TextOptions{}))
	golden(t, "results.verbose.txt", l.AppendText(nil, TextOptions{Verbose: true}))
	golden(t, "results.tap", l.AppendTAP(nil))
	golden(t, "results.junit.xml", l.AppendJUnit(nil))
	golden(t, "results.json", l.AppendJSON(nil))
	if got := l.Summary(); got != "5 tests of 2 profiles: 2 passed, 1 failed, 1 could not be made, 1 skipped" {
		t.Error(got)
	}
	if text := string(l.AppendText(nil, TextOptions{Color: true})); !strings.Contains(text, "\x1b[1;31mfail \x1b[0m") || strings.Contains(text, "\x1b[31m<") {
		t.Errorf("%q", text)
	}
}

// TestJSONAndXMLAreRead by readers that others wrote.
func TestJSONAndXMLAreRead(t *testing.T) {
	l := sample()
	var j struct {
		Version int
		Tests   []map[string]any
	}
	if err := json.Unmarshal(l.AppendJSON(nil), &j); err != nil || j.Version != 1 || len(j.Tests) != len(l) || j.Tests[1]["name"] != l[1].Test.Name {
		t.Errorf("%v %+v", err, j)
	}
	var x struct {
		Tests, Failures, Errors, Skipped int `xml:",attr"`
		Suites                           []struct {
			Cases []struct {
				Name                    string    `xml:"name,attr"`
				Failure, Error, Skipped *struct{} `xml:""`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	text := strings.NewReplacer("tests=", "Tests=", "failures=", "Failures=", "errors=", "Errors=", "skipped=", "Skipped=", "<failure", "<Failure", "</failure", "</Failure", "<error", "<Error", "</error", "</Error", "<skipped", "<Skipped").Replace(string(l.AppendJUnit(nil)))
	if err := xml.Unmarshal([]byte(text), &x); err != nil || x.Tests != 5 || x.Failures != 1 || x.Errors != 1 || x.Skipped != 1 || len(x.Suites) != 2 {
		t.Fatalf("%v %+v", err, x)
	}
	if c := x.Suites[0].Cases; len(c) != 2 || c[0].Failure != nil || c[1].Failure == nil {
		t.Errorf("%+v", x)
	}
	if c := x.Suites[1].Cases; len(c) != 3 || c[0].Skipped == nil || c[1].Error == nil || c[2].Error != nil {
		t.Errorf("%+v", x)
	}
}

// TestSchema: the results keep to it, and the published one is this one.
func TestSchema(t *testing.T) {
	golden(t, "../../../docs/schema/netjail-test-v1.schema.json", []byte(Schema))
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		string(sample().AppendJSON(nil)):                                                   true,
		string(Results{}.AppendJSON(nil)):                                                  true,
		strings.Replace(string(sample().AppendJSON(nil)), `"pass"`, `"passed"`, 1):         false,
		strings.Replace(string(sample().AppendJSON(nil)), `"version":1`, `"version":2`, 1): false,
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); (err == nil) != want {
			t.Errorf("%v: %s", err, text)
		}
	}
}

// TestSameNames: two profiles of one name stay apart.
func TestSameNames(t *testing.T) {
	l := sample()
	l = Results{l[0], l[2], l[1]}
	l[2].Profile = "ci"
	if text := string(l.AppendText(nil, TextOptions{})); strings.Count(text, "\nci\n") != 1 || strings.Count(text, l[1].Test.Name) != 1 || strings.Count(text, "servers are not") != 1 {
		t.Errorf("%s", text)
	}
	if got := l.Summary(); !strings.HasPrefix(got, "3 tests of 3 profiles") {
		t.Error(got)
	}
	if text := string(l.AppendJUnit(nil)); strings.Count(text, "<testcase") != 3 || strings.Count(text, "<testsuite ") != 3 {
		t.Errorf("%s", text)
	}
}

// tapLine is a line of TAP 14 as this writer may use it.
var tapLine = regexp.MustCompile(`^(TAP version 14|1\.\.[0-9]+|(not )?ok [0-9]+ - (\\[\\#]|[^\\#\n])*( # SKIP [^\n#]+)?|  (---|\.\.\.)|  [a-z]+: .+)$`)

func TestTAPIsTAP(t *testing.T) {
	for line := range strings.Lines(string(sample().AppendTAP(nil))) {
		if !tapLine.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("%q", line)
		}
	}
}
