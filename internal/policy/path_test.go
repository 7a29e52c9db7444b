package policy

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/diag"
)

// pathForms are the forms of paths, each with what it takes beside a path from
// the root.
var pathForms = []struct {
	form           Atom
	home, relative bool
	words          []string
}{
	{AtomPath, true, false, nil},
	{AtomPlace, true, false, []string{".", "project"}},
	{AtomAbsolute, false, false, nil},
	{AtomBelow, false, true, nil},
}

func TestPaths(t *testing.T) {
	const yes, no = true, false
	for _, test := range []struct {
		text                         string
		path, place, absolute, below bool
	}{
		{"/usr", yes, yes, yes, no},
		{"/a b/c$/~x", yes, yes, yes, no},
		{"~", yes, yes, no, no},
		{"~/.cache", yes, yes, no, no},
		{".", no, yes, no, no},
		{"project", no, yes, no, yes},
		{".git/config", no, no, no, yes},
		{"~x", no, no, no, yes},
		{"...", no, no, no, yes},
		{"/" + strings.Repeat("a", maxComponent), yes, yes, yes, no},
		{"/" + strings.Repeat("a", maxComponent+1), no, no, no, no},
		{strings.Repeat("/"+strings.Repeat("a", 62), 65), yes, yes, yes, no}, // 4095 bytes
		{strings.Repeat("/"+strings.Repeat("a", 62), 65) + "a", no, no, no, no},
		{"/", no, no, no, no},
		{"//", no, no, no, no},
		{"/a/", no, no, no, no},
		{"/a//b", no, no, no, no},
		{"/a/./b", no, no, no, no},
		{"/a/../b", no, no, no, no},
		{"/..", no, no, no, no},
		{"~/", no, no, no, no},
		{"~/..", no, no, no, no},
		{"~root", no, no, no, yes},
		{"..", no, no, no, no},
		{"./a", no, no, no, no},
		{"/a\x00b", no, no, no, no},
		{"/a\nb", no, no, no, no},
		{"/a\u0085b", no, no, no, no},
		{"/$HOME", no, no, no, no},
		{"$HOME", no, no, no, no},
		{"${HOME}/x", no, no, no, no},
		{"$", no, no, no, yes},
		{"/usr/*", no, no, no, no},
		{"none", no, no, no, no},
		{"standard", no, no, no, no},
	} {
		for form, want := range map[Atom]bool{AtomPath: test.path, AtomPlace: test.place, AtomAbsolute: test.absolute, AtomBelow: test.below} {
			if d := atomOf(form).check(test.text); (d == nil) != want {
				t.Errorf("%s: %.40q: %+v", atomOf(form).Name, test.text, d)
			}
		}
	}
}

// What is accepted has one spelling, and what is advised is accepted.
func FuzzPath(f *testing.F) {
	for _, s := range strings.Fields("/ ~ . .. // /a/b /a/../b ~/../x ~x ./x a/. $HOME /${X} /* project none tmpfs ~/. ~//") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s == "" {
			return // refused before: empty-value
		}
		for _, p := range pathForms {
			form := atomOf(p.form)
			d := form.check(s)
			if d == nil {
				clean(t, s, p.home, p.relative, p.words)
				if len(s) <= maxPath && !regexp.MustCompile(form.Pattern).MatchString(s) {
					t.Errorf("%s: %q is accepted, and not by the schema", form.Name, s)
				}
				continue
			}
			if d.Message == "" || d.Code != diag.BadPath {
				t.Errorf("%s: %q: %+v", form.Name, s, d)
			}
			advice, ok := strings.CutPrefix(d.Help, "write ")
			if ok && (strings.HasSuffix(d.Message, "odd spelling") || strings.HasSuffix(d.Message, "`..`")) && advice != "the path that is meant" {
				if again := form.check(advice); again != nil && strings.HasSuffix(again.Message, "odd spelling") {
					t.Errorf("%s: %q: the advice %q is refused: %s", form.Name, s, advice, again.Message)
				}
			}
		}
	})
}

func clean(t *testing.T, s string, home, relative bool, words []string) {
	t.Helper()
	for _, w := range words {
		if s == w {
			return
		}
	}
	switch {
	case path.Clean(s) != s, strings.ContainsAny(s, "\x00\n*"), len(s) > maxPath, s == "/":
		t.Errorf("%q is accepted", s)
	case strings.HasPrefix(s, "/"):
		if relative {
			t.Errorf("%q is accepted as relative", s)
		}
	case s == "~" || strings.HasPrefix(s, "~/"):
		if !home {
			t.Errorf("%q is accepted without a home", s)
		}
	case !relative || s == ".." || strings.HasPrefix(s, "../"):
		t.Errorf("%q is accepted as absolute", s)
	}
}
