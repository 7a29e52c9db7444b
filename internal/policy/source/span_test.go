package source

import (
	"testing"

	"github.com/netjail/netjail/internal/diag"
)

func TestSpan(t *testing.T) {
	for _, test := range []struct {
		line   string
		column int
		value  string
		want   int // runes
	}{
		{"key: value # c", 6, "value", 5},
		{"key: two words", 6, "two words", 9},
		{`key: "a \" b" # c`, 6, `a " b`, 8},
		{"key: 'it''s' # c", 6, "it's", 7},
		{`key: "open`, 6, "open", 5},
		{"key: [a, b] # c", 6, "", 6},
		{`key: {a: "}", b: [c]} # c`, 6, "", 16},
		{"key: [it's, x] # c", 6, "", 9},
		{"key: [a,", 6, "", 3},
		{"key: |  # c", 6, "text\n", 1},
		{"key: >-", 6, "text", 1},
		{"- a", 1, "", 1},
		{"? a", 1, "", 1},
		{"key: &x y", 6, "y", 2},
		{"[*x, y]", 2, "x", 2},
		{"key: !!str y", 6, "y", 5},
		{"key: first", 6, "first second", 5}, // a plain text that goes on below
		{"日本: 値", 5, "値", 1},
		{"key:", 5, "", 1},
	} {
		p := parser{lines: []string{test.line}}
		at := diag.Position{Line: 1, Column: test.column}
		s := p.span(at, test.value)
		if s.Start != at || s.End.Line != 1 || s.End.Column-s.Start.Column != test.want {
			t.Errorf("%s: %+v, want %d runes", test.line, s, test.want)
		}
	}
}

// rest finds a column on a line, in whatever order it is asked.
func TestRest(t *testing.T) {
	p := parser{lines: []string{"aé日x", "b"}}
	for _, test := range []struct {
		line, column int
		want         string
	}{{1, 3, "日x"}, {1, 4, "x"}, {1, 2, "é日x"}, {2, 1, "b"}, {1, 1, "aé日x"}, {1, 9, ""}, {0, 1, ""}, {3, 1, ""}} {
		if got := p.rest(diag.Position{Line: test.line, Column: test.column}); got != test.want {
			t.Errorf("%d:%d: %q, want %q", test.line, test.column, got, test.want)
		}
	}
}

// What the YAML reader may say is put into words, known or not.
func TestSyntaxWords(t *testing.T) {
	for _, c := range complaints {
		p := parser{file: "f", lines: []string{"a: b"}}
		p.syntax(errorText("yaml: line 7: "+c.says), []byte("a: b"))
		if len(p.list) != 1 || p.list[0].Code != c.code || p.list[0].Span.Start.Line != 1 {
			t.Errorf("%q: %+v", c.says, p.list)
		}
	}
	p := parser{file: "f", lines: []string{"a: b"}}
	p.syntax(errorText("something new"), []byte("a: b"))
	if len(p.list) != 1 || p.list[0].Code != diag.YAMLSyntax || p.list[0].Message != "this is not valid YAML: something new" {
		t.Errorf("%+v", p.list)
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }
