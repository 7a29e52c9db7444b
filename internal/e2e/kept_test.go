package e2e

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// keptKind is a descriptor that leads somewhere, and what the audit says of it.
type keptKind struct {
	check string
	open  func(*testing.T) *os.File
	found string // what the audit finds where it is kept
	// asInput is the verdict where it is standard input, which no key names as more
	// than a stream.
	asInput string
}

// opened is a descriptor as a file, which the test closes at its end.
func opened(t *testing.T, fd int, err error) *os.File {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "kept")
	t.Cleanup(func() { f.Close() })
	return f
}

func keptKinds() []keptKind {
	socket := func(family, kind int) func(*testing.T) *os.File {
		return func(t *testing.T) *os.File {
			fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
			return opened(t, fd, err)
		}
	}
	file := func(path string, flags int) func(*testing.T) *os.File {
		return func(t *testing.T) *os.File {
			fd, err := unix.Open(path, flags|unix.O_CLOEXEC, 0)
			return opened(t, fd, err)
		}
	}
	list := []keptKind{
		{"fd.socket-namespace", socket(unix.AF_INET, unix.SOCK_STREAM), "of netjail's network namespace", ""},
		{"fd.directory", file("/usr", unix.O_RDONLY), "/usr, outside of its tree", "fail"},
		{"fd.directory", file("/etc/passwd", unix.O_PATH), "/etc/passwd (O_PATH), outside of its tree", "fail"},
		{"fd.pidfd", func(t *testing.T) *os.File {
			fd, err := unix.PidfdOpen(os.Getpid(), 0)
			return opened(t, fd, err)
		}, "of process " + strconv.Itoa(os.Getpid()), "fail"},
		{"fd.io-uring", func(t *testing.T) *os.File {
			fd, err := newRing(&ringParams{Flags: ringSQPoll, ThreadIdle: 1000})
			return opened(t, fd, err)
		}, ", which kernel thread ", "fail"},
		{"fd.shared-memory", func(t *testing.T) *os.File {
			fd, err := unix.MemfdCreate("kept", unix.MFD_CLOEXEC)
			return opened(t, fd, err)
		}, "/memfd:kept (deleted)", "declared"},
		{"fd.shared-memory", func(t *testing.T) *os.File {
			fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
			return opened(t, fd, err)
		}, "anon_inode:[eventfd]", "declared"},
		{"proc.peer-pidfd", func(t *testing.T) *os.File {
			pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			opened(t, pair[1], err)
			return opened(t, pair[0], err)
		}, "to process " + strconv.Itoa(os.Getpid()), ""},
	}
	if os.Getuid() == 0 {
		list = append(list,
			keptKind{"fd.socket-namespace", openedElsewhere, "socket:[", ""},
			keptKind{"fd.tun", socket(unix.AF_PACKET, unix.SOCK_DGRAM), "a packet socket", ""},
			keptKind{"fd.tun", file("/dev/net/tun", unix.O_RDWR), "no interface yet", "fail"})
	}
	return list
}

// openedElsewhere is a socket of a network namespace that is neither netjail's nor
// the command's: root's netjail is told which, another only that it is not its own.
func openedElsewhere(t *testing.T) *os.File {
	fd, err := -1, error(nil)
	jailtest.OnOtherThread(func() {
		if err = unix.Unshare(unix.CLONE_NEWNET); err == nil {
			fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		}
	})
	return opened(t, fd, err)
}

// audited is what a full audit says of one check.
func (w *world) audited(t *testing.T, check string, in, kept *os.File) (verdict, found string) {
	t.Helper()
	argv := []string{w.netjail, "audit", "--format", "json"}
	if kept != nil {
		argv = append(argv, "--fd", "3")
	}
	c := w.in(append(argv, "offline-strict", "--", "/bin/true"))
	if in != nil {
		c.Stdin = in
	}
	if kept != nil {
		c.ExtraFiles = []*os.File{kept}
	}
	e := finish(t, c)
	verdict, found = e.finding(t, check)
	if verdict == "fail" && e.exited(0) {
		t.Errorf("%s failed, and did not refuse: %s", check, e)
	}
	return verdict, found
}

// TestKept: each kind of descriptor is told for what it is where it is kept by
// number, refuses a start where it stands in for a stream, and is gone otherwise.
func TestKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, k := range keptKinds() {
			t.Run(k.check, func(t *testing.T) {
				file := k.open(t)
				got, found := w.audited(t, k.check, nil, file)
				if got != "declared" || !strings.Contains(found, k.found) || strings.Contains(found, "of its own") {
					t.Errorf("kept: %s, %q, want %q in it", got, found, k.found)
				}
				if got, found := w.audited(t, k.check, nil, nil); got != "pass" && k.check != "fd.shared-memory" || strings.Contains(found, k.found) {
					t.Errorf("not kept: %s, %q", got, found)
				}
				if k.asInput == "" {
					return
				}
				if got, found := w.audited(t, k.check, file, nil); got != k.asInput || !strings.Contains(found, k.found) {
					t.Errorf("as standard input: %s, %q", got, found)
				}
			})
		}
	})
}

// TestKeptSignals: what netjail was started with ignored and blocked is what the
// audit reads at the command's first instruction.
func TestKeptSignals(t *testing.T) {
	jailtest.Require(t, "bash")
	each(t, func(t *testing.T, w *world) {
		script := "trap '' PIPE USR1; exec " + w.netjail + " audit --format json offline-strict -- /bin/true"
		e := finish(t, w.in([]string{"bash", "-c", script}))
		if got, found := e.finding(t, "proc.signals"); got != "pass" || !strings.Contains(found, "10, 13") {
			t.Errorf("%s, %q", got, found)
		}
	})
}
