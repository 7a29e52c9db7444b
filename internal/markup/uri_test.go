package markup_test

import (
	"testing"

	"github.com/netjail/netjail/internal/markup"
)

func TestURI(t *testing.T) {
	for path, want := range map[string]string{
		"a/b.yaml": "a/b.yaml", "./a.yaml": "a.yaml", "/etc/a b.yaml": "file:///etc/a%20b.yaml", "käthe#1%.yaml": "k%C3%A4the%231%25.yaml", "a:b": "a%3Ab",
	} {
		if got := markup.URI(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}
