package audit

import "testing"

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		path, dir string
		want      bool
	}{
		{"/", "/", true},
		{"/a", "/", true},
		{"/a", "/a", true},
		{"/a/b", "/a", true},
		{"/ab", "/a", false},
		{"/a", "/a/b", false},
		{"/", "/a", false},
	} {
		if got := covers(c.dir, c.path); got != c.want {
			t.Errorf("%s in %s: %t", c.path, c.dir, got)
		}
	}
}

func TestMoved(t *testing.T) {
	for _, c := range [][4]string{
		{"/", "/", "/", "/"},
		{"/a", "/", "/", "/a"},
		{"/a/b", "/a", "/", "/b"},
		{"/a", "/a", "/", "/"},
		{"/a", "/", "/x", "/x/a"},
		{"/", "/", "/x", "/x"},
		{"/a/b/c", "/a", "/x/y", "/x/y/b/c"},
		{"/a", "/a", "/x", "/x"},
	} {
		if got := moved(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("%s from %s to %s: %s, want %s", c[0], c[1], c[2], got, c[3])
		}
	}
}

func TestForestTop(t *testing.T) {
	var f forest
	if f.top("/") != -1 {
		t.Error("no mount is seen where there is none")
	}
	root := f.add("/", -1)
	a := f.add("/a", root)
	ab := f.add("/a/b", a)
	stacked := f.add("/a/b", ab)
	hidden := f.add("/c/d", root)
	c := f.add("/c", root) // over it
	strange := f.add("/e", -1)
	for path, want := range map[string]int{
		"/": root, "/x": root, "/a": a, "/ab": root, "/a/x": a, "/a/b": stacked, "/a/b/c": stacked, "/c": c, "/c/d": c, "/e": root,
	} {
		if got := f.top(path); got != want {
			t.Errorf("%s: mount %d (%s), want %d", path, got, f.at[got], want)
		}
	}
	_, _ = hidden, strange
}

// TestForestEnds: a table that no kernel writes must not hang whoever reads it.
func TestForestEnds(t *testing.T) {
	f := forest{at: []string{"/", "/a", "/a"}, on: []int{-1, 2, 1}}
	f.on[1], f.on[2] = 2, 1
	f.top("/a/b")
	f = forest{at: []string{"/", "/"}, on: []int{-1, 1}}
	if got := f.top("/a"); got != 0 {
		t.Errorf("mount %d", got)
	}
}

func TestSortedPaths(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"/", "/a", true},
		{"/a", "/a", true},
		{"/a", "/a/b", true},
		{"/a/b", "/a", false},
		{"/a/b", "/a-b", true}, // all below /a comes first
		{"/a-b", "/a/b", false},
		{"/a/b", "/b", true},
		{"/b", "/a/b", false},
	} {
		if got := sortedPaths(c.a, c.b); got != c.want {
			t.Errorf("%s before %s: %t", c.a, c.b, got)
		}
	}
}
