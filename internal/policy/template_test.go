package policy_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// A template compiles to the policy that it was made of.
func TestTemplate(t *testing.T) {
	for _, file := range profiles(t, "ok") {
		r, list, _ := resolve("testdata/ok", filepath.Base(file), read(t, file))
		if err := list.Err(); err != nil {
			t.Fatal(err)
		}
		text := policy.Template(r.Policy)
		again, list := compile("again", text)
		if again == nil || again.Digest != r.Digest {
			t.Errorf("%s: %v in\n%s", file, list.Err(), text)
		}
	}
}

// The comments are the table's: each key that stands in a template has its
// meaning above it.
func TestTemplateTellsTheKeys(t *testing.T) {
	text := string(policy.Template(resolved(t, "").Policy))
	plain := strings.Join(strings.Fields(strings.ReplaceAll(text, "#", " ")), " ")
	for _, k := range policy.Keys() {
		name := "\n" + strings.Repeat("  ", strings.Count(k.Path, ".")) + k.Name() + ":"
		if !strings.Contains("\n"+text, name) {
			continue
		}
		first, _, _ := strings.Cut(k.Meaning, ". ")
		if !strings.Contains(plain, strings.Join(strings.Fields(strings.ReplaceAll(first, "#", " ")), " ")) {
			t.Errorf("%s stands there without its meaning", k.Path)
		}
	}
	for line := range strings.Lines(text) {
		if len(line) > 90 {
			t.Errorf("long: %q", line)
		}
	}
	if !bytes.Contains([]byte(text), []byte("hidden: an empty directory")) && !strings.Contains(text, "#   hidden: ") {
		t.Error("the words have no meaning")
	}
}
