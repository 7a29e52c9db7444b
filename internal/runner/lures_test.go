package runner

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// connected is a connection of this process's to each lure.
func connected(t *testing.T, l *Lures) {
	t.Helper()
	for i := range l.list {
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fd) })
		if err := unix.Connect(fd, l.list[i].address()); err != nil {
			t.Errorf("%+v: %v", l.list[i].target, err)
		}
	}
}

// TestLures wants each to be alive, to count whom it is asked for and nobody
// else, and to leave nothing behind.
func TestLures(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	l, err := NewLures([]string{dir, dir, link, file, filepath.Join(dir, "none")})
	if err != nil {
		t.Fatal(err)
	}
	targets := l.Targets()
	if len(targets) != 3 || !targets[0].Abstract || filepath.Dir(targets[1].Name) != dir || targets[2].Name != targets[1].Name+lateEnding {
		t.Fatalf("targets are %+v", targets)
	}
	if late := l.Result(os.Getpid())[2]; late.Control || !late.Late {
		t.Errorf("a lure that nobody has bound yet is %+v", late)
	}
	l.bindLate()
	for _, pid := range []int{os.Getpid(), os.Getppid()} {
		connected(t, l)
		for _, got := range l.Result(pid) {
			want := 0
			if pid == os.Getpid() {
				want = 1
			}
			if !got.Control || got.Reached != want {
				t.Errorf("asked for %d: %+v, want %d", pid, got, want)
			}
		}
	}
	if err := os.Remove(targets[1].Name); err != nil { // as a cleaner of /tmp does
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if left := lureNames(t, dir); left != nil {
		t.Errorf("left behind are %q", left)
	}
}

// TestLuresWithoutAPlace: the one with an abstract name is bound anywhere.
func TestLuresWithoutAPlace(t *testing.T) {
	l, err := NewLures([]string{"/proc/self/fdinfo", "/no/such/directory"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(l.Targets()); n != 1 {
		t.Errorf("%d lures", n)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// TestLuresFail wants what was bound before a failure to be taken away again.
func TestLuresFail(t *testing.T) {
	dir, long := t.TempDir(), "/"+strings.Repeat("x", 200)
	if _, err := NewLures([]string{dir, long}); err == nil {
		t.Fatal("a name of 200 bytes was bound")
	}
	if left := lureNames(t, dir); left != nil {
		t.Errorf("left behind are %q", left)
	}
}

// TestSweep clears away what a netjail that was killed has left, and nothing
// else.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{lurePrefix + "dead", lurePrefix + "alive", "other"} {
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := unix.Bind(fd, &unix.SockaddrUnix{Name: at(name)}); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "alive") { // bound, and not yet listening
			defer unix.Close(fd)
			continue
		}
		unix.Close(fd)
	}
	if err := os.WriteFile(at(lurePrefix+"file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	sweep(dir)
	if got, want := lureNames(t, dir), []string{lurePrefix + "alive", lurePrefix + "file", "other"}; !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
}

func lureNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "file" {
			names = append(names, e.Name())
		}
	}
	return names
}
