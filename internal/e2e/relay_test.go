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
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// passedBy is how many bytes a process itself has read and written so far.
func passedBy(t *testing.T, pid int) (read, written string) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	if err != nil {
		t.Fatal(err)
	}
	return jailtest.Field(string(text), "rchar"), jailtest.Field(string(text), "wchar")
}

// Without a terminal and without a socket nobody stands between: while megabytes
// go through the command, netjail reads and writes nothing, and has started nobody
// else. With a socket it copies all of them.
func TestNoRelay(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, socket := range []bool{false, true} {
			c := w.jail(profile, "cat")
			to, from := pipesOf(t, c)
			if socket {
				client, server := unixPair(t)
				defer server.Close()
				c.Stdin, c.Stdout = server, server
				to, from = client, client
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { c.Process.Kill(); c.Wait() })
			exchange(t, to, from, 1)
			read, written := passedBy(t, c.Process.Pid)
			exchange(t, to, from, 4<<20)
			again, rewritten := passedBy(t, c.Process.Pid)
			if unmoved := read == again && written == rewritten; unmoved == socket {
				t.Errorf("socket %t: netjail has read %s and then %s, written %s and then %s", socket, read, again, written, rewritten)
			}
			others := map[string]int{"minimal": 0, "base": 1} // the reaper
			if all := jailtest.Descendants(c.Process.Pid); len(all) != 1+others[profile] {
				t.Errorf("socket %t: below netjail are %v", socket, all)
			}
			to.Close()
		}
	})
}

// pipesOf are the command's standard input and output.
func pipesOf(t *testing.T, c *exec.Cmd) (io.WriteCloser, io.Reader) {
	t.Helper()
	to, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	from, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	return to, from
}

// exchange sends bytes and waits until they are back.
func exchange(t *testing.T, to io.Writer, from io.Reader, size int) {
	t.Helper()
	sent := make(chan error, 1)
	go func() {
		_, err := to.Write(make([]byte, size))
		sent <- err
	}()
	if _, err := io.ReadFull(from, make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
}

// A hundred megabytes from one file to another.
func TestFileStreams(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, err := os.Create(filepath.Join(t.TempDir(), "in"))
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		want := sha256.New()
		if _, err := io.Copy(io.MultiWriter(in, want), io.LimitReader(rand.NewChaCha8([32]byte{3}), streamSize)); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		out, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		c := w.jail("offline-strict", "cat")
		c.Stdin, c.Stdout = in, out
		if err := c.Run(); err != nil {
			t.Fatal(err)
		}
		got := sha256.New()
		if _, err := out.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(got, out); n != streamSize || err != nil || !bytes.Equal(got.Sum(nil), want.Sum(nil)) {
			t.Errorf("%d bytes came out, %v", n, err)
		}
	})
}

// A socket that systemd would activate a unit with: as standard input it is
// refused by its kind, and passed on where the profile says so.
func TestActivatingSocket(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := filepath.Join(w.dir, "activates")
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		f, err := l.File()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		marker := filepath.Join(w.dir, "started")
		for _, profile := range []string{"base", "offline-strict"} {
			c := w.jail(profile, "touch", marker)
			c.Stdin = f
			says := "descriptor 0 is a listening AF_UNIX stream socket"
			w.refusedWith(t, c, marker, "process.stdioSockets", says)
		}
		c := w.jail(w.profile(t, "pass", "process: {stdioSockets: pass}\n"), "readlink", "/proc/self/fd/0")
		c.Stdin = f
		if out := must(t, c); !strings.HasPrefix(out, "socket:[") {
			t.Errorf("standard input is %q", out)
		}
		// What comes from 3 on is closed, and LISTEN_FDS with it, unless both are named.
		bind := "exec 3<&0 </dev/null; exec "
		for profile, want := range map[string]string{
			"base": "closed\n",
			w.profile(t, "activated", "process: {inheritFds: [0, 1, 2, 3], environment: {pass: [PATH, LISTEN_FDS]}}\n"): "open 1\n",
		} {
			c := w.in([]string{"sh", "-c", bind + w.netjail + ` run ` + profile + ` sh -c 'test -S /proc/self/fd/3 && echo open $LISTEN_FDS || echo closed'`})
			c.Stdin, c.Env = f, append(c.Env, "LISTEN_FDS=1")
			if out := must(t, c); out != want {
				t.Errorf("%s: descriptor 3 is %q, want %q", profile, out, want)
			}
		}
	})
}

// sshServer is a server of the user's own, by its own keys, that starts as inetd
// would have it for each connection to a port of the loopback.
type sshServer struct {
	account
	dir  string
	port int
}

func newSSHServer(t *testing.T, u account, force string) *sshServer {
	t.Helper()
	s := &sshServer{account: u, dir: u.Dir(t)}
	if err := os.Chmod(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"host", "client"} {
		must(t, s.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(s.dir, name)))
	}
	config := jailtest.File(t, s.dir, "config", "HostKey "+s.dir+"/host\nAuthorizedKeysFile "+s.dir+"/client.pub\nStrictModes no\nUsePAM no\nPidFile none\nPasswordAuthentication no\nForceCommand "+force+"\n", false)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s.port = l.Addr().(*net.TCPAddr).Port
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			f, err := conn.(*net.TCPConn).File()
			conn.Close()
			if err != nil {
				return
			}
			unix.SetNonblock(int(f.Fd()), false)
			c := s.Command("/usr/sbin/sshd", "-i", "-f", config)
			c.Stdin, c.Stdout = f, f
			if c.Start() == nil {
				go c.Wait()
			}
			f.Close()
		}
	}()
	return s
}

// client is the user's ssh to its own server.
func (s *sshServer) client(command string, options ...string) *exec.Cmd {
	argv := append([]string{"-F", "none", "-p", fmt.Sprint(s.port), "-i", s.dir + "/client", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=" + s.dir + "/known"}, options...)
	return s.Command("ssh", append(argv, "127.0.0.1", command)...)
}

// Under a real sshd the command line comes from whoever logs in, and the jail is
// ForceCommand's, whatever that line is. The streams of this sshd are pipes, of
// which nothing is relayed, so that offline-strict takes them as well.
func TestUnderSSH(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "ssh", "ssh-keygen", "/usr/sbin/sshd")
	all := accounts(t)
	u := all[len(all)-1] // root's sshd wants more of the machine
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	host, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	where := jailtest.File(t, jailtest.PublicDir(t), "where", "#!/bin/sh\nreadlink /proc/self/ns/net; for n in 0 1 2; do readlink /proc/$$/fd/$n | sed 's/:.*//'; done; exit 7\n", true)
	plain := finish(t, newSSHServer(t, u, where).client("anything"))
	if !plain.exited(7) || plain.out != host+"\npipe\npipe\npipe\n" {
		t.Fatalf("without netjail: %s", plain)
	}
	for _, profile := range []string{"base", "offline-strict"} {
		e := finish(t, newSSHServer(t, u, program+" run "+profile+" "+where).client("anything"))
		if !e.exited(7) || strings.Contains(e.out, host) || !strings.HasSuffix(e.out, "]\npipe\npipe\npipe\n") {
			t.Errorf("%s: %s", profile, e)
		}
	}
	in, out := sha256.New(), sha256.New()
	c := newSSHServer(t, u, program+" run offline-strict cat").client("anything")
	c.Stdin, c.Stdout = io.TeeReader(io.LimitReader(rand.NewChaCha8([32]byte{4}), streamSize), in), out
	if err := c.Run(); err != nil || !bytes.Equal(in.Sum(nil), out.Sum(nil)) {
		t.Errorf("what came back through ssh is not what went in: %v", err)
	}
}

// A server that hands its connection, or one end of a pair, to what it starts:
// relayed, refused and passed as the profile says.
func TestUnderSocat(t *testing.T) {
	jailtest.Require(t, "socat")
	each(t, func(t *testing.T, w *world) {
		pass := w.profile(t, "pass", "process: {stdioSockets: pass}\n")
		for _, option := range []string{"", ",nofork"} { // a pair, the connection
			for profile, want := range map[string]string{"base": "pipe", pass: "socket", "offline-strict": ""} {
				path := filepath.Join(w.dir, "listens")
				script := jailtest.File(t, w.dir, "serve", "#!/bin/sh\nexec "+w.netjail+" run "+profile+` sh -c 'readlink /proc/self/fd/0 | sed "s/:.*//"; cat'`+"\n", true)
				c := w.in([]string{"socat", "UNIX-LISTEN:" + path + ",mode=777", "EXEC:" + script + option})
				var words bytes.Buffer
				c.Stderr, c.WaitDelay = &words, waitDelay
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { c.Process.Kill(); c.Wait() })
				var conn net.Conn
				jailtest.Eventually(t, "socat listens", func() (ok bool) {
					var err error
					conn, err = net.Dial("unix", path)
					return err == nil
				})
				io.WriteString(conn, "a line\n")
				closeWrite(t, conn)
				got, err := io.ReadAll(conn)
				conn.Close()
				c.Wait()
				os.Remove(path)
				switch {
				case err != nil && want != "":
					t.Errorf("%s%s: %v", profile, option, err)
				case want == "" && (len(got) > 0 || !strings.Contains(words.String(), "process.stdioSockets")):
					t.Errorf("%s%s: %q came, and %q", profile, option, got, words.String())
				case want != "" && string(got) != want+"\na line\n":
					t.Errorf("%s%s: %q came, and %q", profile, option, got, words.String())
				}
			}
		}
	})
}
