// Package probe is what `netjail test` has executed in a jail, and outside of it
// for the control: it tries to connect or to open, and writes what the kernel
// answered. It judges nothing, and it is the same program on both sides.
package probe

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Argv0 is how netjail is told that it is the probe.
const Argv0 = "netjail-probe"

// The words of an answer. Every other word is the name of an errno.
const (
	Done    = "done"    // it connected, read or wrote
	Empty   = "empty"   // it could be opened for reading, and nothing is in it
	Timeout = "timeout" // nobody answered in time
	Left    = "left"    // what was made could not be removed again
)

// Connect are the arguments, behind Argv0, that try endpoints in turn. Each is an
// address with a port as policy.ParseEndpoint reads it, or `local`.
func Connect(targets ...string) []string { return append([]string{"connect"}, targets...) }

// Read and Write are the arguments that try to read or to write a path.
func Read(path string) []string { return []string{"read", path} }

// Write is Read for writing.
func Write(path string) []string { return []string{"write", path} }

// errUsage says that somebody else has called the probe.
var errUsage = errors.New(Argv0 + " is netjail's own helper, not a command")

// Run does what the arguments ask for and writes one word a line, in the order
// of the targets.
func Run(w io.Writer, args []string) error {
	if len(args) < 2 {
		return errUsage
	}
	var try func(target string) string
	switch args[0] {
	case "connect":
		try = connect
	case "read":
		try = read
	case "write":
		try = write
	default:
		return errUsage
	}
	for _, target := range args[1:] {
		if _, err := io.WriteString(w, try(target)+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// Answers reads what Run wrote: exactly n words. ok is false where it is
// anything else, as where the probe did not come to its end.
func Answers(text []byte, n int) (words []string, ok bool) {
	lines, complete := strings.CutSuffix(string(text), "\n")
	words = strings.Split(lines, "\n")
	for _, w := range words {
		if w == "" || strings.ContainsAny(w, " \t\r") {
			return nil, false
		}
	}
	return words, complete && len(words) == n
}

// word is the name of what a call answered.
func word(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err.Error()
	}
	if name := unix.ErrnoName(errno); name != "" {
		return name
	}
	return "errno-" + strconv.Itoa(int(errno))
}
