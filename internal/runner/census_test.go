package runner_test

import (
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// beside is the finding of a full audit in which something happens while the command
// waits at its last gate.
func (x *trial) beside(t *testing.T, happens func(pid int), check string) audit.Finding {
	t.Helper()
	x.full, x.options = true, runner.Options{Hold: true, Dry: true}
	done := false
	x.meanwhile = func(pid int) {
		if !done {
			done = true
			happens(pid)
		}
	}
	err := x.run(t)
	var refused *runner.RefusedError
	if err != nil && !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if !done {
		t.Fatal("nothing happened beside it")
	}
	return x.finding(t, check)
}

// enter has a program enter namespaces of a process, with a file open, and wait there
// until the test ends.
func enter(t *testing.T, pid int, f *os.File, flags ...string) jailtest.Process {
	t.Helper()
	return enterBy(t, pid, f, []string{"/bin/sleep", "500000"}, flags...)
}

// enterBy is enter with another command line that comes to a sleep.
func enterBy(t *testing.T, pid int, f *os.File, argv []string, flags ...string) jailtest.Process {
	t.Helper()
	c := exec.Command("nsenter", slices.Concat([]string{"--preserve-credentials", "--target", strconv.Itoa(pid)}, flags, argv)...)
	c.Dir = "/"
	// What the test was started with is none of its matter.
	if err := unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	if f != nil {
		c.ExtraFiles = []*os.File{f}
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, p := range jailtest.Descendants(c.Process.Pid) {
			unix.Kill(p.PID, unix.SIGKILL)
		}
		c.Process.Kill()
		c.Wait()
	})
	var found jailtest.Process
	jailtest.Eventually(t, "somebody is in the jail", func() bool {
		own, _ := jailtest.Stat(c.Process.Pid)
		for _, p := range append(jailtest.Descendants(c.Process.Pid), own) {
			if p.Comm == "sleep" {
				found = p
				return true
			}
		}
		return false
	})
	return found
}

// hostSocket is a socket of the caller's network namespace.
func hostSocket(t *testing.T) *os.File {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
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

func wantFinding(t *testing.T, f audit.Finding, verdict audit.Verdict, says string) {
	t.Helper()
	if f.Verdict != verdict || !strings.Contains(f.Found+"\n"+f.Note, says) {
		t.Errorf("%s: %v, found %q, note %q; want %v and %q", f.Check, f.Verdict, f.Found, f.Note, verdict, says)
	}
}

// TestCensusAlone: nobody is in the jail, while other jails run beside it, and many
// processes come and go.
func TestCensusAlone(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	firstJail(t, ns.User, ns.Network, ns.PID, ns.Mount)
	firstJail(t, ns.User, ns.Network, ns.IPC, ns.UTS)
	busy := exec.Command("/bin/sh", "-c", "while :; do /bin/true; done")
	if err := busy.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		busy.Process.Kill()
		busy.Wait()
	}()
	for _, name := range []string{"plain", "base", "minimal", "offline-strict"} {
		for _, hold := range []bool{false, true} {
			x := &trial{policy: policyOf(t, name), argv: []string{"/bin/true"}, full: true, options: runner.Options{Hold: hold, Dry: true}}
			if err := x.run(t); err != nil {
				t.Fatalf("%s: %v %+v", name, err, audit.Refusing(x.findings))
			}
			wantFinding(t, x.finding(t, "proc.enter"), audit.Pass, "the command")
			wantFinding(t, x.finding(t, "fd.helper"), audit.Pass, "nobody else")
			if s := x.evidence.Census; s.Seen < 2 || len(s.Residents) == 0 {
				t.Errorf("%s: %+v", name, s)
			}
		}
	}
	x := &trial{policy: plain(t), argv: []string{"/bin/true"}}
	if err := x.run(t); err != nil || x.evidence.Census != nil {
		t.Errorf("a run without a report counts: %v", err)
	}
	jailtest.AlsoAsUser(t)
}

// TestCensusEntered has somebody enter the jail, through one kind of namespace or
// several.
func TestCensusEntered(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, c := range []struct {
		flags []string
		root  bool // takes root
		in    string
	}{
		{[]string{"--user"}, false, "user"},
		{[]string{"--user", "--net"}, false, "user, network"},
		{[]string{"--user", "--uts", "--ipc"}, false, "user, ipc, uts"},
		{[]string{"--user", "--pid"}, false, "user, pid"},
		{[]string{"--user", "--mount"}, false, "user, mount"},
		{[]string{"--net"}, true, "network"},
		{[]string{"--pid"}, true, "pid"},
		{[]string{"--ipc"}, true, "ipc"},
		{[]string{"--mount"}, true, "mount"},
	} {
		if c.root && os.Getuid() != 0 {
			continue
		}
		t.Run(c.in, func(t *testing.T) {
			var who jailtest.Process
			x := &trial{policy: plain(t), argv: []string{"/bin/true"}}
			f := x.beside(t, func(pid int) { who = enter(t, pid, nil, c.flags...) }, "proc.enter")
			wantFinding(t, f, audit.Fail, fmt.Sprintf("process %d \"sleep\" in %s", who.PID, c.in))
			if !slices.Contains(x.refusing(), "proc.enter") {
				t.Errorf("refused by %q", x.refusing())
			}
			// Its files are the host's, as the command's are, and it has nothing else.
			wantFinding(t, x.finding(t, "fd.helper"), audit.Pass, "with nothing that the command has not")
		})
	}
	jailtest.AlsoAsUser(t)
}

// TestCensusBelow finds a process in a user namespace below the command's.
func TestCensusBelow(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "unshare")
	var who jailtest.Process
	x := &trial{policy: bundled(t, "minimal"), argv: []string{"/bin/true"}}
	f := x.beside(t, func(pid int) { who = enterBelow(t, pid) }, "proc.enter")
	wantFinding(t, f, audit.Fail, fmt.Sprintf("process %d \"sleep\" below user", who.PID))
	jailtest.AlsoAsUser(t)
}

func enterBelow(t *testing.T, pid int) jailtest.Process {
	t.Helper()
	before := jailtest.Namespace(os.Getpid(), "user")
	argv := []string{"--user", "--target", strconv.Itoa(pid), "unshare", "--user", "/bin/sleep", "500000"}
	if os.Getuid() != 0 { // root becomes the root of the jail, which may make one more
		argv = append([]string{"--preserve-credentials"}, argv...)
	}
	c := exec.Command("nsenter", argv...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	jailtest.Eventually(t, "it is below", func() bool {
		p, _ := jailtest.Stat(c.Process.Pid)
		return p.Comm == "sleep" && jailtest.Namespace(p.PID, "user") != before
	})
	p, _ := jailtest.Stat(c.Process.Pid)
	return p
}

// TestCensusThread finds a single thread that has entered a namespace.
func TestCensusThread(t *testing.T) {
	jailtest.Require(t, "userns", "netns")
	if os.Getuid() != 0 {
		return // a thread of a process with several cannot enter the user namespace first
	}
	leave := make(chan bool)
	defer close(leave)
	tid := 0
	x := &trial{policy: plain(t), argv: []string{"/bin/true"}}
	f := x.beside(t, func(pid int) {
		entered := make(chan error)
		go onAnotherThread(func() {
			tid = unix.Gettid()
			fd, err := unix.Open(fmt.Sprintf("/proc/%d/ns/net", pid), unix.O_RDONLY|unix.O_CLOEXEC, 0)
			if err == nil {
				err = errors.Join(unix.Setns(fd, unix.CLONE_NEWNET), unix.Close(fd))
			}
			entered <- err
			<-leave
		})
		if err := <-entered; err != nil {
			t.Fatal(err)
		}
	}, "proc.enter")
	wantFinding(t, f, audit.Fail, fmt.Sprintf("thread %d of process %d ", tid, os.Getpid()))
}

// onAnotherThread calls f on a thread that is not the first, and that ends with it.
func onAnotherThread(f func()) {
	runtime.LockOSThread()
	if unix.Gettid() != os.Getpid() {
		f()
		return
	}
	done := make(chan bool)
	go func() {
		onAnotherThread(f)
		close(done)
	}()
	<-done
	runtime.UnlockOSThread()
}

// TestCensusHelper has somebody enter who holds what leads out.
func TestCensusHelper(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	socket := hostSocket(t)
	x := &trial{policy: plain(t), argv: []string{"/bin/true"}}
	var who jailtest.Process
	f := x.beside(t, func(pid int) { who = enter(t, pid, socket, "--user", "--net") }, "fd.helper")
	wantFinding(t, f, audit.Fail, fmt.Sprintf("process %d \"sleep\": 3 socket:[", who.PID))
	wantFinding(t, f, audit.Fail, "of netjail's network namespace")
	if got := x.refusing(); !slices.Contains(got, "fd.helper") || !slices.Contains(got, "proc.enter") {
		t.Errorf("refused by %q", got)
	}

	root, err := os.Open("/")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	y := &trial{policy: bundled(t, "offline-strict"), argv: []string{"/bin/true"}}
	f = y.beside(t, func(pid int) { enter(t, pid, root, "--user") }, "fd.helper")
	wantFinding(t, f, audit.Fail, "3 /, outside of its tree")
	wantFinding(t, f, audit.Fail, "its root /, outside of its tree, its working directory /, outside of its tree")

	// In the jail's own tree, with a file of it open, somebody has nothing that leads
	// out.
	z := &trial{policy: bundled(t, "offline-strict"), argv: []string{"/bin/true"}}
	f = z.beside(t, func(pid int) {
		enterBy(t, pid, nil, []string{"/bin/sh", "-c", "exec sleep 500000 </etc/passwd"}, "--user", "--mount")
	}, "fd.helper")
	wantFinding(t, f, audit.Pass, "1 other, with nothing that the command has not")
	jailtest.AlsoAsUser(t)
}

// TestCensusJoined: who lives in a namespace that is joined is told, with what it has
// open; who enters one that is new fails all the same.
func TestCensusJoined(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := firstJail(t, ns.User, ns.Network)
	inhabitant := strings.Split(dir, "/")[2]
	p := join(plain(t), dir, ns.User, ns.Network)
	p.Loopback = policy.Loopback{}
	x := &trial{policy: p, argv: []string{"/bin/true"}, full: true, options: runner.Options{Hold: true, Dry: true}}
	if err := x.run(t); err != nil {
		t.Fatalf("%v %+v", err, audit.Refusing(x.findings))
	}
	wantFinding(t, x.finding(t, "proc.enter"), audit.Declared, "in what is joined also process "+inhabitant+" \"sleep\" in user, network")
	wantFinding(t, x.finding(t, "fd.helper"), audit.Declared, "as soon as it sees them")

	y := &trial{policy: p, argv: []string{"/bin/true"}}
	f := y.beside(t, func(pid int) { enter(t, pid, nil, "--user", "--ipc") }, "proc.enter")
	wantFinding(t, f, audit.Fail, "\"sleep\" in user, ipc")
	jailtest.AlsoAsUser(t)
}

// TestCensusOpenly compares what the kernel tells everybody with the links that only
// some may read: an ordinary user's netjail has no more than the former of root's
// processes.
func TestCensusOpenly(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	var closed int
	x := &trial{policy: plain(t), argv: []string{"/bin/true"}, full: true, options: runner.Options{Hold: true, Dry: true}}
	if err := x.run(t); err != nil {
		t.Fatal(err)
	}
	closed = x.evidence.Census.Closed
	if os.Getuid() != 0 && closed == 0 {
		t.Error("an ordinary user may read everybody's namespaces")
	}
	if len(x.evidence.Census.Perhaps) > 0 || x.evidence.Census.Hidden {
		t.Errorf("%+v", x.evidence.Census)
	}
	jailtest.AlsoAsUser(t)
}

// BenchmarkCensus is what a full audit pays for looking at everybody.
func BenchmarkCensus(b *testing.B) {
	jailtest.Require(b, "userns", "netns")
	c := exec.Command("/bin/sleep", "1000")
	c.SysProcAttr = inNewUser(unix.CLONE_NEWNET | unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP)
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		c.Process.Kill()
		c.Wait()
	}()
	jail := evidence.ReadProcess(c.Process.Pid, evidence.Options{IDMaps: true, Namespaces: true, Mounts: true})
	var sought evidence.Marks
	for _, k := range []ns.Kind{ns.User, ns.Network, ns.Mount, ns.IPC, ns.UTS, ns.Cgroup} {
		sought[k] = jail.Namespaces[k].Value
	}
	seen := 0
	for b.Loop() {
		s := evidence.ReadCensus(sought, &jail, []int{c.Process.Pid})
		if s.Missing != "" || len(s.Residents) != 1 {
			b.Fatalf("%+v", s)
		}
		seen = s.Seen
	}
	b.ReportMetric(float64(seen), "processes")
}
