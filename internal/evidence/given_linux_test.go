package evidence

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// TestReadGiven looks at directories of this process's own root, in which nothing
// is translated: both sides say the same, and what is made with ids has those.
func TestReadGiven(t *testing.T) {
	jailtest.Require(t, "root")
	dir := jailtest.PublicDir(t)
	file := jailtest.File(t, dir, "file", "", false)
	below := filepath.Join(dir, "below")
	for path, owner := range map[string]int{below: 0, filepath.Join(below, "x"): 77, filepath.Join(dir, "y"): 0} {
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, owner, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	as := Ownership{jailtest.Stranger, jailtest.Stranger + 1}
	paths := []GivenPath{{dir, dir}, {file, file}, {below, below}}

	got := ReadGiven(os.Getpid(), paths, as, true)
	if !got.Known || len(got.Value) != 3 {
		t.Fatalf("%+v", got)
	}
	whole, one, closed := got.Value[0], got.Value[1], got.Value[2]
	if root := (Ownership{}); whole.Inside != root || whole.Host != root || !whole.Directory {
		t.Errorf("the directory: %+v", whole)
	}
	if !whole.Made.Known || whole.Made.Value != as {
		t.Errorf("what was made: %+v", whole.Made)
	}
	if o := whole.Others.Value; !whole.Others.Known || o != (Others{Files: 4, Other: 1}) {
		t.Errorf("others: %+v", whole.Others)
	}
	if one.Directory || one.Made.Known || !one.Others.Known {
		t.Errorf("the file: %+v", one)
	}
	if closed.Made.Known || !strings.Contains(closed.Made.Why, "make a file") {
		t.Errorf("what these ids may not write: %+v", closed.Made)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 3 {
		t.Errorf("in the directory are %v, %v", names, err)
	}
	cheap := ReadGiven(os.Getpid(), paths[:1], as, false)
	if !cheap.Known || cheap.Value[0].Made.Known || cheap.Value[0].Others.Known {
		t.Errorf("without the dear part: %+v", cheap)
	}
	for _, p := range []GivenPath{{dir + "/none", dir}, {dir, dir + "/none"}} {
		if got := ReadGiven(os.Getpid(), []GivenPath{paths[0], p}, as, false); got.Known || !strings.Contains(got.Why, p.Path) {
			t.Errorf("%v: %+v", p, got)
		}
	}
	var st unix.Stat_t
	if err := unix.Stat(dir, &st); err != nil {
		t.Fatal(err)
	}
	if status, err := os.ReadFile("/proc/thread-self/status"); err != nil || jailtest.Field(string(status), "Uid") != "0\t0\t0\t0" {
		t.Errorf("this thread's ids are %q, %v", jailtest.Field(string(status), "Uid"), err)
	}
}

// TestOthersBound: the count ends at its bound, and says so.
func TestOthersBound(t *testing.T) {
	dir := t.TempDir()
	jailtest.File(t, dir, "file", "", false)
	o := Others{Files: walkBound}
	if o.directory(dir, dir, Ownership{}); !o.Cut || o.Files != walkBound {
		t.Errorf("%+v", o)
	}
	if o := others(filepath.Join(dir, "file"), Ownership{}); o.Closed != 1 {
		t.Errorf("what is no directory: %+v", o)
	}
}
