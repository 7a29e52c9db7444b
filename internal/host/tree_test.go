package host

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// TestFiles compares the answers with what package os gives.
func TestFiles(t *testing.T) {
	dir := resolved(t, t.TempDir())
	for _, name := range []string{"b", "a", "ä", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("x/", 1500) + "end"
	err := errors.Join(os.Mkdir(dir+"/dir", 0o700), os.Symlink("a", dir+"/link"), os.Symlink("/nowhere", dir+"/dangling"), os.Symlink(long, dir+"/long"), unix.Mkfifo(dir+"/fifo", 0o600))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", dir+"/sock")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	want := []string{".hidden", "a", "b", "dangling", "dir", "fifo", "link", "long", "sock", "ä"}
	if names, err := (files{}).ReadDir(dir); err != nil || !slices.Equal(names, want) {
		t.Errorf("%q, %v", names, err)
	}
	for _, name := range append(want, "/dev/null", "/") {
		path := name
		if !strings.HasPrefix(name, "/") {
			path = dir + "/" + name
		}
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		st := info.Sys().(*syscall.Stat_t)
		if n, ok := (files{}).Lstat(path); !ok || n != (tree.Node{Device: uint64(st.Dev), Inode: st.Ino, Type: st.Mode & unix.S_IFMT, Owner: tree.Owner{UID: st.Uid, GID: st.Gid}, Perm: st.Mode & 0o777}) {
			t.Errorf("%s: %+v, %v; want %+v", path, n, ok, st)
		}
	}
	for name, want := range map[string]string{"link": "a", "dangling": "/nowhere", "long": long} {
		if text, err := (files{}).Readlink(dir + "/" + name); text != want || err != nil {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	dir := resolved(t, t.TempDir())
	if err := errors.Join(os.Mkdir(dir+"/real", 0o700), os.Symlink("real", dir+"/link"), os.WriteFile(dir+"/file", nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if n, ok := (files{}).Lstat(dir + "/none"); ok || n != (tree.Node{}) {
		t.Errorf("%+v", n)
	}
	if _, err := (files{}).Readlink(dir + "/file"); err == nil {
		t.Error("a file was read as a link")
	}
	for _, name := range []string{"none", "file", "link"} {
		if names, err := (files{}).ReadDir(dir + "/" + name); err == nil {
			t.Errorf("%s: %q", name, names)
		}
	}
}

// TestReadDirLarge reads a directory that does not fit in one answer.
func TestReadDirLarge(t *testing.T) {
	dir := resolved(t, t.TempDir())
	const n = 700
	for i := range n {
		if err := os.WriteFile(dir+"/"+strings.Repeat("n", 20)+string(rune('a'+i%26))+strings.Repeat("x", i/26), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	names, err := (files{}).ReadDir(dir)
	if err != nil || len(names) != n || !slices.IsSorted(names) || len(slices.Compact(names)) != n {
		t.Errorf("%d names, %v", len(names), err)
	}
}

func resolved(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// asIs is the policy of a command that sees the caller's files as they are.
func asIs() *policy.Policy {
	p := policy.Default()
	p.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost, Hidden: policy.PathList{Kind: policy.PathsNone}}
	return &p
}

// TestTreeFacts: what the policy does not need is not read, and what it needs is
// what others say it is.
func TestTreeFacts(t *testing.T) {
	dir := resolved(t, t.TempDir())
	t.Chdir(dir)
	uid := uint32(os.Getuid())
	f, err := treeFacts(asIs(), uid, "./x")
	if err != nil || f.Home != "" || f.HomeWhy != "" || f.Mounts != nil || f.Workdir != dir || f.Command != dir+"/./x" {
		t.Errorf("%+v, %v", f, err)
	}
	p := policy.Default()
	if f, err = treeFacts(&p, uid, "/bin/x"); err != nil {
		t.Fatal(err)
	}
	home, why := readHome(uid)
	if f.Home != home || f.HomeWhy != why || f.Command != "/bin/x" {
		t.Errorf("%+v", f)
	}
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); len(f.Mounts) != n || n == 0 {
		t.Errorf("%d mounts of %d", len(f.Mounts), n)
	}
	for _, m := range f.Mounts {
		if !strings.HasPrefix(m.Point, "/") || m.ID == 0 {
			t.Errorf("%+v", m)
		}
	}
}

func TestBelow(t *testing.T) {
	for _, tt := range []struct{ dir, path, want string }{
		{"/a/b", "x", "/a/b/x"},
		{"/a/b", "../x", "/a/b/../x"},
		{"/", "./x", "//./x"},
		{"", "x", ""},
	} {
		if got := below(tt.dir, tt.path); got != tt.want {
			t.Errorf("%s below %s: %s, want %s", tt.path, tt.dir, got, tt.want)
		}
	}
}

// TestWorkdir: a directory that was removed has no path.
func TestWorkdir(t *testing.T) {
	dir := resolved(t, t.TempDir()) + "/gone"
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if got := workdir(); got != dir {
		t.Errorf("%q, want %q", got, dir)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if got := workdir(); got != "" {
		t.Errorf("%q", got)
	}
}

// TestShut: who may enter which directory.
func TestShut(t *testing.T) {
	dir := resolved(t, jailtest.PublicDir(t))
	if err := errors.Join(os.MkdirAll(dir+"/a/b/c", 0o755), os.Chmod(dir+"/a/b", 0o700)); err != nil {
		t.Fatal(err)
	}
	if got := shut(dir+"/a/b/c", true); !slices.Equal(got, []string{dir + "/a/b"}) {
		t.Errorf("a stranger: %q", got)
	}
	if got := shut(dir+"/a/b/c", false); got != nil {
		t.Errorf("the caller: %q", got)
	}
	if got := shut(dir+"/a", true); got != nil {
		t.Errorf("a stranger: %q", got)
	}
	if got := shut("", true); got != nil {
		t.Errorf("nowhere: %q", got)
	}
}

// TestLayTree lays a tree on this host: as whoever runs the test and, for root,
// as an ordinary user as well.
func TestLayTree(t *testing.T) {
	jailtest.AlsoAsUser(t)
	dir := resolved(t, t.TempDir())
	if err := errors.Join(os.MkdirAll(dir+"/work/.git/hooks", 0o700), os.Mkdir(dir+"/work/sub", 0o700), os.WriteFile(dir+"/work/.git/config", nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir + "/work/sub")
	p := policy.Default()
	p.Filesystem.Writable = []string{"project"}
	h := &plan.Host{UID: uint32(os.Getuid())}
	if err := layTree(h, &p, "/bin/sh"); err != nil {
		t.Fatal(err)
	}
	if h.TreeRefused != nil || h.Tree == nil {
		t.Fatalf("refused: %v", h.TreeRefused)
	}
	if !slices.Equal(h.Tree.Writable, []string{dir + "/work"}) || h.Tree.Workdir != dir+"/work/sub" || h.Tree.Command != "/bin/sh" {
		t.Errorf("writable %q, working directory %s, command %s", h.Tree.Writable, h.Tree.Workdir, h.Tree.Command)
	}
	want := map[string]tree.Kind{"/proc": tree.Proc, "/dev/null": tree.Bind, "/tmp": tree.Tmpfs, dir + "/work": tree.Bind, dir + "/work/.git/config": tree.Bind}
	for i := range h.Tree.Entries {
		e := &h.Tree.Entries[i]
		if kind, ok := want[e.Target]; ok && kind == e.Kind {
			delete(want, e.Target)
		}
		if e.Source == "" || e.Kind == tree.Symlink {
			continue
		}
		if n, ok := (files{}).Lstat(e.Source); !ok || n != e.Node || resolved(t, e.Source) != e.Source {
			t.Errorf("%s: the source %s is %+v", e.Target, e.Source, n)
		}
	}
	for target, kind := range want {
		t.Errorf("no entry of kind %d at %s", kind, target)
	}
}

// TestLayTreeRefused: what stands against the tree is not an error of the
// snapshot.
func TestLayTreeRefused(t *testing.T) {
	t.Chdir("/")
	p := policy.Default()
	p.Filesystem.Writable = []string{"/nowhere/at/all", "."}
	h := &plan.Host{UID: uint32(os.Getuid())}
	if err := layTree(h, &p, ""); err != nil {
		t.Fatal(err)
	}
	if h.Tree != nil || h.TreeRefused == nil || len(h.TreeRefused.List) != 2 {
		t.Errorf("%+v, %v", h.Tree, h.TreeRefused)
	}
}
