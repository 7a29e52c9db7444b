package diag_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/netjail/netjail/internal/diag"
)

// render shows the first want of src as a problem, or a span of runes from a
// column on.
func render(src string, s diag.Span) string {
	text := diag.Text{Source: func(string) []byte { return []byte(src) }}
	return string(text.Append(nil, diag.List{{File: "f", Span: s, Code: "c", Message: "m"}}))
}

func span(line, from, to int) diag.Span {
	return diag.Span{Start: diag.Position{Line: line, Column: from}, End: diag.Position{Line: line, Column: to}}
}

func TestAsInTheManual(t *testing.T) {
	src := strings.Repeat("#\n", 6) + "  netwrok:\n"
	text := diag.Text{Source: func(string) []byte { return []byte(src) }}
	got := string(text.Append(nil, diag.List{{
		File: "profiles/dev.yaml", Span: span(7, 3, 10), Code: diag.UnknownKey,
		Message: `unknown key "netwrok"`, Help: `did you mean "network"?`,
	}}))
	want := `profiles/dev.yaml:7:3: error: unknown key "netwrok" [unknown-key]
  |
7 |   netwrok:
  |   ^~~~~~~
  = help: did you mean "network"?
`
	if got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestCaret(t *testing.T) {
	for name, test := range map[string]struct {
		src          string
		span         diag.Span
		shown, caret string
	}{
		"plain":          {"ab cd", span(1, 4, 6), "ab cd", "   ^~"},
		"tab":            {"\ta: b", span(1, 2, 3), "        a: b", "        ^"},
		"tab inside":     {"abc\tx", span(1, 5, 6), "abc     x", "        ^"},
		"on a tab":       {"a\tb", span(1, 2, 3), "a       b", " ^~~~~~~"},
		"wide":           {"日本: x", span(1, 5, 6), "日本: x", "      ^"},
		"wide itself":    {"日本: x", span(1, 1, 3), "日本: x", "^~~~"},
		"wide then tab":  {"日\tx", span(1, 3, 4), "日      x", "        ^"},
		"combining":      {"e\u0301\u0302: x", span(1, 6, 7), "e\u0301\u0302: x", "   ^"},
		"on a combining": {"e\u0301", span(1, 2, 3), "e\u0301", " ^"},
		"emoji":          {"🙂 x", span(1, 3, 4), "🙂 x", "   ^"},
		"joined emoji":   {"👩\u200d👧 x", span(1, 5, 6), "👩\u200d👧 x", "   ^"},
		"emoji variant":  {"❤\ufe0f x", span(1, 4, 5), "❤\ufe0f x", "   ^"},
		"flag":           {"🇩🇪 x", span(1, 4, 5), "🇩🇪 x", "   ^"},
		"hangul jamo":    {"\u1100\u1161 x", span(1, 4, 5), "\u1100\u1161 x", "   ^"},
		"full width":     {"ＡＢx", span(1, 3, 4), "ＡＢx", "    ^"},
		"ambiguous":      {"§→x", span(1, 3, 4), "§→x", "  ^"},
		"crlf":           {"ab\r\ncd\r\n", span(2, 1, 3), "cd", "^~"},
		"bom":            {"\ufeffab", span(1, 1, 2), "ab", "^"},
		"control":        {"a\x1b[0mb", span(1, 2, 3), "a␛[0mb", " ^"},
		"delete":         {"\x7fb", span(1, 2, 3), "␡b", " ^"},
		"bidi":           {"a\u202eb", span(1, 3, 4), "a\ufffdb", "  ^"},
		"broken utf-8":   {"a\xffb", span(1, 3, 4), "a\ufffdb", "  ^"},
		"end of line":    {"ab", span(1, 3, 4), "ab", "  ^"},
		"beyond the end": {"ab", span(1, 99, 100), "ab", "   ^"},
		"several lines":  {"ab cd\nef", diag.Span{Start: diag.Position{Line: 1, Column: 4}, End: diag.Position{Line: 2, Column: 3}}, "ab cd", "   ^~"},
		"no line":        {"ab", span(9, 1, 2), "", "^"},
		"column 0":       {"ab", span(1, 0, 0), "ab", "^"},
	} {
		lines := strings.Split(render(test.src, test.span), "\n")
		if len(lines) != 5 {
			t.Errorf("%s: %q", name, lines)
			continue
		}
		if _, shown, _ := strings.Cut(lines[2], "|"); strings.TrimPrefix(shown, " ") != test.shown {
			t.Errorf("%s: shown %q, want %q", name, shown, test.shown)
		}
		if caret := strings.TrimPrefix(lines[3], "  | "); caret != test.caret {
			t.Errorf("%s: caret %q, want %q", name, caret, test.caret)
		}
	}
}

func TestLongLine(t *testing.T) {
	src := strings.Repeat("abc, ", 1000) + "here" + strings.Repeat(", def", 1000)
	lines := strings.Split(render(src, span(1, 5001, 5005)), "\n")
	at := strings.Index(lines[3], "^")
	if !strings.HasPrefix(string([]rune(lines[2])[at:]), "here") || !strings.HasPrefix(lines[3][at:], "^~~~") || len(lines[3]) != at+4 {
		t.Errorf("the caret is not below the word:\n%s\n%s", lines[2], lines[3])
	}
	if n := utf8.RuneCountInString(lines[2]); n > 130 {
		t.Error("a line of", n)
	}
	if !strings.Contains(lines[2], "| …") || !strings.HasSuffix(lines[2], "…") {
		t.Error("the cuts are not shown:", lines[2])
	}
}

func TestNotesAndColour(t *testing.T) {
	src := "a: b\n" + strings.Repeat("\n", 98) + "c: d\n"
	list := diag.List{{
		File: "f", Span: span(1, 1, 2), Severity: diag.Warning, Code: "c", Message: "m", Help: "two\nlines",
		Notes: []diag.Note{{Message: "no place"}, {Message: "other", File: "f", Span: span(100, 4, 5)}},
	}}
	text := diag.Text{Source: func(string) []byte { return []byte(src) }}
	want := `f:1:1: warning: m [c]
    |
1   | a: b
    | ^
    = note: no place
    = note: f:100:4: other
    |
100 | c: d
    |    ^
    = help: two
            lines
`
	if got := string(text.Append(nil, list)); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	text.Color = true
	coloured := string(text.Append(nil, list))
	if !strings.Contains(coloured, "\x1b[1;33mwarning:\x1b[0m") {
		t.Errorf("%q", coloured)
	}
	for strings.Contains(coloured, "\x1b[") {
		before, rest, _ := strings.Cut(coloured, "\x1b[")
		_, after, _ := strings.Cut(rest, "m")
		coloured = before + after
	}
	if coloured != want {
		t.Errorf("colour changes the text:\n%s", coloured)
	}
}

func TestWithoutSource(t *testing.T) {
	list := diag.List{{File: "f", Span: span(1, 1, 2), Code: "c", Message: "m"}, {Code: "d", Message: "n"}}
	want := "f:1:1: error: m [c]\nerror: n [d]\n"
	if got := string(diag.Text{}.Append(nil, list)); got != want {
		t.Error(got)
	}
	absent := diag.Text{Source: func(string) []byte { return nil }}
	if got := string(absent.Append(nil, list)); got != want {
		t.Error(got)
	}
}

func TestManyProblems(t *testing.T) {
	got := string(diag.Text{}.Append(nil, make(diag.List, 250)))
	if n := strings.Count(got, "\n"); n != 101 || !strings.HasSuffix(got, "\n… and 150 more problems\n") {
		t.Error(n, got[len(got)-40:])
	}
}

// FuzzText: a caret always stands below the shown line or right behind it, and
// nothing of the source reaches the terminal as a control character.
func FuzzText(f *testing.F) {
	for _, src := range []string{"a: b", "\ta", "日本", "e\u0301", "👩\u200d👧", "❤\ufe0f", "a\r\nb", "\ufeffx", "\x1b[31m", "\u202e", "\xff", "", strings.Repeat("x\t", 200)} {
		f.Add(src, 1, 2, 3)
	}
	f.Fuzz(func(t *testing.T, src string, line, from, to int) {
		s := span(min(max(line, 1), 1000), from%2000, to%2000)
		out := render(src, s)
		for _, r := range out {
			if r != '\n' && (r < ' ' || 0x7f <= r && r < 0xa0 || diag.Invisible(r)) {
				t.Fatalf("%U in %q", r, out)
			}
		}
		lines := strings.Split(out, "\n")
		if len(lines) != 5 || !utf8.ValidString(out) {
			t.Fatalf("%q", out)
		}
		_, caret, ok := strings.Cut(lines[3], "| ")
		if !ok || strings.Trim(caret, " ^~") != "" || strings.Count(caret, "^") != 1 || len(caret) > 250 {
			t.Fatalf("%q", lines[3])
		}
	})
}
