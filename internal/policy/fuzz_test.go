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

// relatives are what a fuzzed profile may extend: another one, by a path, and the
// built-in ones by name.
func relatives(parent []byte) policy.Finder {
	f := family{dir: "testdata/ok", texts: map[string][]byte{}}
	return func(name string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
		if name == "./parent.yaml" {
			return &policy.Source{File: "parent.yaml", Text: parent}, nil
		}
		return f.find(name, from)
	}
}

// seedPairs adds profiles beside what they are to extend or to be compared with.
func seedPairs(f *testing.F) {
	files := profiles(f, "ok")
	for i, file := range files {
		child := append([]byte("extends: [./parent.yaml]\n"), read(f, file)...)
		f.Add(read(f, files[(i+1)%len(files)]), child)
		f.Add(read(f, file), read(f, files[(i+2)%len(files)]))
	}
	for _, file := range profiles(f, "err") {
		if src := read(f, file); len(src) < 8192 {
			f.Add([]byte(smallest), src)
			f.Add(src, []byte(smallest+"extends: [./parent.yaml]\n"))
		}
	}
	for _, child := range [...]string{
		"extends: [./parent.yaml, base]", "extends: [./parent.yaml]\nfilesystem: {writable: {add: [/a], remove: [/a]}}",
		"extends: [base, offline, ./parent.yaml]\nloosens: [loopback, filesystem.root]", "extends: [./parent.yaml, ./parent.yaml]", "extends: [./child.yaml]",
		"extends: [./parent.yaml]\nprocess: {environment: {set: {A: b}, pass: {add: [\"*\"]}}}\nuidMappings: {remove: [{containerID: 0, hostID: caller, size: 1}]}",
	} {
		f.Add([]byte(smallest+"extends: [./child.yaml]\n"), []byte(smallest+child+"\n"))
		f.Add([]byte(smallest+"filesystem: {writable: [/a, /b]}\nloopback: up\nuidMappings: [{containerID: 0, hostID: caller, size: 1}]\n"), []byte(smallest+child+"\n"))
	}
}

// FuzzResolve resolves a profile that may extend another one: it is refused with a
// reason, or stands for itself once it is printed; and where it says of no key
// that it loosens it, it does not.
func FuzzResolve(f *testing.F) {
	seedPairs(f)
	f.Fuzz(func(t *testing.T, parent, child []byte) {
		find := relatives(parent)
		r, list := source.Resolve(&policy.Source{File: "child.yaml", Text: child}, find)
		if (r == nil) != (list.Errors() > 0) {
			t.Fatal("a profile is refused without a reason, or accepted with one:", list.Err())
		}
		placed(t, child, list.Of("child.yaml"))
		placed(t, parent, list.Of("parent.yaml"))
		if r == nil {
			return
		}
		printed := policy.Print(r)
		if again, list := compile("printed.yaml", printed); again == nil || again.Digest != r.Digest {
			t.Fatalf("the printed profile means something else: %v\n%s", list.Err(), printed)
		}
		doc, _ := source.Parse("child.yaml", child)
		if items := doc.Root.Field("extends"); doc.Root.Field("loosens") != nil || items == nil || len(items.Items) != 1 || items.Items[0].Text != "./parent.yaml" {
			return
		}
		p, list := source.Resolve(&policy.Source{File: "parent.yaml", Text: parent}, find)
		if p == nil {
			t.Fatal("a profile extends one that is refused:", list.Err())
		}
		if changes := policy.Diff(p.Policy, r.Policy); policy.Loosens(changes) {
			t.Errorf("looser than what it extends, without a word: %+v", changes)
		}
	})
}

// FuzzDiff compares two profiles: with itself each is the same, a change has two
// different values, and back it goes in the opposite direction.
func FuzzDiff(f *testing.F) {
	seedPairs(f)
	f.Fuzz(func(t *testing.T, one, two []byte) {
		a, _ := compile("one.yaml", one)
		b, _ := compile("two.yaml", two)
		if a == nil || b == nil {
			return
		}
		there, back := policy.Diff(a.Policy, b.Policy), policy.Diff(b.Policy, a.Policy)
		if (len(there) == 0) != (a.Digest == b.Digest) || len(there) != len(back) || len(policy.Diff(a.Policy, a.Policy)) > 0 {
			t.Fatalf("%d changes, %d back, digests %s and %s", len(there), len(back), a.Digest, b.Digest)
		}
		for i, c := range there {
			r := back[i]
			if c.From == c.To || c.Key != r.Key || c.From != r.To || c.To != r.From {
				t.Errorf("%+v, and back %+v", c, r)
			}
			if tightens, loosens := policy.Tighter, policy.Looser; c.Direction == tightens && r.Direction == tightens || c.Direction == loosens && r.Direction == loosens {
				t.Errorf("%s both ways: %+v", c.Direction, c)
			}
		}
	})
}
