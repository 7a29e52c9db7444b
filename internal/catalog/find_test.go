package catalog

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/policy"
)

// world is a directory with a project, its repository's root at repo, and a
// user's and a system's place.
type world struct {
	t   *testing.T
	dir string
}

const text = "apiVersion: netjail/v1\n"

func newWorld(t *testing.T, files ...string) *world {
	w := &world{t, t.TempDir()}
	if real, err := filepath.EvalSymlinks(w.dir); err == nil {
		w.dir = real
	}
	for _, dir := range []string{"repo/.git", "repo/sub/deep", "user", "system"} {
		w.check(os.MkdirAll(w.path(dir), 0o755))
	}
	for _, file := range files {
		w.check(os.MkdirAll(filepath.Dir(w.path(file)), 0o755))
		w.check(os.WriteFile(w.path(file), []byte(text), 0o644))
	}
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

// at is the catalog of whoever stands in a directory.
func (w *world) at(workdir string) *Catalog {
	return New(&Where{Workdir: w.path(workdir), User: w.path("user"), System: w.path("system"), UID: uint32(os.Getuid())})
}

func (w *world) find(workdir, name string) (*Profile, error) { return w.at(workdir).Find(name) }

func TestFind(t *testing.T) {
	for _, tt := range []struct {
		name, workdir, file string
		place               Place
	}{
		{"in the working directory", "repo/sub", "repo/sub/.netjail/ci.yaml", Project},
		{"above it", "repo/sub/deep", "repo/sub/.netjail/ci.yaml", Project},
		{"in the repository's root", "repo/sub/deep", "repo/.netjail/ci.yaml", Project},
		{"the user's", "repo/sub", "user/ci.yaml", User},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, tt.file)
			p, err := w.find(tt.workdir, "ci")
			if err != nil {
				t.Fatal(err)
			}
			if p.Place != tt.place || p.Path != w.path(tt.file) || p.Name != "ci" || string(p.Text) != text {
				t.Errorf("%+v", p)
			}
			if w.at(tt.workdir).OnlyBuiltIn("ci") {
				t.Error("it counts as built in")
			}
		})
	}
	p, err := newWorld(t).find("repo", "offline")
	if err != nil || p.Place != BuiltIn || !strings.Contains(string(p.Text), "\nname: offline\n") {
		t.Errorf("the built-in profile: %+v, %v", p, err)
	}
}

// The system's profiles belong to root.
func TestFindSystem(t *testing.T) {
	w := newWorld(t, "system/ci.yaml")
	p, err := w.find("repo", "ci")
	if os.Getuid() == 0 {
		if err != nil || p.Place != System {
			t.Errorf("%+v, %v", p, err)
		}
		return
	}
	refusedFor(t, err, w.path("system"), "belongs to user")
}

// Above the repository's root, and above the working directory where there is no
// repository, nothing is the project's.
func TestFindStops(t *testing.T) {
	w := newWorld(t, ".netjail/ci.yaml", "plain/.netjail/ci.yaml")
	w.check(os.MkdirAll(w.path("plain/sub"), 0o755))
	for _, dir := range []string{"repo/sub", "plain/sub"} {
		var unknown *UnknownError
		if _, err := w.find(dir, "ci"); !errors.As(err, &unknown) {
			t.Errorf("in %s: %v", dir, err)
		}
	}
	if _, err := w.find("plain", "ci"); err != nil {
		t.Error(err)
	}
}

// A .git of a stranger's makes no repository.
func TestStrangersRepository(t *testing.T) {
	jailtest.Require(t, "root")
	w := newWorld(t, ".netjail/ci.yaml", "plain/x")
	w.check(os.Mkdir(w.path(".git"), 0o755))
	if _, err := w.find("plain", "ci"); err != nil {
		t.Fatalf("root's own repository: %v", err)
	}
	w.check(os.Chown(w.path(".git"), jailtest.Stranger, -1))
	var unknown *UnknownError
	if _, err := w.find("plain", "ci"); !errors.As(err, &unknown) {
		t.Errorf("a stranger's repository: %v", err)
	}
	w.check(os.Chown(w.path("plain"), jailtest.Stranger, -1))
	if _, err := w.find("plain", "ci"); err != nil {
		t.Errorf("the repository of the working directory's owner: %v", err)
	}
}

func TestTwice(t *testing.T) {
	all := []string{"repo/sub/.netjail/offline.yaml", "repo/.netjail/offline.yaml", "user/offline.yaml"}
	for _, tt := range []struct {
		name  string
		files []string
		more  int // built in
	}{
		{"two levels of the project", []string{"repo/sub/.netjail/ci.yaml", "repo/.netjail/ci.yaml"}, 0},
		{"the project and the user", []string{"repo/.netjail/ci.yaml", "user/ci.yaml"}, 0},
		{"the user and a built-in one", []string{"user/offline.yaml"}, 1},
		{"the project and a built-in one", all[1:2], 1},
		{"everywhere", all, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, tt.files...)
			name := strings.TrimSuffix(filepath.Base(tt.files[0]), ".yaml")
			_, err := w.find("repo/sub", name)
			var twice *TwiceError
			if !errors.As(err, &twice) || len(twice.Found) != len(tt.files)+tt.more {
				t.Fatalf("%v", err)
			}
			for _, file := range tt.files {
				if !strings.Contains(err.Error(), w.path(file)) {
					t.Errorf("%v does not name %s", err, file)
				}
			}
			if w.at("repo/sub").OnlyBuiltIn(name) {
				t.Error("it counts as built in alone")
			}
		})
	}
}

func TestOnlyBuiltIn(t *testing.T) {
	w := newWorld(t, "repo/.netjail/ci.yaml", "user/other.yaml")
	c := w.at("repo/sub/deep")
	if !c.OnlyBuiltIn("offline") || c.OnlyBuiltIn("ci") || c.OnlyBuiltIn("nothing") {
		t.Error("a name has changed hands")
	}
}

func refusedFor(t *testing.T, err error, path, cause string) {
	t.Helper()
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("%v, want a refusal for %q", err, cause)
	}
	if refused.Path != path || !strings.Contains(refused.Cause, cause) || refused.Help == "" {
		t.Errorf("%+v, want %s: %q", refused, path, cause)
	}
}

// What stands in the place of a profile, and must neither be read nor waited for.
func TestRefused(t *testing.T) {
	file := func(w *world) string { return w.path("repo/.netjail/ci.yaml") }
	replace := func(w *world, make func(path string) error) {
		w.check(os.Remove(file(w)))
		w.check(make(file(w)))
	}
	for _, tt := range []struct {
		name, cause string
		at          string // "" for the file
		change      func(w *world)
	}{
		{"a FIFO", "a FIFO", "", func(w *world) { replace(w, func(p string) error { return unix.Mkfifo(p, 0o644) }) }},
		{"a directory", "a directory", "", func(w *world) { replace(w, func(p string) error { return os.Mkdir(p, 0o755) }) }},
		{"a socket", "a socket", "", func(w *world) { replace(w, func(p string) error { return unix.Mknod(p, unix.S_IFSOCK|0o644, 0) }) }},
		{"a link", "a symbolic link", "", func(w *world) { replace(w, func(p string) error { return os.Symlink("../../user/x.yaml", p) }) }},
		{"a link in a circle", "a symbolic link", "", func(w *world) { replace(w, func(p string) error { return os.Symlink("ci.yaml", p) }) }},
		{"a dangling link", "a symbolic link", "", func(w *world) { replace(w, func(p string) error { return os.Symlink("nothing", p) }) }},
		{"a link in place of the directory", "a symbolic link", "repo/.netjail", func(w *world) {
			w.check(os.Rename(w.path("repo/.netjail"), w.path("elsewhere")))
			w.check(os.Symlink("../elsewhere", w.path("repo/.netjail")))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, "repo/.netjail/ci.yaml", "user/x.yaml")
			tt.change(w)
			_, err := w.find("repo/sub", "ci")
			path := file(w)
			if tt.at != "" {
				path = w.path(tt.at)
			}
			refusedFor(t, err, path, tt.cause)
		})
	}
}

// The user's place may be put together from links; who could change it counts.
func TestUsersPlace(t *testing.T) {
	jailtest.AlsoAsUser(t)
	for _, tt := range []struct {
		name, cause, at string
		change          func(w *world)
	}{
		{"as it should be", "", "", func(*world) {}},
		{"by a link", "", "", func(w *world) {
			w.check(os.Rename(w.path("user/ci.yaml"), w.path("dotfile")))
			w.check(os.Symlink(w.path("dotfile"), w.path("user/ci.yaml")))
		}},
		{"a dangling link", "cannot be read", "user/ci.yaml", func(w *world) {
			w.check(os.Remove(w.path("user/ci.yaml")))
			w.check(os.Symlink("nothing", w.path("user/ci.yaml")))
		}},
		{"a link to a FIFO", "a FIFO", "user/ci.yaml", func(w *world) {
			w.check(os.Remove(w.path("user/ci.yaml")))
			w.check(unix.Mkfifo(w.path("pipe"), 0o644))
			w.check(os.Symlink(w.path("pipe"), w.path("user/ci.yaml")))
		}},
		{"writable by the group", "others than its owner", "user/ci.yaml", func(w *world) { w.check(os.Chmod(w.path("user/ci.yaml"), 0o664)) }},
		{"writable by all", "others than its owner", "user/ci.yaml", func(w *world) { w.check(os.Chmod(w.path("user/ci.yaml"), 0o646)) }},
		{"a link to what all may write", "others than its owner", "user/ci.yaml", func(w *world) {
			w.check(os.Rename(w.path("user/ci.yaml"), w.path("dotfile")))
			w.check(os.Chmod(w.path("dotfile"), 0o666))
			w.check(os.Symlink(w.path("dotfile"), w.path("user/ci.yaml")))
		}},
		{"a directory that all may write", "others than its owner", "user", func(w *world) { w.check(os.Chmod(w.path("user"), 0o777)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, "user/ci.yaml")
			tt.change(w)
			_, err := w.find("repo", "ci")
			if tt.cause == "" {
				w.check(err)
				return
			}
			refusedFor(t, err, w.path(tt.at), tt.cause)
		})
	}
}

// What others own is refused in the user's place and in the system's.
func TestOwnedByOthers(t *testing.T) {
	jailtest.Require(t, "root")
	for _, at := range []string{"user", "user/ci.yaml", "system", "system/ci.yaml"} {
		place, _, _ := strings.Cut(at, "/")
		w := newWorld(t, place+"/ci.yaml")
		w.check(os.Chown(w.path(at), jailtest.Stranger, -1))
		_, err := w.find("repo", "ci")
		refusedFor(t, err, w.path(at), "belongs to user 12345")
	}
}

// An ordinary user meets what it may not read: told where it is there, nothing
// where it is out of reach.
func TestUnreadable(t *testing.T) {
	jailtest.AlsoAsUser(t)
	if os.Getuid() == 0 {
		return // root reads everything
	}
	w := newWorld(t, "repo/.netjail/offline.yaml")
	w.check(os.Chmod(w.path("repo/.netjail/offline.yaml"), 0))
	var twice *TwiceError
	if _, err := w.find("repo", "offline"); !errors.As(err, &twice) {
		t.Errorf("an unreadable file beside a built-in one: %v", err)
	}
	w.check(os.Rename(w.path("repo/.netjail/offline.yaml"), w.path("repo/.netjail/ci.yaml")))
	_, err := w.find("repo", "ci")
	refusedFor(t, err, w.path("repo/.netjail/ci.yaml"), "cannot be read: permission denied")

	w.check(os.Chmod(w.path("repo/.netjail"), 0))
	t.Cleanup(func() { os.Chmod(w.path("repo/.netjail"), 0o755) })
	_, err = w.find("repo", "ci")
	refusedFor(t, err, w.path("repo/.netjail/ci.yaml"), "cannot be read: permission denied")
	if w.at("repo").OnlyBuiltIn("offline") {
		t.Error("a place that may not be searched holds nothing")
	}
	w.check(os.Chmod(w.path("repo/.netjail"), 0o755))

	w.check(os.Chmod(w.path("repo"), 0))
	t.Cleanup(func() { os.Chmod(w.path("repo"), 0o755) })
	var unknown *UnknownError
	if _, err := w.find("repo/sub", "ci"); !errors.As(err, &unknown) {
		t.Errorf("out of reach: %v", err)
	}
	if !w.at("repo/sub").OnlyBuiltIn("offline") {
		t.Error("out of reach, and yet in the way")
	}
}

func TestUnknown(t *testing.T) {
	w := newWorld(t, "repo/.netjail/ci.yaml", "user/mine.yaml", "user/.hidden.yaml", "user/readme.txt")
	_, err := w.find("repo", "c")
	var unknown *UnknownError
	if !errors.As(err, &unknown) || unknown.Odd || len(unknown.Dirs) != 3 {
		t.Fatalf("%v", err)
	}
	for _, name := range []string{"ci", "mine", "offline"} {
		if !slices.Contains(unknown.Known, name) {
			t.Errorf("%s is not among %q", name, unknown.Known)
		}
	}
	if slices.Contains(unknown.Known, ".hidden") || slices.Contains(unknown.Known, "readme.txt") {
		t.Errorf("%q", unknown.Known)
	}
	for _, name := range []string{"", "..", "../user/mine", "a b", "-x"} {
		if _, err := w.find("repo", name); !errors.As(err, &unknown) || !unknown.Odd {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A file larger than a profile may be is read up to one byte more, and no further.
func TestTooLarge(t *testing.T) {
	w := newWorld(t, "repo/.netjail/ci.yaml")
	w.check(os.Truncate(w.path("repo/.netjail/ci.yaml"), 3<<20))
	p, err := w.find("repo", "ci")
	if err != nil || len(p.Text) != policy.MaxBytes+1 {
		t.Errorf("%d bytes, %v", len(p.Text), err)
	}
}

func TestAt(t *testing.T) {
	w := newWorld(t, "far/.netjail/ci.yaml")
	p, err := w.at("repo").At(w.path("far/.netjail"), "ci")
	if err != nil || p.Path != w.path("far/.netjail/ci.yaml") || string(p.Text) != text {
		t.Errorf("%+v, %v", p, err)
	}
	_, err = w.at("repo").At(w.path("far"), "ci")
	refusedFor(t, err, w.path("far/ci.yaml"), "no such file")
}
