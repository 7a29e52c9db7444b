package cli

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func touch(t *testing.T, mode os.FileMode, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, mode); err != nil {
		t.Fatal(err)
	}
}

func all(s *search) []string {
	var found []string
	for path, ok := s.next(); ok; path, ok = s.next() {
		found = append(found, path)
	}
	return found
}

func TestSearch(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	touch(t, 0o755, dir, "a", "tool")
	touch(t, 0o755, dir, "b", "tool")
	touch(t, 0o644, dir, "a", "data")
	touch(t, 0o755, dir, "here")
	if err := os.Mkdir(filepath.Join(dir, "a", "directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		want       []string
		code       int
	}{
		{"tool", "a:b", []string{"a/tool", "b/tool"}, exitNotFound},
		{"tool", "nowhere:b:a", []string{"b/tool", "a/tool"}, exitNotFound},
		{"data", "a:b", nil, exitNotExecutable},
		{"directory", "a", nil, exitNotExecutable},
		{"none", "a:b", nil, exitNotFound},
		{"", "a", nil, exitNotFound},
		{"here", "", []string{"./here"}, exitNotFound},
		{"here", "a:", []string{"./here"}, exitNotFound},
		{"here", "a", nil, exitNotFound},
		{"./anything", "a", []string{"./anything"}, exitNotFound},
	} {
		s := newSearch(tt.name, []string{"HOME=/", "PATH=" + tt.path, "PATH=/second"})
		if got := all(s); !slices.Equal(got, tt.want) {
			t.Errorf("%q in %q: %q, want %q", tt.name, tt.path, got, tt.want)
		}
		if f, end := s.failed(); end.code != tt.code || !f.bare {
			t.Errorf("%q in %q: %d, want %d", tt.name, tt.path, end.code, tt.code)
		}
	}
}

func TestSearchWithoutPath(t *testing.T) {
	if s := newSearch("sh", []string{"XPATH=/nowhere", "HOME=/"}); s.rest != defaultPath {
		t.Errorf("the search goes through %q", s.rest)
	}
}
