package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/netjail/netjail/internal/audit"
)

func textOf(t *testing.T, r *Report, o TextOptions) []byte {
	return written(t, func(b *bytes.Buffer) error { return WriteText(b, r, o) })
}

func TestText(t *testing.T) {
	golden(t, testdata("refused.txt"), textOf(t, refused(), TextOptions{}))
	golden(t, testdata("refused-verbose.txt"), textOf(t, refused(), TextOptions{Verbose: true}))
	golden(t, testdata("refused-color.txt"), textOf(t, refused(), TextOptions{Color: true}))
	golden(t, testdata("started.txt"), textOf(t, started(), TextOptions{}))
}

// TestTextFits holds the text to its width, with every rule and every channel in
// it, and to showing each of them once in a group.
func TestTextFits(t *testing.T) {
	r := started()
	r.Findings = nil
	for _, rule := range audit.Rules() {
		r.Findings = append(r.Findings, audit.Finding{Check: rule.ID, Verdict: audit.Fail, Found: "x", Note: "y"})
	}
	for _, c := range audit.Channels() {
		r.Findings = append(r.Findings, audit.Finding{Check: c.ID, Scope: audit.NotExamined})
	}
	text := string(textOf(t, r, TextOptions{Verbose: true}))
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > textWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, f := range r.Findings {
		if !strings.Contains(text, "\n  "+f.Check+" ") && !strings.Contains(text, "\n  "+f.Check+"\n") {
			t.Errorf("%s is not in the text", f.Check)
		}
	}
}

// TestColumns: no check's name runs into what stands behind it.
func TestColumns(t *testing.T) {
	r := started()
	r.Findings = nil
	for _, rule := range audit.Rules() {
		r.Findings = append(r.Findings, audit.Finding{Check: rule.ID, Verdict: audit.Pass, Side: audit.SideBoth, Found: "x"})
	}
	text := string(textOf(t, r, TextOptions{}))
	if n := strings.Count(text, " both "); n != len(r.Findings) {
		t.Errorf("%d of %d checks say from where they saw:\n%s", n, len(r.Findings), text)
	}
}

// TestNothingForeignReachesTheTerminal wants no control character but the line
// break, whatever a file or an argument is called.
func TestNothingForeignReachesTheTerminal(t *testing.T) {
	foreign := "a\x1b[2Jb\rc\x00d\u202ee\xfff\nfail (0)"
	r := header()
	r.Command, r.Profile.Name, r.Launcher = []string{foreign}, foreign, foreign
	r.Findings = []audit.Finding{
		{Check: "fd.kinds", Verdict: audit.Fail, Found: foreign, Expected: foreign, Source: foreign, Note: foreign},
		{Check: "fd.open", Verdict: audit.Pass, Found: foreign, Source: foreign},
	}
	text := string(textOf(t, r, TextOptions{Verbose: true}))
	for _, bad := range []string{"\x1b", "\r", "\x00", "\u202e", "\xff", "\nfail (0)"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q in the text", bad)
		}
	}
	if !strings.Contains(text, `a\x1b[2Jb\rc\x00d\u202ee\ufffdf\nfail (0)`) {
		t.Errorf("the name is not readable:\n%s", text)
	}
}

func TestFirstLine(t *testing.T) {
	finding := func(v audit.Verdict) audit.Finding { return audit.Finding{Check: "fd.open", Verdict: v} }
	for _, c := range []struct {
		outcome  Outcome
		findings []audit.Finding
		want     string
	}{
		{Started, []audit.Finding{finding(audit.Pass)}, "started: 1 check: 1 pass"},
		{Refused, []audit.Finding{finding(audit.Fail), finding(audit.Unknown)}, "refused: 2 checks: 1 fail, 1 unknown, 0 pass"},
		{Audited, []audit.Finding{finding(9)}, "audited: 1 check: 1 fail, 0 pass"},
		{Failed, nil, "failed: 0 checks: 0 pass"},
	} {
		r := header()
		r.Outcome, r.Findings = c.outcome, c.findings
		line, _, _ := strings.Cut(string(textOf(t, r, TextOptions{})), "\n")
		if line != c.want {
			t.Errorf("%q, want %q", line, c.want)
		}
	}
}

func TestStatement(t *testing.T) {
	for _, c := range []struct {
		finding audit.Finding
		want    string
	}{
		{audit.Finding{Expected: "a", Found: "a"}, "a"},
		{audit.Finding{Expected: "a", Found: "b"}, "expected a, found b"},
		{audit.Finding{Expected: "a"}, "a"},
		{audit.Finding{Found: "b", Note: "n"}, "b; n"},
		{audit.Finding{Note: "n"}, "n"},
	} {
		if got := statement(&c.finding); got != c.want {
			t.Errorf("%+v: %q", c.finding, got)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
	}{
		{"", ""},
		{"one two three", "one two|three"},
		{"exactly te n", "exactly te|n"},
		{"a,b,c,d,e,f,g", "a,b,c,d,e,|f,g"},
		{"unbreakable-word x", "unbreakable-word|x"},
		{"äöü äöü äöü", "äöü äöü|äöü"},
	} {
		if got := strings.Join(wrap(c.text, 10), "|"); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

type noSpace struct{}

func (noSpace) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteErrors(t *testing.T) {
	if WriteText(noSpace{}, started(), TextOptions{}) == nil || WriteJSON(noSpace{}, started()) == nil {
		t.Error("a write error is lost")
	}
}
