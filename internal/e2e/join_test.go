package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// server answers one byte to each connection to a port of 127.0.0.1, which it
// prints.
const server = `import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
while True:
    c = s.accept()[0]
    c.sendall(b"x")
    c.close()`

// client connects to the port that it is given.
const client = `import socket, sys
print(socket.create_connection(("127.0.0.1", int(sys.argv[1]))).recv(1).decode())`

// A second jail that joins the user and the network namespace of a first one
// reaches the server in there, which nobody else does.
func TestJoinAnotherJail(t *testing.T) {
	jailtest.Require(t, "python3")
	each(t, func(t *testing.T, w *world) {
		first := w.jail(w.profile(t, "first", "loopback: up\nsockets: {unix: deny}\n"), "python3", "-c", server)
		out, err := first.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			first.Process.Signal(unix.SIGTERM)
			first.Wait()
		})
		port, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		port = strings.TrimSpace(port)
		dir := fmt.Sprintf("/proc/%d/ns", jailtest.Descendant(t, first.Process.Pid, "python3").PID)
		second := w.profile(t, "second", fmt.Sprintf("namespaces: {user: {join: %s/user}, network: {join: %s/net}}\n", dir, dir))
		if got := must(t, w.jail(second, "python3", "-c", client, port)); got != "x\n" {
			t.Errorf("the server of the first jail answered %q", got)
		}
		other := w.profile(t, "other", "loopback: up\n")
		if e := finish(t, w.jail(other, "python3", "-c", client, port)); !e.exited(1) || !strings.Contains(e.err, "refused") {
			t.Errorf("a jail of its own: %s", e)
		}
		file := filepath.Join(w.dir, "report.json")
		must(t, w.jail("--report", file, second, "true"))
		r := readReport(t, file)
		for _, check := range []string{"ns.user", "ns.network"} {
			for _, f := range r.Findings {
				if f.Check == check && (f.Verdict != "declared" || f.Basis != "" || !strings.HasPrefix(f.Expected, "joined, ")) {
					t.Errorf("%+v", f)
				}
			}
		}
		if got := r.found(t, "net.interfaces"); got != "lo" {
			t.Errorf("interfaces %q", got)
		}
		if r.Launcher != "stage" {
			t.Errorf("joined by the %s", r.Launcher)
		}
		alone := w.profile(t, "alone", fmt.Sprintf("namespaces: {network: {join: %s/net}}\n", dir))
		marker := filepath.Join(w.dir, "started")
		if w.UID != 0 {
			w.refusedWith(t, w.jail(alone, "touch", marker), marker, "namespaces.network (", "CAP_SYS_ADMIN", "user: {join: /proc/PID/ns/user}")
		} else {
			must(t, w.jail(alone, "true"))
		}
	})
}

// Root joins a network namespace by a file that it is bound to, as `ip netns`
// makes them.
func TestJoinByFile(t *testing.T) {
	jailtest.Require(t, "root", "unshare")
	each(t, func(t *testing.T, w *world) {
		blue := jailtest.File(t, w.dir, "blue", "", false)
		root := jailtest.User{Name: "root", UID: 0}
		must(t, root.Command("unshare", "--net="+blue, "true"))
		t.Cleanup(func() { unix.Unmount(blue, unix.MNT_DETACH) })
		var st unix.Stat_t
		if err := unix.Stat(blue, &st); err != nil {
			t.Fatal(err)
		}
		profile := w.profile(t, "blue-profile", fmt.Sprintf("namespaces: {network: {join: %s}}\n", blue))
		if w.UID != 0 {
			marker := filepath.Join(w.dir, "started")
			w.refusedWith(t, w.jail(profile, "touch", marker), marker, "namespaces.network (", "belongs to netjail's own user namespace", "run netjail as root")
			return
		}
		if got, want := must(t, w.jail(profile, "readlink", "/proc/self/ns/net")), fmt.Sprintf("net:[%d]\n", st.Ino); got != want {
			t.Errorf("the command is in %q, want %q", got, want)
		}
	})
}

// A namespace that is not there, and one of another kind, are told by name.
func TestJoinRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		marker := filepath.Join(w.dir, "started")
		for _, c := range []struct{ path, says string }{
			{"/run/netns/no-such", "no such file"},
			{"/etc/passwd", "no file of a namespace"},
			{fmt.Sprintf("/proc/%d/ns/uts", os.Getpid()), "of the kind uts, not network"},
		} {
			if w.UID != os.Getuid() && strings.HasPrefix(c.path, "/proc/") {
				c.says = "permission denied" // the test's own process is root's
			}
			p := w.profile(t, "refused", "namespaces: {network: {join: "+c.path+"}}\n")
			w.refusedWith(t, w.jail(p, "touch", marker), marker, "namespaces.network (", c.path, c.says)
		}
	})
}

// A time namespace of its own.
func TestTimeNamespace(t *testing.T) {
	jailtest.Require(t, "timens")
	each(t, func(t *testing.T, w *world) {
		own := must(t, w.in([]string{"readlink", "/proc/self/ns/time"}))
		for _, pid := range []string{"new", "host"} {
			p := w.profile(t, "time", "namespaces: {time: new, pid: "+pid+"}\n")
			if got := must(t, w.jail(p, "readlink", "/proc/self/ns/time")); got == own || !strings.HasPrefix(got, "time:[") {
				t.Errorf("pid %s: the command is in %q, this test in %q", pid, got, own)
			}
		}
		p := w.profile(t, "shared", "namespaces: {time: host}\n")
		if got := must(t, w.jail(p, "readlink", "/proc/self/ns/time")); got != own {
			t.Errorf("the command is in %q, this test in %q", got, own)
		}
	})
}

// The clocks of a joined time namespace are those that its maker has set.
func TestJoinTime(t *testing.T) {
	jailtest.Require(t, "unshare", "timens")
	each(t, func(t *testing.T, w *world) {
		const ahead = 100_000_000 // seconds; no machine has been up for so long
		maker := w.User.Command("unshare", "--user", "--map-current-user", "--time", "--boottime", fmt.Sprint(ahead), "--fork", "sleep", "1000")
		if w.UID == 0 {
			maker = w.User.Command("unshare", "--time", "--boottime", fmt.Sprint(ahead), "--fork", "sleep", "1000")
		}
		if err := maker.Start(); err != nil {
			t.Fatal(err)
		}
		sleeper := jailtest.Descendant(t, maker.Process.Pid, "sleep")
		t.Cleanup(func() {
			unix.Kill(sleeper.PID, unix.SIGKILL)
			maker.Wait()
		})
		dir := fmt.Sprintf("/proc/%d/ns", sleeper.PID)
		keys := fmt.Sprintf("time: {join: %s/time}", dir)
		if w.UID != 0 {
			keys += fmt.Sprintf(", user: {join: %s/user}", dir)
		}
		p := w.profile(t, "clocks", "namespaces: {"+keys+"}\n")
		file := filepath.Join(w.dir, "report.json")
		out := must(t, w.jail("--report", file, p, "cat", "/proc/uptime"))
		var up float64
		if _, err := fmt.Sscan(out, &up); err != nil || up < ahead {
			t.Errorf("the machine has been up for %q, %v", out, err)
		}
		if got := readReport(t, file).found(t, "ns.time"); !strings.Contains(got, "boottime +100000000s") {
			t.Errorf("ns.time found %q", got)
		}
		p = w.profile(t, "own", "namespaces: {time: host}\n")
		if _, err := fmt.Sscan(must(t, w.jail(p, "cat", "/proc/uptime")), &up); err != nil || up >= ahead {
			t.Errorf("without join it has been up for %f, %v", up, err)
		}
	})
}

// A second jail that joins the user, network and pid namespace of a first one sees the
// server in there by ps and reaches it, and nobody's /proc but theirs. It ends when
// netjail does; what it has left behind belongs to the first jail, and ends with that.
func TestJoinPID(t *testing.T) {
	jailtest.Require(t, "python3", "ps")
	each(t, func(t *testing.T, w *world) {
		server := w.server(t, "pid: new\n")
		join := server.join("user", "network", "pid")
		second := w.profile(t, "second", "namespaces: {"+join+"}\n")
		if got := must(t, w.jail(second, "python3", "-c", client, server.port)); got != "x\n" {
			t.Errorf("the server of the first jail answered %q", got)
		}
		seen := must(t, w.jail(second, "ps", "-e", "-o", "pid=,comm="))
		if lines := strings.Split(strings.TrimSpace(seen), "\n"); len(lines) != 3 || !strings.HasPrefix(strings.TrimSpace(lines[0]), "1 ") || !strings.HasSuffix(lines[1], "python3") || !strings.HasSuffix(lines[2], "ps") {
			t.Errorf("it sees\n%s", seen)
		}
		if got, want := must(t, w.jail(second, "readlink", "/proc/self/ns/pid")), server.link(t, "pid"); got != want+"\n" {
			t.Errorf("it is in %q, want %q", got, want)
		}
		file := filepath.Join(w.dir, "report.json")
		must(t, w.jail("--report", file, second, "true"))
		r := readReport(t, file)
		if got := r.found(t, "proc.enter"); !strings.Contains(got, `in what is joined also process `) || !strings.Contains(got, `"python3"`) {
			t.Errorf("proc.enter found %q", got)
		}
		for _, f := range r.Findings {
			if f.Verdict == "fail" || f.Check == "ns.pid" && (f.Verdict != "declared" || f.Basis != "read after exec") {
				t.Errorf("%+v", f)
			}
		}
		w.endsWithNetjail(t, second)
		w.leavesBehind(t, second)
	})
}

// endsWithNetjail wants the command to end when netjail is killed.
func (w *world) endsWithNetjail(t *testing.T, profile string) {
	t.Helper()
	c := w.jail(profile, "sleep", "1234")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	sleep := jailtest.Descendant(t, c.Process.Pid, "sleep")
	c.Process.Kill()
	c.Wait()
	jailtest.Eventually(t, "the end of the command", func() bool { return !lives(sleep.PID) })
}

// leavesBehind wants what the command has started to outlive it, as the report says it
// does, and ends it.
func (w *world) leavesBehind(t *testing.T, profile string) {
	t.Helper()
	must(t, w.jail(profile, "sh", "-c", "sleep 4321 </dev/null >/dev/null 2>&1 &"))
	seen := strings.TrimSpace(must(t, w.jail(profile, "pgrep", "-f", "^sleep 4321")))
	must(t, w.jail(profile, "sh", "-c", "kill "+seen))
}

// lives says whether there is a process, and it is no zombie.
func lives(pid int) bool {
	for _, p := range jailtest.Processes() {
		if p.PID == pid {
			return p.State != 'Z' && p.State != 'X'
		}
	}
	return false
}

// serving is a jail with a server in it.
type serving struct{ dir, port string }

// server starts one, until the test ends.
func (w *world) server(t *testing.T, namespaces string) serving {
	t.Helper()
	first := w.jail(w.profile(t, "first", "namespaces:\n  "+namespaces+"loopback: up\nsockets: {unix: deny}\n"), "python3", "-c", server)
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		first.Process.Signal(unix.SIGTERM)
		first.Wait()
	})
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return serving{fmt.Sprintf("/proc/%d/ns", jailtest.Descendant(t, first.Process.Pid, "python3").PID), strings.TrimSpace(port)}
}

// join is what a profile says of namespaces to join these.
func (s serving) join(kinds ...string) string {
	var keys []string
	for _, k := range kinds {
		link := k
		switch k {
		case "network":
			link = "net"
		case "mount":
			link = "mnt"
		}
		keys = append(keys, fmt.Sprintf("%s: {join: %s/%s}", k, s.dir, link))
	}
	return strings.Join(keys, ", ")
}

func (s serving) link(t *testing.T, name string) string {
	t.Helper()
	link, err := os.Readlink(filepath.Join(s.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return link
}

// Root joins the pid namespace of a container that has no user namespace of its own,
// where its files are the caller's; in a new mount namespace a new user namespace could
// mount no /proc of it.
func TestJoinPIDOfRoots(t *testing.T) {
	jailtest.Require(t, "root", "unshare")
	each(t, func(t *testing.T, w *world) {
		if w.UID != 0 {
			return
		}
		maker := w.User.Command("unshare", "--pid", "--fork", "--kill-child", "sleep", "1000")
		if err := maker.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			maker.Process.Kill()
			maker.Wait()
		})
		s := serving{dir: fmt.Sprintf("/proc/%d/ns", jailtest.Descendant(t, maker.Process.Pid, "sleep").PID)}
		p := w.profile(t, "roots", "namespaces: {mount: host, "+s.join("pid")+"}\nfilesystem: host\nsockets: {unix: host}\n")
		if got, want := must(t, w.jail(p, "readlink", "/proc/self/ns/pid")), s.link(t, "pid"); got != want+"\n" {
			t.Errorf("the command is in %q, want %q", got, want)
		}
		marker := filepath.Join(w.dir, "started")
		p = w.profile(t, "refused", "namespaces: {"+s.join("pid")+"}\n")
		w.refusedWith(t, w.jail(p, "touch", marker), marker, "namespaces.pid (", "needs a /proc of", "mount: host")
	})
}

// A second jail that joins a first one's namespaces, the files among them, finds what
// only the first one has, runs a program that only the first one has, and gets nowhere
// else: neither by its root or working directory nor by what it has open.
func TestJoinMount(t *testing.T) {
	jailtest.Require(t, "python3")
	each(t, func(t *testing.T, w *world) {
		const inside = `import os, shutil, time
os.mkdir("/tmp/bin"); shutil.copy("/bin/cat", "/tmp/bin/only-here")
open("/tmp/text", "w").write("only here\n")
print("ready", flush=True)
time.sleep(1000)`
		first := w.jail(w.profile(t, "first", "filesystem: {root: system}\nsockets: {unix: deny}\n"), "/usr/bin/python3", "-c", inside)
		first.Dir = "/"
		out, err := first.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			first.Process.Signal(unix.SIGTERM)
			first.Wait()
		})
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			t.Fatalf("the first jail: %q, %v", line, err)
		}
		s := serving{dir: fmt.Sprintf("/proc/%d/ns", jailtest.Descendant(t, first.Process.Pid, "python3").PID)}
		outside := jailtest.File(t, w.dir, "outside", "", false)
		second := w.profile(t, "second", "namespaces: {"+s.join("user", "mount", "pid", "network")+"}\nfilesystem: joined\n"+
			"process: {environment: {pass: none, set: {PATH: /no/such:/tmp/bin:/usr/bin:/bin}}}\n")
		in := func(dir string, args ...string) *exec.Cmd {
			c := w.jail(append([]string{second}, args...)...)
			c.Dir = dir
			return c
		}
		if got := must(t, in("/tmp", "only-here", "text")); got != "only here\n" {
			t.Errorf("the file of the first jail holds %q", got)
		}
		escapes := fmt.Sprintf(`import os
print(os.getcwd(), sorted(os.listdir("/tmp")), [f for f in os.listdir("/proc/self/fd") if int(f) > 3])
for way in "", "/proc/self/root", "/proc/self/cwd", "/proc/self/cwd/" + "../" * 20:
    print(os.path.exists(way + %q))
`, outside)
		if got, want := must(t, in("/", "python3", "-c", escapes)), "/ ['bin', 'text'] []\n"+strings.Repeat("False\n", 4); got != want {
			t.Errorf("inside it finds\n%swant\n%s", got, want)
		}
		if e := finish(t, in("/", "no-such-program")); !e.exited(127) || !strings.Contains(e.err, "in the mount namespace that is joined") {
			t.Errorf("a program that is not there: %s", e)
		}
		if e := finish(t, in("/", "/tmp/text")); !e.exited(126) {
			t.Errorf("a file that is no program: %s", e)
		}
		marker := filepath.Join(w.dir, "started")
		w.refusedWith(t, in(w.dir, "touch", marker), marker, "join.workdir", "no directory of this name", "such as /")
		audited := w.in([]string{w.netjail, "audit", "--format", "json", second, "--", "only-here", "text"})
		audited.Dir = "/tmp"
		r := readReport(t, jailtest.File(t, w.dir, "audit.json", must(t, audited), false))
		for _, f := range r.Findings {
			want := map[string]string{"ns.mount": "declared", "fs.root": "declared", "fd.cwd": "declared", "escape.fifo": "declared", "fs.writable": "not applicable"}[f.Check]
			if f.Verdict == "fail" || want != "" && f.Verdict != want {
				t.Errorf("%+v", f)
			}
		}
		if got := r.found(t, "proc.enter"); !strings.HasPrefix(got, "the command among ") || !strings.Contains(got, `"python3" in user, network, mount, pid`) {
			t.Errorf("proc.enter found %q", got)
		}
	})
}
