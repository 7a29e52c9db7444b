package e2e

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// peers make a connected pair of stream sockets: a client's side, and what a
// server hands over to the program that it starts.
var peers = []struct {
	name string
	pair func(testing.TB) (client net.Conn, server *os.File)
}{
	{"unix", unixPair}, {"inet", tcpPair("127.0.0.1:0")}, {"inet6", tcpPair("[::1]:0")},
}

// unixPair is what systemd hands over as standard output, and ssh as all three.
func unixPair(t testing.TB) (net.Conn, *os.File) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fds[0]), "client")
	defer f.Close()
	client, err := net.FileConn(f)
	if err != nil {
		t.Fatal(err)
	}
	return client, os.NewFile(uintptr(fds[1]), "server")
}

// tcpPair is what inetd hands over: it listens, accepts, and starts a program for
// the connection.
func tcpPair(address string) func(testing.TB) (net.Conn, *os.File) {
	return func(t testing.TB) (net.Conn, *os.File) {
		t.Helper()
		l, err := net.Listen("tcp", address)
		if err != nil {
			jailtest.Lacking(t, fmt.Sprintf("this machine has no %s: %v", address, err))
		}
		defer l.Close()
		client, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		f, err := server.(*net.TCPConn).File()
		if err != nil {
			t.Fatal(err)
		}
		// The file comes without O_NONBLOCK from inetd.
		if err := unix.SetNonblock(int(f.Fd()), false); err != nil {
			t.Fatal(err)
		}
		return client, f
	}
}

// served is a command of netjail's that a server started for one connection.
type served struct {
	*exec.Cmd
	client net.Conn
	words  bytes.Buffer
}

// serve starts netjail with the socket as 0, 1 and 2, as inetd does, or as 0 and
// 1 alone, so that netjail's own words can be told from the command's.
func serve(t *testing.T, c *exec.Cmd, pair func(testing.TB) (net.Conn, *os.File), all bool) *served {
	t.Helper()
	client, server := pair(t)
	s := &served{Cmd: c, client: client}
	c.Stdin, c.Stdout, c.Stderr = server, server, &s.words
	if all {
		c.Stderr = server
	}
	c.WaitDelay = waitDelay
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	server.Close()
	t.Cleanup(func() {
		client.Close()
		c.Process.Kill()
		c.Wait()
	})
	return s
}

// eachPeer runs f for each kind of pair, with a pid namespace and without.
func eachPeer(t *testing.T, f func(t *testing.T, w *world, profile string, pair func(testing.TB) (net.Conn, *os.File))) {
	t.Helper()
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, p := range peers {
			t.Run(p.name, func(t *testing.T) { f(t, w, profile, p.pair) })
		}
	})
}

// closeWrite half-closes a connection.
func closeWrite(t testing.TB, c net.Conn) {
	t.Helper()
	if err := c.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Error(err)
	}
}

// A connection becomes pipes; what goes through is what came, whole, in both
// directions, and the client's half-close ends the command's input.
func TestRelayedSocket(t *testing.T) {
	eachPeer(t, func(t *testing.T, w *world, profile string, pair func(testing.TB) (net.Conn, *os.File)) {
		s := serve(t, w.jail(profile, "cat"), pair, false)
		in, out := sha256.New(), sha256.New()
		go func() {
			from := io.TeeReader(io.LimitReader(rand.NewChaCha8([32]byte{2}), streamSize), in)
			if n, err := io.Copy(s.client, from); n != streamSize {
				t.Errorf("%d bytes were sent: %v", n, err)
			}
			closeWrite(t, s.client)
		}()
		n, err := io.Copy(out, s.client)
		if err != nil || n != streamSize || !bytes.Equal(in.Sum(nil), out.Sum(nil)) {
			t.Errorf("%d of %d bytes came back, alike: %t (%v)", n, streamSize, bytes.Equal(in.Sum(nil), out.Sum(nil)), err)
		}
		if err := s.Wait(); err != nil || s.words.Len() > 0 {
			t.Errorf("netjail: %v, %q", err, s.words.String())
		}
	})
}

// None of the command's descriptors is a socket, 1 and 2 stay one stream in its
// order, and the exit status passes.
func TestRelayedSocketKinds(t *testing.T) {
	eachPeer(t, func(t *testing.T, w *world, profile string, pair func(testing.TB) (net.Conn, *os.File)) {
		for _, launcher := range []string{"--stage=false", "--stage"} {
			const script = `for n in 0 1 2; do readlink /proc/$$/fd/$n; done; i=0; while [ $i -lt 50 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done; exit 7`
			s := serve(t, w.jail(launcher, profile, "sh", "-c", script), pair, true)
			text, err := io.ReadAll(s.client)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
			if len(lines) != 103 {
				t.Fatalf("%s: the client got %q", launcher, text)
			}
			for n, line := range lines[:3] {
				if !strings.HasPrefix(line, "pipe:[") {
					t.Errorf("%s: descriptor %d is %s", launcher, n, line)
				}
			}
			for i := range 50 {
				if lines[3+2*i] != fmt.Sprint("out ", i) || lines[4+2*i] != fmt.Sprint("err ", i) {
					t.Errorf("%s: line %d is %q and %q", launcher, i, lines[3+2*i], lines[4+2*i])
				}
			}
			s.Wait()
			if code := s.ProcessState.ExitCode(); code != 7 {
				t.Errorf("%s: netjail exits with %d", launcher, code)
			}
		}
	})
}

// A command that reads nothing leaves the client with what a socket would: a
// write that fails. A client that goes away ends the command by SIGPIPE.
func TestRelayedSocketBreaks(t *testing.T) {
	eachPeer(t, func(t *testing.T, w *world, profile string, pair func(testing.TB) (net.Conn, *os.File)) {
		deaf := serve(t, w.jail(profile, "sh", "-c", "exec <&- >&-; echo ready >&2; exec sleep 1000"), pair, false)
		b := make([]byte, 64<<10)
		broken := make(chan error, 1)
		go func() {
			for {
				if _, err := deaf.client.Write(b); err != nil {
					broken <- err
					return
				}
			}
		}()
		if err := <-broken; err == nil {
			t.Error("the client writes on and on")
		}
		left := serve(t, w.jail(profile, "yes"), pair, false)
		if _, err := io.ReadFull(left.client, b); err != nil {
			t.Fatal(err)
		}
		left.client.Close()
		left.Wait()
		if code := left.ProcessState.ExitCode(); code != 128+int(unix.SIGPIPE) {
			t.Errorf("without a client, netjail exits with %d and %q", code, left.words.String())
		}
	})
}

// What the command wrote arrives, however slowly it is read and whatever the
// command left running: what that writes later is not waited for.
func TestRelayedSocketDrains(t *testing.T) {
	eachPeer(t, func(t *testing.T, w *world, profile string, pair func(testing.TB) (net.Conn, *os.File)) {
		const script = `sleep 20 2>/dev/null & head -c 3000000 /dev/zero; exit 3`
		s := serve(t, w.jail(profile, "sh", "-c", script), pair, false)
		n, err := io.Copy(io.Discard, &slow{s.client})
		if n != 3000000 || err != nil {
			t.Errorf("%d bytes arrived: %v", n, err)
		}
		s.Wait()
		if code := s.ProcessState.ExitCode(); code != 3 {
			t.Errorf("netjail exits with %d and %q", code, s.words.String())
		}
	})
}

// A client that does not read keeps netjail waiting with what the command wrote,
// until a signal ends that.
func TestRelayedSocketAbandoned(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		small := func(t testing.TB) (net.Conn, *os.File) {
			client, server := unixPair(t)
			if err := unix.SetsockoptInt(int(server.Fd()), unix.SOL_SOCKET, unix.SO_SNDBUF, 4096); err != nil {
				t.Fatal(err)
			}
			return client, server
		}
		s := serve(t, w.jail(profile, "sh", "-c", "echo started; head -c 60000 /dev/zero; exit 6"), small, false)
		if _, err := io.ReadFull(s.client, make([]byte, len("started\n"))); err != nil {
			t.Fatal(err)
		}
		jailtest.Eventually(t, "the command ends", func() bool { return len(jailtest.Descendants(s.Process.Pid)) == 0 })
		ended := make(chan error, 1)
		go func() { ended <- s.Wait() }()
		select {
		case err := <-ended:
			t.Fatalf("netjail did not wait: %v", err)
		default:
		}
		s.Process.Signal(unix.SIGTERM)
		<-ended
		if code := s.ProcessState.ExitCode(); code != 6 {
			t.Errorf("netjail exits with %d", code)
		}
		// A command that waits for the reader is ended by the same signal.
		s = serve(t, w.jail(profile, "yes"), small, false)
		jailtest.Descendant(t, s.Process.Pid, "yes")
		s.Process.Signal(unix.SIGTERM)
		s.Wait()
		if code := s.ProcessState.ExitCode(); code != 128+int(unix.SIGTERM) {
			t.Errorf("netjail exits with %d", code)
		}
	})
}

// slow reads little at a time.
type slow struct{ io.Reader }

func (s *slow) Read(b []byte) (int, error) { return s.Reader.Read(b[:min(len(b), 4096)]) }

// A socket for which no pipe can stand refuses the start, by name, and so does
// any socket where the profile says so; `pass` hands it over and the report tells.
func TestSocketsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		marker := w.dir + "/started"
		refuse := w.profile(t, "refuse", "process: {stdioSockets: refuse}\n")
		pass := w.profile(t, "pass", "process: {stdioSockets: pass}\n")
		for _, c := range []struct {
			profile, says string
			socket        *os.File
		}{
			{"base", "descriptor 0 is an AF_UNIX datagram socket", unixSocket(t, unix.SOCK_DGRAM)},
			{"base", "descriptor 0 is an AF_UNIX seqpacket socket", unixSocket(t, unix.SOCK_SEQPACKET)},
			{"base", "descriptor 0 is a listening AF_INET stream socket", listener(t)},
			{"base", "descriptor 0 is an unconnected AF_INET stream socket", unconnected(t)},
			{"base", "descriptor 0 is an AF_16 raw socket", netlinkSocket(t)},
			{refuse, "descriptor 0 is an AF_UNIX stream socket", unixSocket(t, unix.SOCK_STREAM)},
		} {
			command := w.jail(c.profile, "touch", marker)
			command.Stdin = c.socket
			w.refusedWith(t, command, marker, "process.stdioSockets", c.says)
		}
		for name, socket := range map[string]*os.File{"datagram": unixSocket(t, unix.SOCK_DGRAM), "listening": listener(t)} {
			report := w.dir + "/" + name + ".json"
			command := w.jail("--report", report, pass, "readlink", "/proc/self/fd/0")
			command.Stdin = socket
			if out := must(t, command); !strings.HasPrefix(out, "socket:[") {
				t.Errorf("%s: standard input is %q", name, out)
			}
			if found := readReport(t, report).found(t, "fd.socket"); !strings.HasPrefix(found, "0 socket:[") {
				t.Errorf("%s: the report says %q", name, found)
			}
		}
	})
}

func unixSocket(t *testing.T, kind int) *os.File {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fds[1]) })
	return socketFile(t, fds[0])
}

func listener(t *testing.T) *os.File {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func unconnected(t *testing.T) *os.File { return newSocket(t, unix.AF_INET, unix.SOCK_STREAM) }

func netlinkSocket(t *testing.T) *os.File { return newSocket(t, unix.AF_NETLINK, unix.SOCK_RAW) }

func newSocket(t *testing.T, family, kind int) *os.File {
	t.Helper()
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return socketFile(t, fd)
}

func socketFile(t *testing.T, fd int) *os.File {
	f := os.NewFile(uintptr(fd), "socket")
	t.Cleanup(func() { f.Close() })
	return f
}

// The report of a relayed start names no socket.
func TestRelayedSocketReport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		report := w.dir + "/report.json"
		s := serve(t, w.jail("--report", report, "base", "true"), unixPair, false)
		if err := s.Wait(); err != nil {
			t.Fatalf("%v: %s", err, s.words.String())
		}
		r := readReport(t, report)
		if found := r.found(t, "fd.socket"); found != "no socket" {
			t.Errorf("fd.socket: %q", found)
		}
		if found := r.found(t, "fd.kinds"); !strings.HasPrefix(found, "0 pipe:[") {
			t.Errorf("fd.kinds: %q", found)
		}
	})
}

// What systemd says of descriptors and sockets that it hands over is not true of
// the command, and does not reach it by a glob.
func TestHandedVariables(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, profile := range []string{"audit-only", w.profile(t, "glob", "process: {environment: {pass: [\"*\"]}}\n")} {
			c := w.in([]string{w.netjail, "run", profile, "env"})
			c.Env = append(c.Env, "LISTEN_FDS=1", "LISTEN_PID=1", "LISTEN_FDNAMES=a", "NOTIFY_SOCKET=/run/n", "WATCHDOG_PID=1", "JOURNAL_STREAM=8:1", "KEPT=1")
			out := must(t, c)
			for _, name := range []string{"LISTEN_", "NOTIFY_SOCKET", "WATCHDOG_", "JOURNAL_STREAM"} {
				if strings.Contains(out, name) {
					t.Errorf("%s: %q", profile, out)
				}
			}
			if !strings.Contains(out, "KEPT=1") {
				t.Errorf("%s: %q lacks what the glob passes", profile, out)
			}
		}
	})
}

// An argument that names a descriptor which the profile closes refuses the start;
// one that is only a text does not.
func TestNamedDescriptor(t *testing.T) {
	jailtest.Require(t, "bash")
	each(t, func(t *testing.T, w *world) {
		marker := w.dir + "/started"
		for _, argument := range []string{"/dev/fd/63", "--file=/dev/fd/63", "/proc/self/fd/63"} {
			script := "exec 63</dev/null; exec " + w.netjail + " run base touch " + marker + " " + argument
			w.refusedWith(t, w.in([]string{"bash", "-c", script}), marker, "process.inheritFds", "names descriptor 63")
		}
		if out := must(t, w.jail("base", "echo", "/dev/fd/63", "/dev/fd/0", "/dev/fd/x")); out != "/dev/fd/63 /dev/fd/0 /dev/fd/x\n" {
			t.Errorf("echo says %q", out)
		}
		kept := w.profile(t, "kept", "process: {inheritFds: [0, 1, 2, 5]}\n")
		file := jailtest.File(t, w.dir, "five", "hi\n", false)
		if out := must(t, w.in([]string{"bash", "-c", "exec 5<" + file + "; exec " + w.netjail + " run " + kept + " cat /dev/fd/5"})); out != "hi\n" {
			t.Errorf("cat says %q", out)
		}
	})
}
