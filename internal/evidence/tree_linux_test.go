package evidence

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// overlaid is a directory in that root which shows /usr through an overlay.
const overlaid = "over"

// ownRoot gives the child a root of its own in memory, in which it stands in
// "/a b".
func ownRoot() error {
	const at = "/tmp"
	errs := []error{
		unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
		unix.Mount("root", at, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755"),
		unix.Chdir(at),
		unix.Mkdir("proc", 0o755), unix.Mkdir("a b", 0o755), unix.Mkdir("a b/empty", 0o755), unix.Mkdir("full", 0o755),
		os.WriteFile("full/three", []byte("abc"), 0o644), os.WriteFile("full/null", nil, 0o644),
		os.Symlink("/full", "link"),
		os.Symlink("/proc/self/root", "magic"),
		unix.Mkdir(overlaid, 0o755),
		unix.Mount("overlay", overlaid, "overlay", unix.MS_RDONLY, "lowerdir=/usr:a b/empty,userxattr"),
		unix.Mount("/dev/null", "full/null", "", unix.MS_BIND, ""),
		unix.Mount("/proc", "proc", "", unix.MS_BIND|unix.MS_REC, ""),
		unix.Mount("over", "a b", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC|unix.MS_RDONLY, ""),
		unix.PivotRoot(".", "."),
		unix.Unmount(".", unix.MNT_DETACH),
		unix.Chdir("/a b"),
	}
	return errors.Join(errs...)
}

// inOwnRoot is a child in a root of its own, and what is read of it.
func inOwnRoot(t *testing.T, files ...string) (Inside, Process) {
	t.Helper()
	pid, in := jailed(t, newNamespaces(0, ns.Mount), "own-root")
	return in, ReadProcess(pid, Options{Mounts: true, Files: files})
}

func TestOwnRoot(t *testing.T) {
	in, out := inOwnRoot(t)
	mounts := known(t, "mounts", out.Mounts)
	points := map[string]Mount{}
	for _, m := range mounts {
		points[m.Point] = m
	}
	root, over := points["/"], points["/a b"]
	if root.Type != "tmpfs" || root.Flags != MountNosuid|MountNodev {
		t.Errorf("root: %+v", root)
	}
	if over.Type != "tmpfs" || over.Flags != MountReadOnly|MountNosuid|MountNodev|MountNoexec|SuperReadOnly || over.Parent != root.ID {
		t.Errorf("over: %+v", over)
	}
	if null := points["/full/null"]; null.Root != "/null" || null.Parent != root.ID || !null.Writable() {
		t.Errorf("null: %+v", null)
	}
	if points["/proc"].Type != "proc" {
		t.Errorf("proc: %+v", points["/proc"])
	}
	if diff := cmp.Diff(Place{Path: "/", Mount: root.ID}, known(t, "root", out.Root)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Place{Path: "/a b", Mount: over.ID}, known(t, "cwd", out.Cwd)); diff != "" {
		t.Error(diff)
	}
	if got := known(t, "cwd", in.Cwd); got != "/a b" {
		t.Errorf("inside the working directory is %q", got)
	}
}

// Without a root of its own a process stands where this one does.
func TestPlaceOfTheCaller(t *testing.T) {
	pid, in := jailed(t, newNamespaces(0, ns.UTS))
	out := ReadProcess(pid, Options{Mounts: true})
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if got := known(t, "cwd", out.Cwd); got.Path != here || known(t, "cwd", in.Cwd) != here {
		t.Errorf("outside %+v, inside %q, want %q", got, in.Cwd.Value, here)
	}
	own := known(t, "own mounts", ReadOwnMounts())
	if !slices.EqualFunc(own, known(t, "mounts", out.Mounts), func(a, b Mount) bool { return a == b }) {
		t.Error("one mount namespace has two tables")
	}
	at := slices.IndexFunc(own, func(m Mount) bool { return m.ID == out.Cwd.Value.Mount })
	if at < 0 || !strings.HasPrefix(here, own[at].Point) {
		t.Errorf("the working directory lies on no mount of the table: %+v", out.Cwd.Value)
	}
}

func TestFiles(t *testing.T) {
	_, out := inOwnRoot(t, "/full", "/full/three", "/full/null", "/a b", "/nothing", "/full/three/x", "/link", "/link/../full/three")
	want := []File{
		{Path: "/full", Exists: true, Kind: FileDirectory, Perm: 0o755, Names: 2},
		{Path: "/full/three", Exists: true, Kind: FileRegular, Perm: 0o644, Size: 3},
		{Path: "/full/null", Exists: true, Kind: FileCharacter, Perm: 0o666, Device: "1:3"},
		{Path: "/a b", Exists: true, Kind: FileDirectory, Perm: 0o1777}, // what is mounted over it is empty
		{Path: "/nothing"},
		{Path: "/full/three/x"},
		{Path: "/link", Exists: true, Kind: FileLink, Perm: 0o777, Link: "/full"},
		{Path: "/link/../full/three", Exists: true, Kind: FileRegular, Perm: 0o644, Size: 3},
	}
	got := known(t, "files", out.Files)
	for i := range got {
		if got[i].Exists && got[i].Changed == 0 {
			t.Errorf("%s was never changed", got[i].Path)
		}
		got[i].Born, got[i].Changed = 0, 0
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestOverlayPassesTimesOn: an overlay shows when the directory below it was made
// and changed, which tells that one from others.
func TestOverlayPassesTimesOn(t *testing.T) {
	const dirs = "/usr"
	_, out := inOwnRoot(t, "/"+overlaid)
	got, own := known(t, "files", out.Files), known(t, "own files", ReadOwnFiles([]string{dirs}))
	if !got[0].Exists || got[0].Changed != own[0].Changed || got[0].Born != own[0].Born || got[0].Perm != own[0].Perm || got[0].Names != own[0].Names {
		t.Errorf("of %s: %+v, of the overlay %+v", dirs, own, got)
	}
	if own[0].Born == 0 {
		t.Log("this file system does not tell when a file was made")
	}
}

// TestFilesUnknown: one path that cannot be looked at leaves all unknown.
func TestFilesUnknown(t *testing.T) {
	_, out := inOwnRoot(t, "/full", "/magic/full")
	if out.Files.Known || !strings.Contains(out.Files.Why, "/magic/full") {
		t.Errorf("%+v", out.Files)
	}
	pid, _ := jailed(t, newNamespaces(0, ns.UTS))
	if out := ReadProcess(pid, Options{}); out.Files.Known || out.Cwd.Known || out.Root.Known {
		t.Error("what was not asked for is known")
	}
}

func BenchmarkParseMountInfo(b *testing.B) {
	var text strings.Builder
	for i := range 25 {
		fmt.Fprintf(&text, "%d 64 0:%d / /usr/lib%d ro,nosuid,nodev,relatime - overlay overlay ro,lowerdir=/tmp/empty:/usr/lib%d,redirect_dir=nofollow,userxattr\n", 100+i, 40+i, i, i)
	}
	table := text.String()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseMountInfo(table); err != nil {
			b.Fatal(err)
		}
	}
}
