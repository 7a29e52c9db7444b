package tree

import (
	"strconv"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	var chain strings.Builder
	for i := range 41 {
		chain.WriteString("l /chain" + strconv.Itoa(i) + " chain" + strconv.Itoa(i+1) + "\n")
	}
	h := newHost(t, chain.String()+`
f /a/b/file
d /a/dir/deep
l /abs /a/b
l /rel a/b
l /a/up ../a/dir
l /a/dir/out ../../etc/../a/./b//file
l /dangling /nowhere/at/all
l /root /
l /loop /loop2
l /loop2 loop
l /two abs
l /a/slash dir/
f /chain41
d /etc
d /l2
l /etc2 /l2/../etc
l /sym l2x
l /l2x /a/dir
l /a/behind ../sym/../b
`)
	for _, tt := range []struct {
		path, want string
		kind       uint32
		links      int
		why        string
	}{
		{path: "/", want: "/", kind: typeDir},
		{path: "/a", want: "/a", kind: typeDir},
		{path: "/a/b/file", want: "/a/b/file", kind: typeFile},
		{path: "/a/b/file/x", want: "/a/b/file/x"},
		{path: "/a/none/x/y", want: "/a/none/x/y"},
		{path: "/abs", want: "/a/b", kind: typeDir, links: 1},
		{path: "/abs/file", want: "/a/b/file", kind: typeFile, links: 1},
		{path: "/rel/file", want: "/a/b/file", kind: typeFile, links: 1},
		{path: "/abs/none/x", want: "/a/b/none/x", links: 1},
		{path: "/a/up/deep", want: "/a/dir/deep", kind: typeDir, links: 1},
		{path: "/a/dir/out", want: "/a/b/file", kind: typeFile, links: 1},
		{path: "/dangling", want: "/nowhere/at/all", links: 1},
		{path: "/dangling/x", want: "/nowhere/at/all/x", links: 1},
		{path: "/root", want: "/", kind: typeDir, links: 1},
		{path: "/root/a/b", want: "/a/b", kind: typeDir, links: 1},
		{path: "/two/file", want: "/a/b/file", kind: typeFile, links: 2},
		{path: "/a/slash", want: "/a/dir", kind: typeDir, links: 1},
		{path: "/etc2", want: "/etc", kind: typeDir, links: 1},
		// `..` behind a link leaves what the link leads to.
		{path: "/a/behind/file", want: "/a/b/file", kind: typeFile, links: 3},
		{path: "/a/./b//file", want: "/a/b/file", kind: typeFile},
		{path: "/a/dir/deep/../../b/file", want: "/a/b/file", kind: typeFile},
		{path: "/abs/../b", want: "/a/b", kind: typeDir, links: 1},
		{path: "/../..", want: "/", kind: typeDir},
		{path: "/a/b/..", want: "/a", kind: typeDir},
		{path: "/none/../a", want: "/a"},
		{path: "/chain1", want: "/chain41", kind: typeFile, links: 40},
		{path: "/chain0", why: "more than 40"},
		{path: "/loop/x", why: "more than 40"},
	} {
		f := finder{host: h}
		s, why := f.find(tt.path)
		if tt.why != "" {
			if !strings.Contains(why, tt.why) {
				t.Errorf("%s: %q, want %q", tt.path, why, tt.why)
			}
			continue
		}
		if why != "" || s.path != tt.want || s.node.Type != tt.kind || len(s.links) != tt.links {
			t.Errorf("%s: %+v, %q; want %s of type %o by %d links", tt.path, s, why, tt.want, tt.kind, tt.links)
		}
	}
	if h.misused != "" {
		t.Errorf("asked for %s", h.misused)
	}
}

// TestFindTwice: what lies on the way is asked for once.
func TestFindTwice(t *testing.T) {
	h := newHost(t, "d /a/b/c/d\nf /a/b/c/x")
	f := finder{host: h}
	for _, path := range []string{"/a/b/c/d", "/a/b/c/x", "/a/b/c/none"} {
		if s, why := f.find(path); s.path != path || why != "" {
			t.Errorf("%s: %+v, %q", path, s, why)
		}
	}
	if h.calls != 6 {
		t.Errorf("%d calls, want 6", h.calls)
	}
}
