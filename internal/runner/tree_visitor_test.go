package runner_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/tree"
)

// TestVisitor is what the test's program is in a house: it makes attempts, each
// "what:path", and says what came of them.
func TestVisitor(t *testing.T) {
	fd, err := strconv.Atoi(os.Getenv(saidVariable))
	if err != nil {
		return // nobody's visitor
	}
	out := os.NewFile(uintptr(fd), "said")
	for _, a := range strings.Fields(os.Getenv(attemptsVariable)) {
		what, path, _ := strings.Cut(a, ":")
		var err error
		switch what {
		case "connect":
			err = connectTo(path, unix.SOCK_STREAM)
		case "datagram":
			err = connectTo(path, unix.SOCK_DGRAM)
		case "fifo":
			err = openFIFO(path)
		case "write":
			err = overwrite(path)
		}
		answer := "success"
		if errno, ok := err.(unix.Errno); ok {
			answer = unix.ErrnoName(errno)
		} else if err != nil {
			answer = err.Error()
		}
		fmt.Fprintln(out, a, answer)
	}
}

func connectTo(path string, kind int) error {
	fd, err := unix.Socket(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Connect(fd, &unix.SockaddrUnix{Name: path})
}

// openFIFO is refused, with ENXIO, where nobody has it open at its other end.
func openFIFO(path string) error {
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

func overwrite(path string) error {
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CREAT|unix.O_CLOEXEC, 0o644)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte("visited\n"))
	return err
}

// visitor makes the test's program a part of the house.
func (h *house) visitor() *house {
	self := jailtest.CopySelf(h.t)
	return h.file("/visitor").show(tree.Bind, self, "/visitor", 0)
}

// visits runs the visitor and compares what it says, a line for each attempt.
func (h *house) visits(attempts []string, want ...string) {
	h.t.Helper()
	h.attempts = strings.Join(attempts, " ")
	if err := h.exec(freeFD(h.t, 35), "/visitor", "visitor", "-test.run", "^TestVisitor$"); err != nil {
		h.t.Fatalf("%v\nit said %q", err, h.said)
	}
	lines := make([]string, len(attempts))
	for i := range attempts {
		lines[i] = attempts[i] + " " + want[i]
	}
	if diff := cmp.Diff(lines, strings.Split(strings.TrimSpace(h.said), "\n")); diff != "" {
		h.t.Errorf("the visitor said:\n%s", diff)
	}
}
