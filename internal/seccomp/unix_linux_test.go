package seccomp

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// unixTypes are the types of unix sockets.
var unixTypes = []struct {
	name string
	kind int
}{{"stream", unix.SOCK_STREAM}, {"datagram", unix.SOCK_DGRAM}, {"seqpacket", unix.SOCK_SEQPACKET}}

// tryUnix uses sockets of every type, by path and by abstract name, and pairs,
// and prints what became of each.
func tryUnix() {
	for _, u := range unixTypes {
		for _, name := range []string{u.name + ".sock", "@netjail-test-" + u.name} {
			fmt.Printf("%s %s: %v\n", u.name, name, converse(u.kind, name))
		}
		pair, err := unix.Socketpair(unix.AF_UNIX, u.kind, 0)
		if err == nil {
			err = pass(pair[0], pair[1])
		}
		fmt.Printf("%s pair: %v\n", u.name, err)
	}
}

// converse binds a name, sends to it from another socket, and receives.
func converse(kind int, name string) error {
	address := &unix.SockaddrUnix{Name: name}
	server, err := unix.Socket(unix.AF_UNIX, kind, 0)
	if err != nil {
		return err
	}
	client, err := unix.Socket(unix.AF_UNIX, kind, 0)
	if err != nil {
		return err
	}
	if err := unix.Bind(server, address); err != nil {
		return err
	}
	if kind == unix.SOCK_DGRAM {
		return errors.Join(unix.Connect(client, address), pass(client, server))
	}
	if err := errors.Join(unix.Listen(server, 1), unix.Connect(client, address)); err != nil {
		return err
	}
	accepted, _, err := unix.Accept(server)
	return errors.Join(err, pass(client, accepted))
}

// pass sends a word from one socket to another.
func pass(from, to int) error {
	var b [8]byte
	if _, err := unix.Write(from, []byte("word")); err != nil {
		return err
	}
	n, err := unix.Read(to, b[:])
	if err == nil && string(b[:n]) != "word" {
		err = fmt.Errorf("%q arrived", b[:n])
	}
	return err
}

// TestUnix wants sockets of every type to work where unix sockets are allowed,
// and nothing but pairs where they are not.
func TestUnix(t *testing.T) {
	needKernel(t)
	for _, u := range users() {
		for _, mode := range []string{"bare", "filter+unix", "filter"} {
			out, err := u.command(t, mode, "unix").CombinedOutput()
			if err != nil {
				t.Fatalf("%s, %s: %v\n%s", u.name, mode, err, out)
			}
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			if len(lines) != 9 {
				t.Fatalf("%s, %s: %d answers\n%s", u.name, mode, len(lines), out)
			}
			for _, line := range lines {
				want := "<nil>"
				switch {
				case mode != "filter" || line == "stream pair: <nil>" || line == "seqpacket pair: <nil>":
				case strings.HasPrefix(line, "datagram pair"):
					want = "socket type not supported"
				default:
					want = "address family not supported by protocol"
				}
				if !strings.HasSuffix(line, ": "+want) {
					t.Errorf("%s, %s: %s, want %s", u.name, mode, line, want)
				}
			}
		}
	}
}
