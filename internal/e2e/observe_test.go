package e2e

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// TestObserveOwnJail audits netjail's own jails, as they run, against the profile
// that they were started with: nothing fails.
func TestObserveOwnJail(t *testing.T) {
	for i, profile := range []string{"offline", "offline-strict", "build", "agent", "base", "minimal"} {
		each(t, func(t *testing.T, w *world) {
			if w.Credential() != nil && !slices.Contains([]string{"offline-strict", "base", "minimal"}, profile) {
				return // a stranger has no home directory: an ordinary user's own run does this
			}
			t.Run(profile, func(t *testing.T) {
				seconds := strconv.Itoa(990000 + 10*i + w.UID%10)
				pid := w.inside(t, []string{w.netjail, "run", profile, "sleep", seconds}, seconds)
				got := w.observe(t, "--pid", strconv.Itoa(pid), profile)
				passes := 0
				for _, f := range got.Findings {
					switch {
					case f.Verdict == "fail" || f.Verdict == "unknown" && f.Scope == "examined":
						t.Errorf("%s: %s: %s; %s", f.Check, f.Verdict, f.Found, f.Note)
					case f.Verdict == "pass":
						passes++
					case strings.HasPrefix(f.Check, "escape.") && f.Verdict != "unknown" && f.Verdict != "declared":
						t.Errorf("%s: %s, and nobody has tried", f.Check, f.Verdict)
					}
				}
				if passes < 10 {
					t.Errorf("%d checks passed", passes)
				}
			})
		})
	}
}

// TestObserveAgainstAProfile audits a shell's child against offline: what is not
// as declared fails.
func TestObserveAgainstAProfile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		seconds := strconv.Itoa(990100 + w.UID%10)
		pid := w.inside(t, []string{"sleep", seconds}, seconds)
		got := w.observe(t, "--pid", strconv.Itoa(pid), "offline")
		for _, check := range []string{"ns.user", "ns.network", "ns.pid", "proc.no-new-privs", "seccomp.filter", "fs.writable", "net.loopback", "unix.abstract"} {
			if v := got.verdict(check); v != "fail" {
				t.Errorf("%s: %s, of a process that is in no jail", check, v)
			}
		}
	})
}

// threads starts a process with threads that differ, and gives its number and
// theirs.
func (w *world) threads(t *testing.T, before []string, kinds ...string) (pid int, tids map[string]int) {
	t.Helper()
	c := w.in(append(before, jailtest.Threads(w.victim, kinds...)...))
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		c.Process.Kill()
		c.Wait()
	})
	tids = map[string]int{}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		word, number, _ := strings.Cut(lines.Text(), " ")
		if word == "ready" {
			return c.Process.Pid, tids
		}
		if tids[word], err = strconv.Atoi(number); err != nil {
			t.Fatalf("it says %q", lines.Text())
		}
	}
	t.Fatal("it ended")
	return 0, nil
}

// TestObserveThreads: a thread that differs is named by the check that it fails.
func TestObserveThreads(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jailtest.Require(t, "unshare")
		pid, tids := w.threads(t, []string{"unshare", "-Ur"}, "net", "caps", "nnp", "files", "odd")
		got := w.observe(t, "--pid", strconv.Itoa(pid))
		for word, check := range map[string]string{"net": "ns.network", "caps": "caps.effective", "nnp": "proc.no-new-privs", "files": "proc.threads"} {
			found := got.found(t, check)
			if want := "thread " + strconv.Itoa(tids[word]) + " "; !strings.Contains(found, want) {
				t.Errorf("%s does not name the %s: %s", check, want, found)
			}
		}
		// The first thread answers for the worst: it has what the others gave up.
		for _, check := range []string{"ns.network", "caps.effective", "proc.no-new-privs"} {
			if v := got.verdict(check); v != "open" {
				t.Errorf("%s: %s", check, v)
			}
		}
		if v := got.verdict("proc.threads"); v != "closed" {
			t.Errorf("proc.threads: %s", v)
		}
		// A name that could deceive a terminal is shown for what it is.
		e := finish(t, w.in([]string{w.netjail, "audit", "--pid", strconv.Itoa(pid)}))
		if strings.ContainsAny(e.out, "\x1b\x07") || strings.Contains(e.out, "a) R 1\n") {
			t.Errorf("the text holds a name as it is: %q", e.out)
		}
		for _, format := range []string{"json", "sarif", "junit", "markdown"} {
			if e := finish(t, w.in([]string{w.netjail, "audit", "--format", format, "--pid", strconv.Itoa(pid)})); !e.exited(1) || e.err != "" || len(e.out) < 1000 || strings.Contains(e.out, "\x1b") {
				t.Errorf("%s: %s", format, e)
			}
		}
	})
}

// TestObserveAnotherUser: what an ordinary user may not read of root's process is
// unknown, with the cause and what to do, and is no pass.
func TestObserveAnotherUser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if w.UID == 0 {
			return // nothing is kept from root
		}
		got := w.observe(t, "--pid", "1")
		for _, check := range []string{"ns.network", "fd.socket", "fs.writable", "proc.view"} {
			if found := got.found(t, check); got.verdict(check) != "unknown" || !strings.Contains(found, "EACCES") || !strings.Contains(found, "as root") {
				t.Errorf("%s: %s: %s", check, got.verdict(check), found)
			}
		}
		for _, f := range got.Findings {
			if f.Verdict == "closed" && (strings.HasPrefix(f.Check, "ns.") || strings.HasPrefix(f.Check, "fd.")) {
				t.Errorf("%s is closed, and was not read: %s", f.Check, f.Found)
			}
		}
	})
}

// TestObserveErrors: there is no report where there is no process.
func TestObserveErrors(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		audit := func(args ...string) ending { return finish(t, w.in(append([]string{w.netjail, "audit"}, args...))) }
		for _, bad := range []string{"", "0", "-1", "01", "1x", "99999999999"} {
			if e := audit("--pid=" + bad); !e.exited(2) {
				t.Errorf("--pid=%s: %s", bad, e)
			}
		}
		if e := audit("--pid", strconv.Itoa(1<<22-1)); !e.exited(3) || !strings.Contains(e.err, "no such process") || e.out != "" {
			t.Errorf("no process: %s", e)
		}
		pid, tids := w.threads(t, nil, "nnp")
		if e := audit("--pid", strconv.Itoa(tids["nnp"])); !e.exited(3) || !strings.Contains(e.err, "thread") {
			t.Errorf("a thread: %s", e)
		}
		if e := audit("--pid", strconv.Itoa(pid), "--", "true"); !e.exited(2) {
			t.Errorf("with a command: %s", e)
		}
	})
}

// TestObserveChanging audits processes that execute others all the time, and some
// that end: either there is a report of one, or an error that says what happened.
func TestObserveChanging(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const script = `case $1 in a) exec /bin/sh "$0" b;; *) exec /bin/bash "$0" a;; esac`
		path := jailtest.File(t, w.dir, "exec.sh", script, true)
		c := w.in([]string{"/bin/sh", path, "a"})
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			c.Process.Kill()
			c.Wait()
		}()
		for range 30 {
			e := finish(t, w.in([]string{w.netjail, "audit", "--pid", strconv.Itoa(c.Process.Pid)}))
			if !e.exited(1) && !(e.exited(3) && strings.Contains(e.err, "while it was read")) {
				t.Fatal(e)
			}
		}
		for i := range 30 {
			c := w.in([]string{"sleep", "100"})
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			go func() {
				time.Sleep(time.Duration(i) * time.Millisecond / 2)
				c.Process.Kill()
			}()
			e := finish(t, w.in([]string{w.netjail, "audit", "--pid", strconv.Itoa(c.Process.Pid)}))
			c.Wait()
			if !e.exited(1) && !(e.exited(3) && strings.Contains(e.err, "process")) {
				t.Fatal(e)
			}
		}
	})
}

// TestObserveCrowd audits a process with hundreds of threads, descriptors and
// long names.
func TestObserveCrowd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jailtest.Require(t, "python3")
		const program = `import os, sys, threading
for i in range(900): os.dup(1)
for i in range(400): threading.Thread(target=threading.Event().wait, daemon=True).start()
open("/proc/self/comm", "w").write(")) \n\x1b]0;x\x07")
print("ready", flush=True)
sys.stdin.read()`
		c := w.in([]string{"env", "python3", "-c", program})
		in, _ := c.StdinPipe()
		out, _ := c.StdoutPipe()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			in.Close()
			c.Process.Kill()
			c.Wait()
		}()
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
			t.Fatal(line, err)
		}
		got := w.observe(t, "--pid", strconv.Itoa(c.Process.Pid))
		if found := got.found(t, "proc.threads"); !strings.HasPrefix(found, "401 threads, all alike") {
			t.Errorf("threads: %s", found)
		}
		for _, f := range got.Process {
			if f.Name == "name" && !strings.HasPrefix(f.Value, ")) \n\x1b]0;x") {
				t.Errorf("the name is %q", f.Value)
			}
		}
	})
}

// TestObserveForeignDescriptors: a directory of the host and a socket of its
// network, open in a process that is in neither.
func TestObserveForeignDescriptors(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jailtest.Require(t, "bwrap")
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		socket := os.NewFile(uintptr(fd), "socket")
		defer socket.Close()
		dir, err := os.Open(w.dir)
		if err != nil {
			t.Fatal(err)
		}
		defer dir.Close()
		seconds := strconv.Itoa(990200 + w.UID%10)
		c := w.in(words("bwrap --unshare-user --unshare-all --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 --proc /proc")(t, w, seconds))
		c.ExtraFiles = []*os.File{socket, dir}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		pid := 0
		defer func() {
			if pid > 0 {
				unix.Kill(pid, unix.SIGKILL)
			}
			c.Process.Kill()
			c.Wait()
		}()
		jailtest.Eventually(t, "bwrap starts the command", func() bool {
			pid = withCommand(fmt.Sprintf("sleep\x00%s\x00", seconds))
			return pid > 0
		})
		got := w.observe(t, "--pid", strconv.Itoa(pid))
		for _, check := range []string{"fd.socket", "fd.directory"} {
			if v := got.verdict(check); v != "open" {
				t.Errorf("%s: %s: %s", check, v, got.found(t, check))
			}
		}
	})
}
