package policy_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
)

// seed adds every profile of testdata, and a few that are only hostile.
func seed(f *testing.F) {
	for _, dir := range [...]string{"ok", "err"} {
		for _, file := range profiles(f, dir) {
			if src := read(f, file); len(src) < 8192 { // the corpus stays quick
				f.Add(src)
			}
		}
	}
	for _, s := range [...]string{
		strings.Repeat("[", 5000), strings.Repeat("{a: ", 500), strings.Repeat("- ", 3000), strings.Repeat("? ", 300),
		"a: |\n \x0b", "? |\n", "- &a [*a]", "'", "\"\\", "%", "---\n---\n---", "a: b: c", "\t", "!", "&", "*", "|", ">",
		"sockets: {families: [inet, unix, 2, ~]}", "sockets: {unix: {allow: [], deny: x}}", "noNewPrivileges: false\nsockets: {families: none}",
		"filesystem: {hidden: [~/x], mounts: [{destination: /a, type: tmpfs, options: [mode=1777]}, {destination: /a, type: bind}]}", "filesystem: host\nnamespaces: {mount: {join: /}, user: {join: /a}}", "sockets: {unix: {allow: [/a/../b]}}\nuidMappings: subordinate",
		"apiVersion: netjail/v1\ntests: [{name: ~, run: [a, 1], connect: '[::1]:1', open: {mode: write}, expect: {stdout: {matches: '('}}}, {name: b, open: .., expect: no}]",
		"apiVersion: netjail/v1\ntests: [{name: a, run: ['', \"\\0\"], expect: {exit: 007}}, 1, {expect: {}}, {name: a, resolve: -, expect: blocked, absent: x}]",
		"#\n#\n# a\n- # b\n  # c\n", "{a, b: c}", "[a: b]", "a:\n- b\n-\n", "? [a]\n: b",
	} {
		f.Add([]byte(s))
	}
}

// placed says whether every place lies in the text, give or take the position
// behind its end.
func placed(t *testing.T, src []byte, list diag.List) {
	lines := bytes.Split(src, []byte("\n"))
	for _, d := range list {
		start := d.Span.Start
		if !start.Known() {
			continue
		}
		if start.Line > len(lines) || start.Column < 1 || start.Column > len([]rune(string(lines[start.Line-1])))+2 {
			t.Errorf("place outside of the text: %+v", d)
		}
		if d.Span.End.Line == start.Line && d.Span.End.Column <= start.Column {
			t.Errorf("empty span: %+v", d)
		}
	}
}

func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, list := source.Parse("fuzz.yaml", src)
		if doc == nil && list.Err() == nil {
			t.Error("neither a document nor a problem")
		}
		placed(t, src, list)
		for _, d := range list {
			if _, ok := diag.Lookup(d.Code); !ok || d.Message == "" {
				t.Errorf("undocumented problem: %+v", d)
			}
		}
	})
}

func FuzzCompile(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, _ := source.Parse("fuzz.yaml", src)
		r, list := policy.Compile(doc)
		if doc != nil && (r == nil) != (list.Errors() > 0) {
			t.Error("a profile is refused without a reason, or accepted with one:", list.Err())
		}
		placed(t, src, list)
		for _, d := range list {
			if _, ok := diag.Lookup(d.Code); !ok || d.Message == "" || d.Path == "" && d.Code != diag.UnknownKey {
				t.Errorf("incomplete problem: %+v", d)
			}
		}
	})
}

func FuzzPrintRoundTrip(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		r, _ := compile("fuzz.yaml", src)
		if r == nil {
			return
		}
		printed := policy.Print(r)
		again, list := compile("printed.yaml", printed)
		if again == nil {
			t.Fatalf("the printed profile is refused: %v\n%s", list.Err(), printed)
		}
		if diff := cmp.Diff(r.Policy, again.Policy, prefixes, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the printed profile means something else (-profile +printed):\n%s", diff)
		}
		if diff := cmp.Diff(r.Tests, again.Tests, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(policy.Test{}, "At")); diff != "" {
			t.Errorf("the printed profile has other tests (-profile +printed):\n%s", diff)
		}
		if r.Digest != again.Digest {
			t.Error("the printed profile has another digest")
		}
	})
}
