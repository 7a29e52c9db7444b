package docstest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBlocks(t *testing.T) {
	text := "one\n```yaml web.yaml\na: b\n```\n```\nplain\n```\n\n```console userns curl\n$ x\n```\n"
	want := []Block{
		{File: "f.md", Line: 2, Kind: "yaml", Words: []string{"web.yaml"}, Text: "a: b\n"},
		{File: "f.md", Line: 5, Kind: "", Words: []string{}, Text: "plain\n"},
		{File: "f.md", Line: 9, Kind: "console", Words: []string{"userns", "curl"}, Text: "$ x\n"},
	}
	if diff := cmp.Diff(want, Blocks("f.md", text)); diff != "" {
		t.Error(diff)
	}
}

func TestSession(t *testing.T) {
	b := Block{Line: 10, Kind: "console", Text: "$ one \\\n> two\nout\n$ three\n\nlast\n"}
	want := []Step{
		{Line: 11, Command: "one \\\ntwo", Output: []string{"out"}},
		{Line: 14, Command: "three", Output: []string{"", "last"}},
	}
	if diff := cmp.Diff(want, Session(&b)); diff != "" {
		t.Error(diff)
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		want, output string
		ok           bool
	}{
		{"", "", true},
		{"a", "a", true},
		{"a", "b", false},
		{"a", "a|b", false},
		{"a|b", "a", false},
		{"...", "", true},
		{"...", "a|b", true},
		{"a|...|c", "a|b|b|c", true},
		{"a|...|c", "a|c", true},
		{"a|...|c", "a|b", false},
		{"uid ... end", "uid 1001 end", true},
		{"uid ... end", "uid 1001 en", false},
		{"ab...bc", "abc", false},
		{"a...b...c", "a1b2c", true},
		{"a...b...c", "a1c2b", false},
	} {
		if got := Matches(split(c.want), split(c.output)); got != c.ok {
			t.Errorf("Matches(%q, %q) = %t, want %t", c.want, c.output, got, c.ok)
		}
	}
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}
