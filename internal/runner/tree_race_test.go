package runner_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/tree"
)

// swapper exchanges two names over and over, until it is told to stop.
func swapper(t *testing.T, a, b string) (stop func()) {
	t.Helper()
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				if err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	return func() {
		close(done)
		wait.Wait()
	}
}

// How often a race is run: the one that is likeliest to be lost, and the others.
const (
	manyStarts = 200
	someStarts = 15
)

// TestSourceRace: somebody exchanges a source with a symbolic link, or with
// another directory, all the time. Each start shows the directory that the
// snapshot saw, or ends with an error that says so.
func TestSourceRace(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, c := range []struct {
		name string
		bait func(bait, other string) error
	}{
		{"symbolic link", func(bait, other string) error { return os.Symlink(other, bait) }},
		{"another directory", func(bait, other string) error { return os.Rename(other, bait) }},
	} {
		for _, kind := range []tree.Kind{tree.Bind, tree.Overlay, tree.Ephemeral} {
			t.Run(c.name+"/"+kindName(kind), func(t *testing.T) {
				dir := jailtest.PublicDir(t)
				source, other, bait := filepath.Join(dir, "source"), filepath.Join(dir, "other"), filepath.Join(dir, "bait")
				for _, d := range []string{source, other} {
					if err := os.Mkdir(d, 0o755); err != nil {
						t.Fatal(err)
					}
					jailtest.File(t, d, "which", filepath.Base(d), false)
				}
				h := inside(newRoot(t), kind, source, "/place", 0)
				if err := c.bait(bait, other); err != nil {
					t.Fatal(err)
				}
				n := someStarts
				if kind == tree.Overlay {
					n = manyStarts // the kernel takes a path here, and not a descriptor
				}
				raced(t, h, n, source, bait, "/place/which", "source")
			})
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestTargetRace: somebody exchanges the directory that protected paths lie in
// with a link, or the path itself, below what the command shares with the host.
func TestTargetRace(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, name := range []string{".git", ".git/config"} {
		t.Run(name, func(t *testing.T) {
			dir := repository(t)
			jailtest.File(t, dir, "elsewhere", "elsewhere", false)
			bait := filepath.Join(dir, "bait")
			if err := os.Symlink("elsewhere", bait); err != nil {
				t.Fatal(err)
			}
			h := protect(inside(newRoot(t), tree.Bind, dir, "/work", tree.Nosuid|tree.Nodev), dir, "/work")
			raced(t, h, someStarts, filepath.Join(dir, name), bait, "/dev/null", "")
		})
	}
	jailtest.AlsoAsUser(t)
}

// raced starts the house over and over while two names are exchanged, and wants
// from each start that the file inside says what it is to say, or an error that
// is about a path.
func raced(t *testing.T, h *house, starts int, a, b, file, want string) {
	t.Helper()
	ran, refused := 0, 0
	stop := swapper(t, a, b)
	defer stop()
	for range starts {
		err := h.run("cat " + file)
		var step *runner.StepError
		switch {
		case err == nil && h.said == want:
			ran++
		case err == nil:
			t.Fatalf("the command saw %q", h.said)
		case errors.As(err, &step) && ofPath(step):
			refused++
		default:
			t.Fatalf("the error is %v", err)
		}
	}
	t.Logf("%d starts showed the directory, %d ended", ran, refused)
}

// ofPath says whether a step ended because a path was not what it was.
func ofPath(e *runner.StepError) bool {
	switch {
	case strings.HasSuffix(e.Op.Name, ".same"):
		return e.Errno == 0 && e.Result > 0
	case e.Op.Call == "openat2":
		return e.Errno == unix.ELOOP || e.Errno == unix.ENOENT || e.Errno == unix.ENOTDIR
	}
	return false
}
