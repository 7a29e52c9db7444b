package probe

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/policy"
)

// ask runs the probe and reads its one answer.
func ask(t *testing.T, args []string) string {
	t.Helper()
	var out bytes.Buffer
	if err := Run(&out, args); err != nil {
		t.Fatal(err)
	}
	words, ok := Answers(out.Bytes(), 1)
	if !ok {
		t.Fatalf("%q: %q", args, &out)
	}
	return words[0]
}

// TestConnect: to a listener, to the same port once nobody listens, and to a
// listener of the probe's own.
func TestConnect(t *testing.T) {
	l, err := Listen(inet.AddrFrom4([4]byte{127, 0, 0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, Connect(l.Endpoint)); got != Done {
		t.Error(got)
	}
	l.Close()
	if got := ask(t, Connect(l.Endpoint)); got != "ECONNREFUSED" {
		t.Error(got)
	}
	if got := ask(t, Connect(Local)); got != Done {
		t.Error(got)
	}
	if got := ask(t, Connect("nonsense")); got != "EINVAL" {
		t.Error(got)
	}
}

// TestListenerOfSix: IPv6, where this host has it.
func TestListenerOfSix(t *testing.T) {
	l, err := Listen(inet.IPv6Loopback())
	if errors.Is(err, unix.EAFNOSUPPORT) || errors.Is(err, unix.EADDRNOTAVAIL) {
		t.Skip("this host has no ::1")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if addr, _, ok := policy.ParseEndpoint(l.Endpoint); !ok || addr != inet.IPv6Loopback() {
		t.Error(l.Endpoint)
	}
	if got := ask(t, Connect(l.Endpoint)); got != Done {
		t.Error(got)
	}
}

// TestTimeout: a listener whose queue is full says nothing.
func TestTimeout(t *testing.T) {
	l, err := Listen(inet.AddrFrom4([4]byte{127, 0, 0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := unix.Listen(l.fd, 0); err != nil {
		t.Fatal(err)
	}
	addr, port, _ := policy.ParseEndpoint(l.Endpoint)
	for range 8 { // what is held open fills the queue
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		if err := unix.Connect(fd, sockaddr(addr, port)); err != nil && err != unix.EINPROGRESS {
			t.Fatal(err)
		}
	}
	if got := ask(t, Connect(l.Endpoint)); got != Timeout {
		t.Error(got)
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	file, empty, sub := filepath.Join(dir, "file"), filepath.Join(dir, "empty"), filepath.Join(dir, "sub")
	fifo := filepath.Join(dir, "fifo")
	for _, err := range []error{os.WriteFile(file, []byte("x"), 0o600), os.WriteFile(empty, nil, 0o600), os.Mkdir(sub, 0o700), unix.Mkfifo(fifo, 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		file: Done, empty: Empty, sub: Empty, dir: Done, fifo: Empty,
		filepath.Join(dir, "none"): "ENOENT", filepath.Join(file, "x"): "ENOTDIR",
	} {
		if got := ask(t, Read(path)); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// TestWrite: what is there stays as it was, and what is made goes again.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		file: Done, dir: Done, filepath.Join(dir, "new"): Done,
		filepath.Join(dir, "no", "such"): "ENOENT", filepath.Join(file, "x"): "ENOTDIR", "/proc/version": "EACCES",
	} {
		if got := ask(t, Write(path)); got != want && !(want == "EACCES" && os.Getuid() == 0) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	left, err := os.ReadDir(dir)
	text, _ := os.ReadFile(file)
	if err != nil || len(left) != 1 || string(text) != "x" {
		t.Errorf("%v %v %q", left, err, text)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"connect"}, {"explode", "x"}} {
		if err := Run(io.Discard, args); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestAnswers(t *testing.T) {
	for text, want := range map[string]string{
		"done\n": "done", "done\nENOENT\n": "", "done": "", "": "", "\n": "", "two words\n": "", "done\n\n": "",
	} {
		words, ok := Answers([]byte(text), 1)
		if ok != (want != "") || ok && strings.Join(words, " ") != want {
			t.Errorf("%q: %q %t", text, words, ok)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte("done\n"), 1)
	f.Add([]byte("ENETUNREACH\nECONNREFUSED\n"), 2)
	f.Fuzz(func(t *testing.T, text []byte, n int) {
		if words, ok := Answers(text, n); ok && (len(words) != n || strings.Join(words, "\n")+"\n" != string(text)) {
			t.Errorf("%q %d: %q", text, n, words)
		}
	})
}
