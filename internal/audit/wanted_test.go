package audit

import (
	"fmt"
	"testing"

	"github.com/netjail/netjail/internal/tree"
)

// TestPlace: the short way to the mount that a path lies on leads where the long
// one does.
func TestPlace(t *testing.T) {
	l := systemLayout()
	l.Mounts = callersTable(hostTable)
	quick, ok := wantedMounts(l, l.Mounts)
	if !ok {
		t.Fatal("no tree")
	}
	var f forest
	for i, at := range quick.at {
		if want := f.top(at); want != quick.on[i] {
			t.Errorf("%s lies on mount %d, want %d", at, quick.on[i], want)
		}
		f.add(at, quick.on[i])
	}
}

// TestWantedOrder: entries in another order lie where the kernel puts them.
func TestWantedOrder(t *testing.T) {
	tmpfs := func(at string) tree.Entry { return tree.Entry{Kind: tree.Tmpfs, Target: at} }
	l := &tree.Layout{
		Mounts:  callersTable(hostTable),
		Entries: []tree.Entry{tmpfs("/b"), tmpfs("/a"), tmpfs("/b/c"), tmpfs("/b"), tmpfs("/b/c")},
	}
	got, ok := wantedMounts(l, l.Mounts)
	if !ok {
		t.Fatal("no tree")
	}
	if want := []int{-1, 0, 0, 1, 1, 4}; fmt.Sprint(got.on) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got.on, want)
	}
}

// TestWantedManyMounts bounds what a tree of many mounts takes, as one does that
// was put together file by file: the work must not grow with its square.
func TestWantedManyMounts(t *testing.T) {
	l := manyMounts()
	got, ok := wantedMounts(l, l.Mounts)
	if !ok || !got.sorted || len(got.list) != len(l.Entries)+1 {
		t.Errorf("sorted: %t, %d mounts", got.sorted, len(got.list))
	}
}

func manyMounts() *tree.Layout {
	l := &tree.Layout{Mounts: callersTable(hostTable)}
	for i := range 2000 {
		path := fmt.Sprintf("/usr/lib/%04d", i)
		l.Entries = append(l.Entries, tree.Entry{Kind: tree.Bind, Source: path, Target: path, Node: tree.Node{Type: aFile}})
	}
	return l
}

func BenchmarkManyMounts(b *testing.B) {
	l := manyMounts()
	table := "100 90 0:60 / / ro,nosuid,nodev - tmpfs none rw\n"
	for i := range l.Entries {
		table += fmt.Sprintf("%d 100 254:0 /usr/lib/%04d /usr/lib/%04d ro - ext4 none rw\n", 101+i, i, i)
	}
	lines := readTable(table)
	for b.Loop() {
		if t := compareMounts(l, l.Mounts, lines); len(t.extra) > 0 {
			b.Fatal("a line was not found")
		}
	}
}
