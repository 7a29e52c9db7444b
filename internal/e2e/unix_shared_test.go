package e2e

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// visit goes to meetings under a profile, or without netjail where that is empty,
// and gives the answers: "" for each at which somebody was met.
func (w *world) visit(t *testing.T, all []jailtest.Meeting, profile string) []string {
	t.Helper()
	argv := jailtest.Visitor(w.victim)
	if profile != "" {
		argv = append([]string{w.netjail, "run", profile, "--"}, argv...)
	}
	visitor := newTalker(t, w.in(argv))
	defer visitor.close(t)
	var answers []string
	if err := json.Unmarshal(visitor.ask(t, all), &answers); err != nil || len(answers) != len(all) {
		t.Fatalf("%d answers to %d meetings: %v", len(answers), len(all), err)
	}
	return answers
}

// serve makes meetings outside, for as long as the test runs.
func (w *world) serve(t *testing.T, all []jailtest.Meeting) *talker {
	t.Helper()
	argv := jailtest.Host(w.victim)
	host := newTalker(t, exec.Command(argv[0], argv[1:]...))
	if answer := string(host.ask(t, all)); answer != "made\n" {
		t.Fatal(answer)
	}
	return host
}

func stream(path string) jailtest.Meeting {
	return jailtest.Meeting{Path: path, Kind: "stream", Way: jailtest.WayAbsolute}
}

// Somebody who listens in a shared directory keeps an isolated command from
// starting, by any launcher; a socket that nobody listens on any more does not,
// nor does one that the profile names.
func TestSharedSocket(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		socket := filepath.Join(w.dir, "server.sock")
		all := []jailtest.Meeting{stream(socket)}
		isolated, allow := w.own(t, "isolated", "isolated"), w.own(t, "allow", "{allow: ["+socket+"]}")
		marker := filepath.Join(w.dir, "started")
		must(t, w.jail(isolated, "true"))

		host := w.serve(t, all)
		if met := w.visit(t, all, ""); met[0] != "" {
			t.Fatalf("without netjail: %s", met[0])
		}
		for _, launcher := range []string{"--stage=false", "--stage"} {
			w.refusedWith(t, w.jail(launcher, isolated, "touch", marker), marker, "unix.reachable", socket, "sockets.unix")
		}
		if met := w.visit(t, all, w.own(t, "deny", "deny")); met[0] == "" {
			t.Error("with deny it answers")
		}
		if met := w.visit(t, all, allow); met[0] != "" {
			t.Errorf("with allow: %s", met[0])
		}
		host.close(t)

		if got := w.judged(t, isolated, "unix.reachable"); got != "declared" {
			t.Errorf("with a dead socket unix.reachable is %s", got)
		}
		must(t, w.jail(isolated, "true"))
	})
}

// A socket that no table names is found by the walk of a full audit.
func TestSharedSocketUnderAnotherName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		isolated := w.own(t, "isolated", "isolated")
		for _, way := range []string{jailtest.WayRenamed, jailtest.WayRelative} {
			host := w.serve(t, []jailtest.Meeting{{Path: filepath.Join(w.dir, "server-"+strings.ReplaceAll(way, " ", "-")), Kind: "seqpacket", Way: way}})
			if got := w.judged(t, isolated, "unix.reachable"); got != "fail" {
				t.Errorf("%s: unix.reachable is %s in a full audit", way, got)
			}
			host.close(t)
		}
	})
}

// FIFOs of a shared directory are named in a full audit, under every word for
// unix sockets.
func TestSharedFIFO(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		fifo := jailtest.Meeting{Path: filepath.Join(w.dir, "fifo"), Kind: "FIFO", Way: jailtest.WayRenamed}
		defer w.serve(t, []jailtest.Meeting{fifo}).close(t)
		for _, word := range []string{"isolated", "deny"} {
			verdict, found := w.finding(t, w.own(t, word, word), "fs.fifo")
			if verdict != "declared" || !strings.Contains(found, fifo.Path) {
				t.Errorf("%s: fs.fifo is %s, and finds %q", word, verdict, found)
			}
		}
	})
}

// An allowed socket answers, its neighbours do not, and the report says what is
// open. One that is not there is a refusal.
func TestAllowedSocket(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		dir := w.Dir(t)
		all := []jailtest.Meeting{stream(dir + "/allowed"), stream(dir + "/neighbour"), {Path: dir + "/fifo", Kind: "FIFO", Way: jailtest.WayAbsolute}}
		allow := w.own(t, "allow", "{allow: ["+all[0].Path+"]}")
		marker := filepath.Join(w.dir, "started")
		w.refusedWith(t, w.jail(allow, "touch", marker), marker, "sockets.unix", all[0].Path)

		defer w.serve(t, all).close(t)
		for i, met := range w.visit(t, all, "") {
			if met != "" {
				t.Fatalf("without netjail, %+v: %s", all[i], met)
			}
		}
		if met := w.visit(t, all, allow); met[0] != "" || met[1] == "" || met[2] == "" {
			t.Errorf("allowed: %q, neighbour: %q, FIFO: %q", met[0], met[1], met[2])
		}
		if got := w.judged(t, allow, "unix.allowed"); got != "declared" {
			t.Errorf("unix.allowed is %s", got)
		}
	})
}

// judged is the verdict of one check in a full audit.
func (w *world) judged(t *testing.T, profile, check string) string {
	t.Helper()
	verdict, _ := w.finding(t, profile, check)
	return verdict
}

// finding is the verdict of one check in a full audit, and what it found.
func (w *world) finding(t *testing.T, profile, check string) (verdict, found string) {
	t.Helper()
	return finish(t, w.in([]string{w.netjail, "audit", "--format", "json", profile, "--", "/bin/true"})).finding(t, check)
}

// finding is the verdict of one check in the JSON report that was printed, and what
// it found.
func (e ending) finding(t *testing.T, check string) (verdict, found string) {
	t.Helper()
	r := new(report)
	if err := json.Unmarshal([]byte(e.out), r); err != nil {
		t.Fatalf("%v: %s", err, e)
	}
	for _, f := range r.Findings {
		if f.Check == check {
			return f.Verdict, f.Found
		}
	}
	t.Fatalf("no finding %s: %s", check, e)
	return "", ""
}

// What a process passes over an allowed socket arrives, whatever the profile says
// of descriptors: that is why unix.allowed is not a pass.
func TestAllowedSocketPassesDescriptors(t *testing.T) {
	jailtest.Require(t, "python3")
	each(t, func(t *testing.T, w *world) {
		path := filepath.Join(w.Dir(t), "giver")
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		for _, err := range []error{unix.Bind(fd, &unix.SockaddrUnix{Name: path}), unix.Chmod(path, 0o777), unix.Listen(fd, 1)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		var pipe [2]int
		if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		defer unix.Close(pipe[0])
		done := make(chan error, 1)
		go func() {
			c, _, err := unix.Accept4(fd, unix.SOCK_CLOEXEC)
			if err == nil {
				err = unix.Sendmsg(c, []byte("x"), unix.UnixRights(pipe[1]), nil, 0)
				unix.Close(c)
			}
			unix.Close(pipe[1])
			done <- err
		}()
		const taker = `import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.connect(sys.argv[1])
_, fds, _, _ = socket.recv_fds(s, 1, 1); os.write(fds[0], b"from inside")`
		must(t, w.jail(w.own(t, "allow", "{allow: ["+path+"]}"), "python3", "-c", taker, path))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		var b [32]byte
		if n, err := unix.Read(pipe[0], b[:]); err != nil || string(b[:n]) != "from inside" {
			t.Errorf("through a pipe of the host's came %q, %v", b[:n], err)
		}
	})
}
