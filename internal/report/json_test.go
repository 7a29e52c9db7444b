package report

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/policy"
)

func jsonOf(t *testing.T, r *Report) []byte {
	return written(t, func(b *bytes.Buffer) error { return WriteJSON(b, r) })
}

func TestJSON(t *testing.T) { golden(t, testdata("refused.json"), jsonOf(t, refused())) }

// TestSchemaIsPublished keeps the file below docs the one that Schema gives.
func TestSchemaIsPublished(t *testing.T) {
	golden(t, filepath.Join("..", "..", "docs", "schema", "netjail-report-v1.schema.json"), Schema())
}

func compile(t *testing.T) *jsonschema.Schema { return compileSchema(t, SchemaID, Schema()) }

func compileSchema(t *testing.T, id string, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(id, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, doc []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return s.Validate(v)
}

func TestReportsFollowTheSchema(t *testing.T) {
	s := compile(t)
	lax := started()
	lax.Mode, lax.Full, lax.Outcome = policy.AuditReport, true, Audited
	for name, r := range map[string]*Report{"refused": refused(), "started": started(), "lax": lax, "empty": {}, "observed": observed()} {
		if err := validate(t, s, jsonOf(t, r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemaRefuses shows that the schema says something.
func TestSchemaRefuses(t *testing.T) {
	s := compile(t)
	good := string(jsonOf(t, refused()))
	for _, change := range [][2]string{
		{`"version":1`, `"version":2`},
		{`"version":1,`, ``},
		{`"outcome":"refused"`, `"outcome":"fine"`},
		{`"verdict":"fail"`, `"verdict":"FAIL"`},
		{`"verdict":"fail",`, ``},
		{`"basis":"by rule"`, `"basis":"by guess"`},
		{`"uid":1000`, `"uid":-1`},
		{`"uid":1000`, `"uid":"1000"`},
		{`"lsms":[`, `"lsms":[1,`},
		{`"full":false`, `"full":0`},
		{`"time":"2026-`, `"time":"26-`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("nothing to change: %s", change[0])
		}
		if validate(t, s, []byte(bad)) == nil {
			t.Errorf("%s instead of %s is accepted", change[1], change[0])
		}
	}
}

// TestJSONRoundTrip reads the report with the standard library.
func TestJSONRoundTrip(t *testing.T) {
	r := refused()
	var got struct {
		Version  int
		Time     string
		Command  []string
		Profile  struct{ Name, Digest string }
		Counts   map[string]int
		Findings []struct {
			Check, Verdict, Scope, Found, About, Remedy string
			Refuses                                     bool
		}
	}
	if err := json.Unmarshal(jsonOf(t, r), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != 1 || got.Time != "2026-11-23T15:05:06Z" || !slices.Equal(got.Command, r.Command) || got.Profile.Name != "offline-net" {
		t.Errorf("%+v", got)
	}
	if len(got.Findings) != len(r.Findings) {
		t.Fatalf("%d findings, want %d", len(got.Findings), len(r.Findings))
	}
	for i, f := range got.Findings {
		if f.Check != r.Findings[i].Check || f.Refuses != r.Findings[i].Refuses() || f.Found != r.Findings[i].Found || f.About == "" {
			t.Errorf("finding %d: %+v", i, f)
		}
	}
	want := map[string]int{
		"checks": 9, "pass": 2, "fail": 1, "unknown": 1, "declared": 3, "notApplicable": 1, "unclosable": 1, "notAttempted": 1,
		"notExamined": len(unexamined()),
	}
	for name, n := range want {
		if got.Counts[name] != n {
			t.Errorf("%s: %d, want %d", name, got.Counts[name], n)
		}
	}
}

// TestForeignTextInJSON wants valid JSON whatever a file is called.
func TestForeignTextInJSON(t *testing.T) {
	r := header()
	r.Findings = []audit.Finding{{Check: "made.up", Verdict: audit.Pass, Found: "a\"\\\n\x00\xff\u2028\U0001F600"}}
	doc := jsonOf(t, r)
	if !json.Valid(doc) {
		t.Fatalf("not JSON: %s", doc)
	}
	if err := validate(t, compile(t), doc); err != nil {
		t.Error(err)
	}
}

func TestOutcomeNames(t *testing.T) {
	if !slices.Equal(names(Outcomes()), []string{"failed", "refused", "started", "audited"}) || len(Outcomes()) != int(outcomes) {
		t.Error("a name has changed, or the list is not whole")
	}
}

func BenchmarkWriteJSON(b *testing.B) {
	r := refused()
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := WriteJSON(&out, r); err != nil {
			b.Fatal(err)
		}
	}
}
