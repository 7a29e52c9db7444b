package catalog

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

func TestList(t *testing.T) {
	w := newWorld(t, "repo/.netjail/ci.yaml", "repo/.netjail/offline.yaml", "repo/.netjail/two words.yaml", "repo/.netjail/notes.txt", "user/ci.yaml", "user/mine.yaml")
	w.check(unix.Mkfifo(w.path("repo/.netjail/pipe.yaml"), 0o644))
	w.check(os.Mkdir(w.path("repo/sub/.netjail"), 0o755))
	type line struct {
		name  string
		place Place
	}
	errs := map[line]error{}
	last := ""
	for _, l := range w.at("repo/sub").List() {
		if l.Name < last {
			t.Errorf("%s behind %s", l.Name, last)
		}
		last = l.Name
		errs[line{l.Name, l.Place}] = l.Err
		if l.Err == nil && len(l.Text) == 0 {
			t.Errorf("%s (%s) has no text", l.Name, l.Place)
		}
	}
	if len(errs) != 8+6 {
		t.Errorf("%d lines: %v", len(errs), errs)
	}
	var twice *TwiceError
	var unknown *UnknownError
	var refused *RefusedError
	for l, want := range map[line]any{
		{"ci", Project}: &twice, {"ci", User}: &twice, {"offline", Project}: &twice, {"offline", BuiltIn}: &twice,
		{"two words", Project}: &unknown, {"pipe", Project}: &refused,
	} {
		if err, ok := errs[l]; !ok || err == nil || !errors.As(err, want) {
			t.Errorf("%v: %v", l, err)
		}
	}
	for _, l := range []line{{"mine", User}, {"base", BuiltIn}} {
		if err, ok := errs[l]; !ok || err != nil {
			t.Errorf("%v: %v, %v", l, ok, err)
		}
	}
}

// A directory that may not be listed is a line by itself.
func TestListUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root lists everything")
	}
	w := newWorld(t)
	w.check(os.Chmod(w.path("user"), 0))
	t.Cleanup(func() { os.Chmod(w.path("user"), 0o755) })
	found := false
	for _, l := range w.at("repo").List() {
		if l.Name == "" && l.Path == w.path("user") && l.Err != nil {
			found = true
		}
	}
	if !found {
		t.Error("the directory is not told")
	}
}

func BenchmarkOnlyBuiltIn(b *testing.B) {
	w := Where{Workdir: "/", User: "/nowhere/netjail", System: SystemDir}
	if dir, err := os.Getwd(); err == nil {
		w.Workdir = dir
	}
	b.ReportAllocs()
	for b.Loop() {
		New(&w).OnlyBuiltIn("offline")
	}
}
