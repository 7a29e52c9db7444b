package policy_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

func additions(pairs ...string) []policy.Addition {
	var all []policy.Addition
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, policy.Addition{Key: pairs[i], Value: pairs[i+1]})
	}
	return all
}

func resolved(t testing.TB, text string) *policy.Resolved {
	t.Helper()
	r, list := compile("x.yaml", []byte("apiVersion: netjail/v1\n"+text))
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWith(t *testing.T) {
	before := resolved(t, "filesystem:\n  writable: [/srv/z]\nprocess:\n  environment:\n    pass: [PATH]\n")
	was := string(policy.Print(before))
	all := additions(policy.KeyWritable, "project", policy.KeyWritable, "/srv/a", policy.KeyWritable, "/srv/z",
		policy.KeyPass, "CI_TOKEN", policy.KeyPass, "PATH", policy.KeyFDs, "9", policy.KeyFDs, "3", policy.KeyFDs, "1", policy.KeyFDs, "9")
	after, made, err := before.With(all)
	if err != nil {
		t.Fatal(err)
	}
	want := additions(policy.KeyWritable, "project", policy.KeyWritable, "/srv/a", policy.KeyPass, "CI_TOKEN", policy.KeyFDs, "9", policy.KeyFDs, "3")
	if !slices.Equal(made, want) {
		t.Errorf("made %v, want %v", made, want)
	}
	p := after.Policy
	if !slices.Equal(p.Filesystem.Writable, []string{"/srv/a", "/srv/z", "project"}) ||
		!slices.Equal(p.Process.Environment.Pass, []string{"PATH", "CI_TOKEN"}) || !slices.Equal(p.Process.InheritFDs, []int{0, 1, 2, 3, 9}) {
		t.Errorf("%+v", p)
	}
	if string(policy.Print(before)) != was {
		t.Error("the profile itself has changed")
	}
	if after.Digest == before.Digest || after.Digest != p.Digest() {
		t.Error("the digest is not that of what came out")
	}
	text := policy.Print(after)
	for _, line := range []string{
		"  writable: [/srv/a, /srv/z, project] # x.yaml:3 and command line\n", "pass: [PATH, CI_TOKEN] # x.yaml:6 and command line\n",
		"inheritFds: [0, 1, 2, 3, 9] # default and command line\n",
	} {
		if !bytes.Contains(text, []byte(line)) {
			t.Errorf("%q is not in\n%s", line, text)
		}
	}
	again, list := compile("again", text)
	if list.Err() != nil || again.Digest != after.Digest {
		t.Errorf("what is printed is not what was made: %v", list.Err())
	}
	if !bytes.Contains(policy.PrintJSON(after), []byte(`"filesystem.writable": {"file":"x.yaml","line":3,"commandLine":true}`)) {
		t.Error("the JSON does not tell the origin")
	}
	loose := policy.Diff(before.Policy, p)
	if !policy.Loosens(loose) {
		t.Errorf("an addition that does not loosen: %v", loose)
	}
}

// Nothing to add is the profile itself.
func TestWithNothing(t *testing.T) {
	r := resolved(t, "")
	if got, made, err := r.With(nil); got != r || made != nil || err != nil {
		t.Errorf("%v, %v, %v", got, made, err)
	}
}

func TestWithRefused(t *testing.T) {
	for _, tt := range []struct{ profile, key, value, message, help string }{
		{"", policy.KeyWritable, "", "the path is empty", "name a directory"},
		{"", policy.KeyWritable, "sub", "is a relative path", "begin it with"},
		{"", policy.KeyWritable, "/a/../b", "holds `..`", "write /b"},
		{"", policy.KeyWritable, "/srv/*", "holds a `*`", ""},
		{"", policy.KeyWritable, "none", "is a word", ""},
		{"filesystem: host\n", policy.KeyWritable, "/srv", "it has no effect", "leave it out"},
		{"", policy.KeyPass, "", "is not a variable's name", ""},
		{"", policy.KeyPass, "LC_*", "is not a variable's name", "name one variable"},
		{"", policy.KeyPass, "A=b", "is not a variable's name", "NAME=VALUE netjail"},
		{"process: {environment: {set: {A: b}}}\n", policy.KeyPass, "A", "it has no effect: the profile sets A itself", ""},
		{"", policy.KeyFDs, "", "is not a descriptor", "such as 3"},
		{"", policy.KeyFDs, "-1", "is not a descriptor", ""},
		{"", policy.KeyFDs, "03", "is not a descriptor", ""},
		{"", policy.KeyFDs, "+3", "is not a descriptor", ""},
		{"", policy.KeyFDs, "1048576", "is not a descriptor", ""},
		{"", policy.KeyFDs, "99999999999999999999", "is not a descriptor", ""},
		{"", "loopback", "up", "nothing can be added", ""},
	} {
		_, _, err := resolved(t, tt.profile).With(additions(tt.key, tt.value))
		var bad *policy.AdditionError
		if !errors.As(err, &bad) || !strings.Contains(bad.Message, tt.message) || !strings.Contains(bad.Help, tt.help) {
			t.Errorf("%s %q: %+v", tt.key, tt.value, err)
		}
	}
}

// Whatever is added and accepted, what is printed reads back as the same policy
// or is refused by a rule about several keys.
func FuzzWith(f *testing.F) {
	for _, key := range policy.AdditionKeys() {
		for _, value := range []string{"/srv", "~/x", ".", "project", "A", "3", "é", "\x00", "/tmp"} {
			f.Add(key, value)
		}
	}
	before := resolved(f, "filesystem: {root: system}\n")
	f.Fuzz(func(t *testing.T, key, value string) {
		after, _, err := before.With(additions(key, value))
		if err != nil {
			return
		}
		again, list := compile("again", policy.Print(after))
		if again == nil {
			if list.Errors() == 0 {
				t.Fatal("refused without a reason")
			}
			return
		}
		if again.Digest != after.Digest {
			t.Errorf("%s %q is read back as another policy:\n%s", key, value, policy.Print(after))
		}
	})
}
