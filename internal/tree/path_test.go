package tree

import (
	"slices"
	"strings"
	"testing"
)

// TestCompare: the order is that of the paths' parts.
func TestCompare(t *testing.T) {
	paths := []string{"/", "/a", "/a/b", "/a/b/c", "/a!", "/a-b", "/a.b/c", "/aa", "/b", "/\x01", "/\x01/x", "/é", "/a/\x01", "/a/é"}
	byParts := func(a, b string) int {
		split := func(p string) []string {
			if p == "/" {
				return nil
			}
			return strings.Split(p[1:], "/")
		}
		return slices.Compare(split(a), split(b))
	}
	for _, a := range paths {
		for _, b := range paths {
			if got, want := sign(compare(a, b)), sign(byParts(a, b)); got != want {
				t.Errorf("compare(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func sign(n int) int { return max(-1, min(1, n)) }

func TestUnder(t *testing.T) {
	for _, tt := range []struct {
		path, dir    string
		under, below bool
	}{
		{"/a/b", "/a", true, true},
		{"/a", "/a", true, false},
		{"/ab", "/a", false, false},
		{"/a", "/a/b", false, false},
		{"/a", "/", true, true},
		{"/", "/", true, false},
	} {
		if u, b := under(tt.path, tt.dir), below(tt.path, tt.dir); u != tt.under || b != tt.below {
			t.Errorf("%s in %s: under %v, below %v", tt.path, tt.dir, u, b)
		}
	}
}

func TestRebase(t *testing.T) {
	for _, tt := range []struct{ path, from, to, want string }{
		{"/a/b/c", "/a", "/x", "/x/b/c"},
		{"/a", "/a", "/x", "/x"},
		{"/a/b", "/a", "/", "/b"},
		{"/a", "/a", "/", "/"},
		{"/a/b", "/", "/x", "/x/a/b"},
		{"/", "/", "/x", "/x"},
		{"/a", "/", "/", "/a"},
		{"~/a", "~", "/home/me", "/home/me/a"},
	} {
		if got := rebase(tt.path, tt.from, tt.to); got != tt.want {
			t.Errorf("rebase(%q, %q, %q) = %q, want %q", tt.path, tt.from, tt.to, got, tt.want)
		}
	}
}

func TestParent(t *testing.T) {
	for path, want := range map[string]string{"/a/b": "/a", "/a": "/", "/": "/"} {
		if got := parent(path); got != want {
			t.Errorf("parent(%q) = %q, want %q", path, got, want)
		}
	}
}
