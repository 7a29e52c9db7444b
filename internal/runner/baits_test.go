package runner

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/sys"
)

// TestBaits wants each to be alive, not yet reached, and gone afterwards.
func TestBaits(t *testing.T) {
	dir := t.TempDir()
	b, err := NewBaits([]string{dir, filepath.Join(dir, "none")})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if len(b.without) > 0 {
		t.Fatalf("this host has none of %v", b.without)
	}
	e, target := b.Result(os.Getppid()), b.Targets()
	if len(e.FIFOs) != 1 || len(target.FIFOs) != 1 || e.Key != nil {
		t.Errorf("%+v, %+v", e, target)
	}
	for _, bait := range append(append(e.SysV, e.FIFOs...), *e.Queue, *e.Memory) {
		if !bait.Control || bait.Arrived != 0 {
			t.Errorf("%+v", bait)
		}
	}
	if len(e.Services.List) < 2 || e.Services.Addresses*2 != len(e.Services.List) {
		t.Errorf("%+v", e.Services)
	}
	for _, s := range e.Services.List {
		if !s.Control || s.Arrived != 0 {
			t.Errorf("%+v", s)
		}
	}
	reachAll(t, b)
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if left := lureNames(t, dir); left != nil {
		t.Errorf("left behind are %q", left)
	}
	if _, err := sys.OpenQueue(target.Queue); err != unix.ENOENT {
		t.Errorf("the queue is still there: %v", err)
	}
}

// reachAll reaches each as a process of the jail would, which is to show.
func reachAll(t *testing.T, b *Baits) {
	t.Helper()
	for i := range b.services.list {
		s := &b.services.list[i]
		fd, err := s.socket(0)
		if err == nil {
			err = unix.Connect(fd, s.address())
		}
		if err == nil && s.target.Datagram {
			_, err = unix.Write(fd, b.token)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
	}
	fd, err := sys.OpenQueue(b.queue.name)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	writer, err := unix.Open(b.fifos.list[0].path, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	unix.Close(writer) // whoever has gone again is seen as well
	if err := sys.SendToQueue(fd, b.token); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.shm.path, b.token, 0); err != nil {
		t.Fatal(err)
	}
	if err := sys.SendMessage(b.sysv.target.Messages, b.token); err != nil {
		t.Fatal(err)
	}
	e := b.Result(os.Getpid())
	for _, bait := range append(append(e.SysV, e.FIFOs...), *e.Queue, *e.Memory) {
		if bait.Arrived != 1 {
			t.Errorf("reached, and it does not show: %+v", bait)
		}
	}
	for _, s := range e.Services.List {
		if s.Arrived != 1 {
			t.Errorf("reached, and it does not show: %+v", s)
		}
	}
}

// TestKeyBait: it is found where it was made, and goes by itself.
func TestKeyBait(t *testing.T) {
	k := &keyBait{name: "netjail-test-key"}
	if err := k.make([]byte("token")); err != nil {
		jailtest.Lacking(t, "this kernel makes no keys: "+err.Error())
	}
	if e := k.result(); !e.Control || e.Number == 0 {
		t.Errorf("%+v", e)
	}
	if err := k.close(); err != nil {
		t.Error(err)
	}
	if id, err := unix.KeyctlSearch(unix.KEY_SPEC_SESSION_KEYRING, "user", k.name, 0); err == nil {
		t.Errorf("it is still there: %d", id)
	}
	if err := k.close(); err != nil {
		t.Errorf("a second time: %v", err)
	}
}

// TestSweepBaits clears away what a netjail that was killed has left.
func TestSweepBaits(t *testing.T) {
	dir := t.TempDir()
	at := func(ending string) string { return filepath.Join(dir, lurePrefix+ending) }
	long := time.Now().Add(-time.Hour)
	for _, name := range []string{"dead" + fifoEnding, "held" + fifoEnding} {
		if err := unix.Mkfifo(at(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("dead"+memoryEnding), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fd, err := openLocked(at("held"+fifoEnding), unix.O_RDONLY|unix.O_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	sweep(dir)
	if n := len(lureNames(t, dir)); n != 3 {
		t.Fatalf("of what was just made %d are left", n)
	}
	for _, name := range lureNames(t, dir) {
		if err := os.Chtimes(filepath.Join(dir, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	jailtest.Eventually(t, "what nobody holds is gone", func() bool {
		sweep(dir)
		left := lureNames(t, dir)
		return len(left) == 1 && left[0] == lurePrefix+"held"+fifoEnding
	})
}

// TestSweepIPC: so are semaphores and messages of a process that has ended, and a
// queue that nobody claims.
func TestSweepIPC(t *testing.T) {
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	key := sysvPrefix | gone.Process.Pid&sysvPID
	sem, err := sys.MakeSemaphore(key)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := sys.MakeMessages(key)
	if err != nil {
		t.Fatal(err)
	}
	name := "netjail-lure-" + strconv.Itoa(os.Geteuid()) + "-" + strconv.Itoa(queueNames-1)
	fd, err := sys.MakeQueue(name, 16)
	if err != nil {
		t.Fatal(err)
	}
	unix.Close(fd)
	sweepSysV()
	if _, err := sys.LastAtSemaphore(sem); err == nil {
		t.Error("the semaphore is still there")
	}
	if err := sys.SendMessage(msg, []byte("x")); err == nil {
		t.Error("the messages are still there")
	}
	sweepQueue(name)
	if fd, err := sys.OpenQueue(name); err != nil {
		t.Errorf("a queue that was just made is gone: %v", err)
	} else {
		unix.Close(fd)
	}
	jailtest.Eventually(t, "the queue is gone", func() bool {
		sweepQueue(name)
		fd, err := sys.OpenQueue(name)
		if err == nil {
			unix.Close(fd)
		}
		return err == unix.ENOENT
	})
}

// TestInOrder: each address once, the loopback's first, and of IPv6's own ones each
// interface's.
func TestInOrder(t *testing.T) {
	address := func(link int, s string) evidence.Address {
		return evidence.Address{Link: link, Prefix: inet.MustParsePrefix(s)}
	}
	got := inOrder([]evidence.Address{
		address(2, "192.0.2.2/24"), address(2, "fe80::1/64"), address(3, "fe80::1/64"), address(1, "127.0.0.1/8"), address(3, "192.0.2.2/32"), address(1, "::1/128"),
	})
	var text bytes.Buffer
	for _, a := range got {
		text.WriteString(a.Prefix.Addr().String() + "%" + strconv.Itoa(int(scope(a))) + " ")
	}
	if want := "127.0.0.1%0 ::1%0 192.0.2.2%0 fe80::1%2 fe80::1%3 "; text.String() != want {
		t.Errorf("%s, want %s", &text, want)
	}
}
