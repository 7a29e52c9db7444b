package diag_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/diag"
)

// foreign is a list whose texts hold what each form has to escape.
func foreign() diag.List {
	return diag.List{
		{
			Code: diag.UnknownKey, File: "a b:c,d.yaml", Span: diag.Span{Start: diag.Position{Line: 2, Column: 3}, End: diag.Position{Line: 2, Column: 6}},
			Message: "found \"<x>\"\n100% \x1b[31m", Help: "write `y`",
			Edit: &diag.Edit{Span: diag.At(2, 3), Text: "y\n"},
		},
		{Code: diag.FileNotFound, Severity: diag.Warning, File: "b.yaml", Message: "no such file"},
	}
}

func TestSARIF(t *testing.T) {
	var log struct {
		Runs []struct {
			ColumnKind string
			Results    []struct {
				RuleID, Level string
				Message       struct{ Text string }
				Locations     []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn, EndColumn int }
					}
				}
				Fixes []struct{}
			}
		}
	}
	if err := json.Unmarshal(diag.AppendSARIF(nil, foreign(), "1"), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != 2 || run.ColumnKind != "unicodeCodePoints" {
		t.Fatalf("%+v", run)
	}
	first, second := run.Results[0], run.Results[1]
	at := first.Locations[0].PhysicalLocation
	if first.RuleID != "unknown-key" || first.Level != "error" || len(first.Fixes) != 1 || at.ArtifactLocation.URI != "a%20b%3Ac%2Cd.yaml" || at.Region.EndColumn != 6 {
		t.Errorf("%+v at %+v", first, at)
	}
	if second.Level != "warning" || second.Locations[0].PhysicalLocation.Region != nil || len(second.Fixes) != 0 {
		t.Errorf("%+v", second)
	}
}

func TestGitHub(t *testing.T) {
	got := string(diag.AppendGitHub(nil, foreign()))
	want := "::error file=a b%3Ac%2Cd.yaml,line=2,col=3,endLine=2,endColumn=5,title=unknown-key::found \"<x>\"␊100%25 ␛[31m; write `y`\n" +
		"::warning file=b.yaml,title=file-not-found::no such file\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestJUnit(t *testing.T) {
	text := diag.AppendJUnit(nil, foreign(), []string{"a b:c,d.yaml", "b.yaml", "c.yaml"})
	var read struct {
		Suite struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Cases    []struct {
				Name    string  `xml:"name,attr"`
				Failure *string `xml:"failure"`
				Out     *string `xml:"system-out"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &read); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	s := read.Suite
	if s.Tests != 3 || s.Failures != 1 || len(s.Cases) != 3 || s.Cases[0].Failure == nil || s.Cases[1].Failure != nil || s.Cases[1].Out == nil || s.Cases[2].Out != nil {
		t.Errorf("%+v\n%s", s, text)
	}
}

func TestFix(t *testing.T) {
	edit := func(line, from, to int, text string) diag.Diagnostic {
		return diag.Diagnostic{Edit: &diag.Edit{Span: diag.Span{Start: diag.Position{Line: line, Column: from}, End: diag.Position{Line: line, Column: to}}, Text: text}}
	}
	for name, test := range map[string]struct {
		text string
		list diag.List
		want string
		made int
	}{
		"nothing":         {"a: b\n", diag.List{{}}, "a: b\n", 0},
		"two, unsorted":   {"日本: x\nb: yes\n", diag.List{edit(2, 4, 7, "true"), edit(1, 1, 3, "name")}, "name: x\nb: true\n", 2},
		"overlapping":     {"abcdef", diag.List{edit(1, 1, 4, "X"), edit(1, 3, 5, "Y")}, "Xdef", 1},
		"byte order":      {"\ufeffab: c\r\nd", diag.List{edit(1, 1, 3, "x"), edit(2, 1, 2, "y")}, "\ufeffx: c\r\ny", 2},
		"past the line":   {"ab\nc", diag.List{edit(1, 2, 9, "x")}, "ab\nc", 0},
		"past the end":    {"ab", diag.List{edit(3, 1, 2, "x")}, "ab", 0},
		"an insertion":    {"ab", diag.List{edit(1, 2, 2, "-")}, "a-b", 1},
		"the wrong way":   {"abc", diag.List{edit(1, 3, 2, "-")}, "abc", 0},
		"no place at all": {"abc", diag.List{edit(0, 0, 0, "-")}, "abc", 0},
	} {
		got, made := test.list.Fix([]byte(test.text))
		if string(got) != test.want || made != test.made {
			t.Errorf("%s: got %q, %d", name, got, made)
		}
	}
}

// FuzzForms puts any text into a problem: every form stays well formed, and a
// workflow command stays one line.
func FuzzForms(f *testing.F) {
	for _, s := range []string{"", "plain", "::error::", "\r\n%0A", "]]>&<\"", "\x00\xff\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := diag.List{{Code: diag.UnknownKey, File: s, Message: s, Help: s, Edit: &diag.Edit{Span: diag.At(1, 1), Text: s}}}
		if !json.Valid(diag.AppendSARIF(nil, l, s)) {
			t.Error("not JSON")
		}
		if text := string(diag.AppendGitHub(nil, l)); strings.Count(text, "\n") != 1 || strings.Contains(text, "\r") {
			t.Errorf("not one line: %q", text)
		}
		var any struct{}
		if err := xml.Unmarshal(diag.AppendJUnit(nil, l, []string{s}), &any); err != nil {
			t.Error(err)
		}
		l.Fix([]byte(s))
	})
}
