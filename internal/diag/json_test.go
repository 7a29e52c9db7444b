package diag_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/diag"
)

type jsonPlace struct {
	Line, Column, EndLine, EndColumn int
}

type jsonList struct {
	Version     int
	Diagnostics []struct {
		jsonPlace
		Code, Severity, File, Path, Message, Help string
		Notes                                     []struct {
			jsonPlace
			Message, File string
		}
		Edit *struct {
			jsonPlace
			Text string
		}
	}
}

func TestJSON(t *testing.T) {
	list := diag.List{
		{
			Code: "c", File: "f\"\\\n", Span: span(1, 2, 3), Path: "a.b", Message: "m \u2028 <é>", Help: "h",
			Notes: []diag.Note{{Message: "n"}, {Message: "o", File: "g", Span: span(4, 5, 6)}},
			Edit:  &diag.Edit{Span: span(7, 8, 9), Text: ""},
		},
		{Code: "d", Severity: diag.Warning, Message: "no place"},
	}
	raw := diag.AppendJSON(nil, list)
	var got jsonList
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil {
		t.Fatal(err, string(raw))
	}
	first := got.Diagnostics[0]
	if got.Version != 1 || len(got.Diagnostics) != 2 || first.File != list[0].File || first.Message != list[0].Message ||
		first.jsonPlace != (jsonPlace{1, 2, 1, 3}) || first.Path != "a.b" || first.Help != "h" || first.Severity != "error" {
		t.Errorf("%+v", got)
	}
	if len(first.Notes) != 2 || first.Notes[1].jsonPlace != (jsonPlace{4, 5, 4, 6}) || first.Edit == nil || first.Edit.jsonPlace != (jsonPlace{7, 8, 7, 9}) {
		t.Errorf("%+v", first)
	}
	if d := got.Diagnostics[1]; d.Severity != "warning" || d.Edit != nil || d.Notes != nil || d.jsonPlace != (jsonPlace{}) {
		t.Errorf("%+v", d)
	}
	if empty := string(diag.AppendJSON(nil, nil)); empty != "{\"version\":1,\"diagnostics\":[]}\n" {
		t.Error(empty)
	}
}

func TestQuoteIsSafe(t *testing.T) {
	for s, want := range map[string]string{
		"": `""`, `a"b\`: `"a\"b\\"`, "\n\t\r\x00\x1f": `"\n\t\u000d\u0000\u001f"`, "é日🙂": `"é日🙂"`,
		"\u2028\u202e\u0085\x7f\ufeff": `"\u2028\u202e\u0085\u007f\ufeff"`, "\U000e0001": `"\udb40\udc01"`, "\xff": "\"\ufffd\"",
	} {
		if got := diag.Quote(s); got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
	if got := string(diag.AppendQuoteYAML(nil, "a\U000e0001\u202e")); got != `"a\U000e0001\u202e"` {
		t.Error(got)
	}
}

// FuzzQuote: what is quoted is JSON and means the same.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a", "\"\\", "\x00", "\u2028", "\U000e0001", "\xff", "\U0010ffff", "\ufffe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := json.Unmarshal([]byte(diag.Quote(s)), &got); err != nil {
			t.Fatalf("%q: %v", diag.Quote(s), err)
		}
		if diff := cmp.Diff(strings.ToValidUTF8(s, "\ufffd"), got); diff != "" && !strings.Contains(s, "\xff") {
			// Runs of broken bytes become one sign there and several here.
			if strings.ToValidUTF8(s, "") == s {
				t.Error(diff)
			}
		}
	})
}
