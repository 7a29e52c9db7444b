package e2e

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// vandal tries to change whatever it finds below the directories that it is given:
// contents, modes, owners, attributes, times, names. It says how much it could do.
const vandal = `import os, sys
done = 0
def attempt(f, *args):
	global done
	try:
		f(*args)
		done += 1
	except (OSError, AttributeError):
		pass
def write(path, flags):
	fd = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
	os.write(fd, b"vandal")
	os.close(fd)
def change(path):
	attempt(write, path, os.O_WRONLY | os.O_APPEND)
	attempt(write, path, os.O_WRONLY | os.O_TRUNC)
	attempt(write, path + "/new", os.O_WRONLY | os.O_CREAT)
	attempt(os.truncate, path, 1)
	attempt(os.chmod, path, 0o700)
	attempt(os.chown, path, 1, 1)
	attempt(os.setxattr, path, "user.vandal", b"was here")
	attempt(os.removexattr, path, "user.kept")
	attempt(os.utime, path, (1, 1))
	attempt(os.link, path, path + ".link")
	attempt(os.symlink, "/", path + ".symlink")
	attempt(os.mkfifo, path + ".fifo")
	attempt(os.rename, path, path + ".renamed")
	attempt(os.unlink, path)
	attempt(os.rmdir, path)
for top in sys.argv[1:]:
	for at, dirs, files in os.walk(top, topdown=False):
		for name in files + dirs:
			change(os.path.join(at, name))
	change(top)
print(done)
`

// treasure makes a tree that everybody may write, as far as its own modes go.
func treasure(t testing.TB, parent string) string {
	t.Helper()
	dir, err := os.MkdirTemp(parent, ".netjail-treasure-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, name := range []string{"file", "sub/file", "sub/deep/file"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		jailtest.File(t, filepath.Dir(path), filepath.Base(path), "kept: "+name+"\n", false)
		if err := unix.Setxattr(path, "user.kept", []byte(name), 0); err != nil && err != unix.ENOTSUP {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("file", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.Type()&fs.ModeSymlink != 0 {
			return err
		}
		return os.Chmod(path, map[bool]fs.FileMode{true: 0o777, false: 0o666}[e.IsDir()])
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// inventory is everything below a directory: name, type and mode, owner, links,
// time, attributes and contents.
func inventory(t testing.TB, dir string) []string {
	t.Helper()
	var list []string
	if _, err := os.Lstat(dir); err != nil {
		return []string{err.Error()}
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		var st unix.Stat_t
		if err == nil {
			err = unix.Lstat(path, &st)
		}
		if err != nil {
			return err
		}
		var text []byte
		switch st.Mode & unix.S_IFMT {
		case unix.S_IFREG:
			text, err = os.ReadFile(path)
		case unix.S_IFLNK:
			var to string
			to, err = os.Readlink(path)
			text = []byte(to)
		}
		list = append(list, fmt.Sprintf("%s %o %d:%d %d %d.%d %s %q", path, st.Mode, st.Uid, st.Gid, st.Nlink, st.Mtim.Sec, st.Mtim.Nsec, attributes(path), text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// attributes are a file's extended ones, with their values.
func attributes(path string) string {
	names := make([]byte, 4096)
	n, err := unix.Llistxattr(path, names)
	if err != nil {
		return err.Error()
	}
	var all []string
	for _, name := range strings.Split(strings.TrimSuffix(string(names[:n]), "\x00"), "\x00") {
		value := make([]byte, 4096)
		n, _ := unix.Lgetxattr(path, name, value)
		all = append(all, fmt.Sprintf("%s=%q", name, value[:max(n, 0)]))
	}
	return strings.Join(all, " ")
}

// TestVandal: nothing outside of what is writable is changed by whoever tries, byte
// for byte: content, owner, mode, attributes. Outside the same program changes it
// all, and in the jail what is writable.
func TestVandal(t *testing.T) {
	jailtest.Require(t, "python3")
	w := newWork(t)
	program := filepath.Join(w.inside, "vandal.py")
	w.write(program, []byte(vandal))
	parents := []string{"/tmp", "/var/tmp", w.account}
	if w.UID == 0 {
		parents = append(parents, "/opt", "/usr/local", "/etc", "/srv", "/var/lib", "/run")
	}
	control := treasure(t, w.dir)
	before := inventory(t, control)
	if e := w.end(w.command(w.inside, "python3", program, control)); !e.exited(0) || cmp.Equal(before, inventory(t, control)) {
		t.Fatalf("outside it changes nothing: %s", e)
	}
	for _, profile := range []string{"offline", "offline-strict", "build", "package-install", "agent"} {
		t.Run(profile, func(t *testing.T) { w.vandalise(t, profile, parents) })
	}
}

func (w *work) vandalise(t *testing.T, profile string, parents []string) {
	w.profile = profile
	var kept []string
	for _, p := range parents {
		kept = append(kept, treasure(t, p))
	}
	guarded := []string{".git/config", ".git/hooks/hook", ".envrc", ".vscode/tasks.json"}
	for _, name := range guarded {
		w.write(filepath.Join(w.inside, name), []byte("kept\n"))
	}
	free := treasure(t, w.inside)
	w.open(w.inside)
	list := func() (all []string) {
		for _, dir := range kept {
			all = append(all, inventory(t, dir)...)
		}
		for _, name := range guarded {
			all = append(all, inventory(t, filepath.Join(w.inside, name))...)
		}
		return all
	}
	before, shared := list(), inventory(t, free)
	targets := append(append([]string{}, kept...), filepath.Join(w.inside, ".git"), filepath.Join(w.inside, ".vscode"), filepath.Join(w.inside, ".envrc"), free)
	e := w.end(w.command(w.inside, w.jailed(append([]string{"python3", "-c", vandal}, targets...)...)...))
	if !e.exited(0) {
		t.Fatal(e)
	}
	if diff := cmp.Diff(before, list()); diff != "" {
		t.Errorf("changed (-before +after):\n%s", diff)
	}
	writable := profile != "offline-strict"
	if changed := !cmp.Equal(shared, inventory(t, free)); changed != writable {
		t.Errorf("in the project it changes something: %t, want %t; it did %s", changed, writable, e.out)
	}
	os.RemoveAll(free + ".renamed")
}
