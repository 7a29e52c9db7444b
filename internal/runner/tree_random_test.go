package runner_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/tree"
)

// town is a directory of the host's with enough in it to mount in and from.
func town(t *testing.T) string {
	t.Helper()
	dir := jailtest.PublicDir(t)
	for _, a := range []string{"one", "two", "three"} {
		for _, b := range []string{"x", "y/z"} {
			if err := os.MkdirAll(filepath.Join(dir, a, b), 0o755); err != nil {
				t.Fatal(err)
			}
			jailtest.File(t, filepath.Join(dir, a, b), "file", a+b+"\n", false)
		}
		jailtest.File(t, filepath.Join(dir, a), "file", a+"\n", false)
	}
	ownedByJail(t, dir)
	return dir
}

// builder makes random layouts.
type builder struct {
	*house
	*rand.Rand
	town string
	// dirs and files can be mounted on.
	dirs, files []place
	made        int
}

// place is a path inside, and the file of the host that is seen there, empty for
// none.
type place struct{ target, source string }

// options is a random set.
func (b *builder) options() tree.Options { return tree.Options(b.IntN(16)) &^ tree.Noexec }

// showIn mounts a directory of the town somewhere.
func (b *builder) showIn(target string) {
	name := []string{"one", "two", "three"}[b.IntN(3)]
	kind := []tree.Kind{tree.Bind, tree.Overlay, tree.Ephemeral}[b.IntN(3)]
	source := filepath.Join(b.town, name)
	o := b.options()
	if kind == tree.Overlay {
		o |= tree.ReadOnly
	}
	b.show(kind, source, target, o)
	b.dirs = append(b.dirs, place{target + "/x", source + "/x"}, place{target + "/y", source + "/y"}, place{target + "/y/z", source + "/y/z"})
	b.files = append(b.files, place{target + "/file", source + "/file"}, place{target + "/x/file", source + "/x/file"})
}

// take removes a random place from a list.
func take(r *rand.Rand, list *[]place) (place, bool) {
	if len(*list) == 0 {
		return place{}, false
	}
	i := r.IntN(len(*list))
	p := (*list)[i]
	*list = append(append([]place(nil), (*list)[:i]...), (*list)[i+1:]...)
	return p, true
}

// step adds one thing.
func (b *builder) step() {
	switch b.IntN(6) {
	case 0, 1: // a directory of its own
		b.made++
		target := fmt.Sprintf("/d%d", b.made)
		b.dir(target)
		b.mountDir(place{target, ""})
	case 2, 3:
		if p, ok := take(b.Rand, &b.dirs); ok {
			b.without(p.target)
			b.mountDir(p)
		}
	default:
		p, ok := take(b.Rand, &b.files)
		if !ok {
			return
		}
		b.without(p.target)
		if b.IntN(2) == 0 {
			b.mask(p.target)
		} else {
			b.add(tree.Entry{Kind: tree.Bind, Self: true, Target: p.target, Source: p.source, Node: nodeOf(b.t, p.source), Options: b.options()})
		}
	}
}

// without forgets the places in a directory, and the directory itself: parents are
// mounted before what lies below them, and each once.
func (b *builder) without(target string) {
	for _, list := range []*[]place{&b.dirs, &b.files} {
		var kept []place
		for _, p := range *list {
			if !strings.HasPrefix(p.target, target+"/") && !strings.HasPrefix(target, p.target+"/") {
				kept = append(kept, p)
			}
		}
		*list = kept
	}
}

// mountDir mounts something on a directory.
func (b *builder) mountDir(p place) {
	switch n := b.IntN(4); {
	case n == 0 && p.source != "":
		b.add(tree.Entry{Kind: tree.Bind, Self: true, Target: p.target, Source: p.source, Node: nodeOf(b.t, p.source), Options: b.options(), Recursive: b.IntN(2) == 0})
	case n == 1:
		b.tmpfs(p.target, 0o755, b.options())
		if b.IntN(2) == 0 {
			below := p.target + "/made"
			b.dir(below)
			b.dirs = append(b.dirs, place{below, ""})
		}
	default:
		b.showIn(p.target)
	}
}

// TestRandomTrees: of many random layouts, each comes out as it was laid, or does
// not start.
func TestRandomTrees(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := town(t)
	before, mounted := fileTree(t, dir), 0
	for seed := range uint64(60) {
		b := &builder{house: newRoot(t), Rand: rand.New(rand.NewPCG(seed, 1)), town: dir}
		for range 3 + b.IntN(12) {
			b.step()
		}
		mounted += len(b.layout.Entries)
		if diff := cmp.Diff(wantMounts(b.house), mountLines(b.house)); diff != "" {
			t.Errorf("seed %d: the mounts are:\n%s\nof the layout %+v", seed, diff, b.layout.Entries)
		}
	}
	if mounted < 60*25 {
		t.Errorf("%d entries in all: the layouts are too small to show anything", mounted)
	}
	if after := fileTree(t, dir); after != before {
		t.Errorf("the host's directory was\n%s\nand is\n%s", before, after)
	}
	jailtest.AlsoAsUser(t)
}
