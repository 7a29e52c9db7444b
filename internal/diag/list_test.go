package diag_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/go-multierror"

	"github.com/netjail/netjail/internal/diag"
)

func problem(file string, line, column int, code diag.Code, message string) diag.Diagnostic {
	return diag.Diagnostic{File: file, Span: diag.At(line, column), Code: code, Message: message}
}

func TestSortAndDedupe(t *testing.T) {
	list := diag.List{
		problem("b", 1, 1, "x", "m"), problem("a", 2, 1, "x", "m"), problem("a", 1, 9, "x", "m"), problem("a", 1, 9, "x", "l"),
		problem("a", 1, 9, "w", "m"), problem("a", 1, 10, "x", "m"), problem("a", 2, 1, "x", "m"),
	}
	list.Sort()
	var got []string
	for _, d := range list {
		got = append(got, d.Error())
	}
	want := `a:1:9: error: m [w]
a:1:9: error: l [x]
a:1:9: error: m [x]
a:1:10: error: m [x]
a:2:1: error: m [x]
b:1:1: error: m [x]`
	if s := strings.Join(got, "\n"); s != want {
		t.Error(s)
	}
}

func TestErr(t *testing.T) {
	var none diag.List
	if err := none.Err(); err != nil {
		t.Error("an empty list is an error:", err)
	}
	warnings := diag.List{{Severity: diag.Warning, Code: "w", Message: "careful"}}
	if err := warnings.Err(); err != nil || warnings.Errors() != 0 {
		t.Error("a warning is an error:", err)
	}
	one := append(warnings, problem("a", 1, 2, "x", "m"))
	if err := one.Err(); err == nil || err.Error() != "a:1:2: error: m [x]" {
		t.Error(err)
	}
	two := append(one, problem("a", 3, 4, "y", "n"))
	err := two.Err()
	if err == nil || err.Error() != "2 problems:\n  a:1:2: error: m [x]\n  a:3:4: error: n [y]" {
		t.Errorf("%q", err)
	}
	var all *multierror.Error
	if !errors.As(err, &all) || len(all.Errors) != 2 {
		t.Errorf("%T", err)
	}
	var d diag.Diagnostic
	if !errors.As(err, &d) || d.Code != "x" {
		t.Error("the diagnostic is lost:", d)
	}
}

func TestErrorIsOneSafeLine(t *testing.T) {
	d := diag.Diagnostic{File: "a\nb\x1b[2J", Code: "x", Message: "line\nbreak \u202e"}
	if got := d.Error(); got != "a␊b␛[2J: error: line␊break \ufffd [x]" {
		t.Errorf("%q", got)
	}
}

func TestCodes(t *testing.T) {
	seen := map[diag.Code]bool{}
	for _, c := range diag.Codes() {
		if seen[c.Code] || c.Title == "" || !strings.HasSuffix(c.Explanation, ".") {
			t.Errorf("bad row: %+v", c)
		}
		seen[c.Code] = true
		if strings.Trim(string(c.Code), "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("%q is not a code", c.Code)
		}
		if got, ok := diag.Lookup(c.Code); !ok || got != c {
			t.Errorf("lookup of %s: %+v", c.Code, got)
		}
	}
	if _, ok := diag.Lookup("no-such-code"); ok {
		t.Error("found a code that does not exist")
	}
}

func TestNearest(t *testing.T) {
	words := []string{"network", "new", "host", "user", "uts", "process", "wide"}
	for word, want := range map[string]string{
		"netwrok": "network", "nwe": "new", "hots": "host", "HOST": "host", "usr": "user", "proces": "process", "prozesse": "process",
		"x": "", "": "", "quite-other": "", "nt": "", "network-and-more": "", strings.Repeat("network", 100): "",
	} {
		got, ok := diag.Nearest(word, words)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	if _, ok := diag.Nearest("a", nil); ok {
		t.Error("found something in nothing")
	}
}
