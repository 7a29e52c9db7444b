package evidence

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// bound is a socket of a type with a name, which listens where it can.
func bound(t *testing.T, kind int, name string) (fd int) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: name}); err != nil {
		t.Fatal(err)
	}
	if kind != unix.SOCK_DGRAM {
		if err := unix.Listen(fd, 4); err != nil {
			t.Fatal(err)
		}
	}
	return fd
}

// TestAsk tells a live socket of any type from a dead one, and the live one does
// not notice.
func TestAsk(t *testing.T) {
	dir := t.TempDir()
	for name, kind := range map[string]int{"stream": unix.SOCK_STREAM, "datagram": unix.SOCK_DGRAM, "seqpacket": unix.SOCK_SEQPACKET} {
		path := filepath.Join(dir, name)
		fd := bound(t, kind, path)
		if got := Ask(path); got != AnswerAlive {
			t.Errorf("%s: answer %d, want alive", name, got)
		}
		moved := path + "-moved"
		if err := os.Rename(path, moved); err != nil {
			t.Fatal(err)
		}
		if Ask(moved) != AnswerAlive || Ask(path) != AnswerDead {
			t.Errorf("%s: not found under its new name, or still under its old one", name)
		}
		if kind == unix.SOCK_DGRAM {
			if n, _, err := unix.Recvfrom(fd, make([]byte, 8), 0); err != unix.EAGAIN {
				t.Errorf("%s: %d bytes arrived, %v", name, n, err)
			}
		} else if _, _, err := unix.Accept(fd); err != unix.EAGAIN {
			t.Errorf("%s: somebody connected, %v", name, err)
		}
		unix.Close(fd)
		if got := Ask(moved); got != AnswerDead {
			t.Errorf("%s, closed: answer %d, want dead", name, got)
		}
	}
}

// TestAskFarAway uses a path that no address has room for.
func TestAskFarAway(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("d", 200))
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	bound(t, unix.SOCK_STREAM, "s")
	if got := Ask(filepath.Join(dir, "s")); got != AnswerAlive {
		t.Errorf("answer %d, want alive", got)
	}
	if got := Ask(filepath.Join(dir, "none")); got != AnswerDead {
		t.Errorf("answer %d, want dead", got)
	}
}

func TestAnswerOf(t *testing.T) {
	for err, want := range map[error]Answer{
		nil: AnswerAlive, unix.EPROTOTYPE: AnswerAlive, unix.ECONNREFUSED: AnswerDead, unix.ENOENT: AnswerDead,
		unix.EACCES: AnswerRefused, unix.EPERM: AnswerRefused, unix.EMFILE: AnswerUnknown, unix.ENAMETOOLONG: AnswerUnknown,
	} {
		if got := answerOf(err); got != want {
			t.Errorf("%v: answer %d, want %d", err, got, want)
		}
	}
}

// TestReadShared finds by name what this process has bound, and by a walk also
// what was renamed, what is dead, and FIFOs; it follows no link.
func TestReadShared(t *testing.T) {
	top := t.TempDir()
	shared, other := filepath.Join(top, "shared"), filepath.Join(top, "other")
	for _, dir := range []string{shared, other, filepath.Join(shared, "a/b")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	at := func(dir, name string) string { return filepath.Join(dir, name) }
	bound(t, unix.SOCK_STREAM, at(shared, "a/b/named"))
	bound(t, unix.SOCK_STREAM, at(shared, "old"))
	bound(t, unix.SOCK_STREAM, at(other, "elsewhere"))
	unix.Close(bound(t, unix.SOCK_DGRAM, at(shared, "dead")))
	for _, err := range []error{
		os.Rename(at(shared, "old"), at(shared, "a/new")), unix.Mkfifo(at(shared, "fifo"), 0o600),
		os.Symlink(other, at(shared, "link")), os.WriteFile(at(shared, "file"), nil, 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := listed(ReadShared([]string{shared}, true, false).Named.Value, shared); got != "/a/b/named alive, /old dead" {
		t.Errorf("by name: %s", got)
	}
	s := ReadShared([]string{shared}, true, true)
	if got := listed(s.Walked.Value.Endpoints, shared); got != "/a/b/named alive, /a/new alive, /dead dead, /fifo fifo" {
		t.Errorf("by walk: %s", got)
	}
	if w := s.Walked.Value; w.Files != 8 || w.Cut || w.Closed != 0 || !s.Walked.Known {
		t.Errorf("the walk: %+v", s.Walked)
	}
	if s := ReadShared([]string{shared}, false, false); s.Walked.Known || s.Named.Known {
		t.Error("what was not asked for is known")
	}
}

// listed is the endpoints in words, sorted.
func listed(list []Endpoint, top string) string {
	var texts []string
	for _, e := range list {
		kind := map[Answer]string{AnswerUnknown: "unknown", AnswerAlive: "alive", AnswerDead: "dead", AnswerRefused: "refused"}[e.Answer]
		if e.FIFO {
			kind = "fifo"
		}
		texts = append(texts, strings.TrimPrefix(e.Path, top)+" "+kind)
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// TestWalkEnds wants a walk to end at its bound, and at what it may not list, and
// to say so.
func TestWalkEnds(t *testing.T) {
	top := t.TempDir()
	for i := range 40 {
		if err := os.MkdirAll(filepath.Join(top, fmt.Sprint(i), "below"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	w := walker{left: 30}
	w.path(top)
	if !w.Cut || w.Files != 30 {
		t.Errorf("a bound of 30: %+v", w.Walk)
	}
	w = walker{left: 1000}
	w.path(top)
	if w.Cut || w.Files != 80 || w.Closed != 0 {
		t.Errorf("no bound: %+v", w.Walk)
	}
	link := filepath.Join(top, "link")
	if err := os.Symlink("/", link); err != nil {
		t.Fatal(err)
	}
	w = walker{left: 10}
	w.path(link)
	w.path(filepath.Join(top, "gone"))
	if w.Files != 0 || w.Closed != 0 {
		t.Errorf("a link and nothing: %+v", w.Walk)
	}
	if _, err := openBelow(link, link); err == nil {
		t.Error("a link was opened")
	}
	if os.Getuid() != 0 {
		if err := os.Chmod(filepath.Join(top, "7"), 0); err != nil {
			t.Fatal(err)
		}
		w = walker{left: 1000}
		w.path(top)
		if w.Closed != 1 {
			t.Errorf("a directory that may not be listed: %+v", w.Walk)
		}
		if err := os.Chmod(filepath.Join(top, "7"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWalkStays wants a walk to stay on its file system: a mount below is
// another's affair, and may be an automount.
func TestWalkStays(t *testing.T) {
	var dev, shm unix.Stat_t
	if unix.Stat("/dev", &dev) != nil || unix.Stat("/dev/shm", &shm) != nil || dev.Dev == shm.Dev {
		jailtest.Lacking(t, "/dev/shm is no mount of its own here")
	}
	dir, err := os.MkdirTemp("/dev/shm", "netjail-test-")
	if err != nil {
		jailtest.Lacking(t, err.Error())
	}
	defer os.RemoveAll(dir)
	if err := unix.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for top, want := range map[string]bool{"/dev": false, "/dev/shm": true} {
		w := walker{left: walkBound}
		w.path(top)
		found := slices.ContainsFunc(w.Endpoints, func(e Endpoint) bool { return strings.HasPrefix(e.Path, dir) })
		if found != want || !found && w.Closed == 0 {
			t.Errorf("below %s: found is %t, want %t; %d directories closed", top, found, want, w.Closed)
		}
	}
}
