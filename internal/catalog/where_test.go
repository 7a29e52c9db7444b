package catalog

import (
	"slices"
	"testing"
)

func TestLevels(t *testing.T) {
	for _, tt := range []struct {
		workdir, root string
		want          []string
	}{
		{"/a/b/c", "/a", []string{"/a/b/c", "/a/b", "/a"}},
		{"/a/b/c", "/a/b/c", []string{"/a/b/c"}},
		{"/a/b/c", "/", []string{"/a/b/c", "/a/b", "/a", "/"}},
		{"/a/b/c", "", []string{"/a/b/c"}},
		{"/", "/", []string{"/"}},
		{"/", "", []string{"/"}},
		{"", "", nil},
		{"a", "a", nil},
	} {
		if got := levels(tt.workdir, func(dir string) bool { return dir == tt.root }); !slices.Equal(got, tt.want) {
			t.Errorf("%s in a repository at %q: %q, want %q", tt.workdir, tt.root, got, tt.want)
		}
	}
}

// One directory is looked into once, whoever names it.
func TestDirsOnce(t *testing.T) {
	w := Where{Workdir: "/", User: "/etc/netjail", System: "/etc/netjail"}
	want := []Dir{{Project, "/.netjail"}, {User, "/etc/netjail"}}
	if got, root := w.dirs(); !slices.Equal(got, want) || root != "/" {
		t.Errorf("%v, want %v", got, want)
	}
	if got, _ := (&Where{}).dirs(); len(got) > 0 {
		t.Errorf("nowhere: %v", got)
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]bool{
		"ci": true, "a": true, "0": true, "a.b-c_d": true, "ci.yml": true,
		"": false, ".": false, "..": false, "-x": false, "_x": false, ".x": false, "a/b": false, "a b": false, "a\nb": false, "ä": false,
		"a.yaml": false, "a\x00": false,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":  true,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": false,
	} {
		if Named(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestPlaces(t *testing.T) {
	if len(Places()) != int(places) || BuiltIn.String() != "built-in" {
		t.Error("the list of places is not whole")
	}
}
