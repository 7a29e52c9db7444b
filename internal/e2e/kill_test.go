package e2e

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// When netjail is killed nothing of a jail with a pid namespace is left: no
// process, wherever it went, and no mount.
func TestKilledNetjailLeavesNothing(t *testing.T) {
	eachOf(t, []string{"build", "base"}, func(t *testing.T, w *world, profile string) {
		before := procMounts(t)
		for _, launcher := range []string{"--stage=false", "--stage"} {
			r := start(t, w.jail(append([]string{launcher, profile}, jailtest.Orphan(w.victim)...)...))
			var all []jailtest.Process
			jailtest.Eventually(t, "the daemons run", func() bool {
				all = jailtest.Descendants(r.Process.Pid)
				n := 0
				for _, p := range all {
					if p.Comm == "sleep" {
						n++
					}
				}
				return n == 4
			})
			inside := jailtest.Descendant(t, r.Process.Pid, "sleep")
			pidns, mntns := jailtest.Namespace(inside.PID, "pid"), jailtest.Namespace(inside.PID, "mnt")
			if pidns == "" || pidns == jailtest.Namespace(os.Getpid(), "pid") {
				t.Fatalf("the command is in %q", pidns)
			}
			r.Process.Kill()
			r.wait()
			jailtest.Eventually(t, "everything in the jail ends", func() bool {
				for _, p := range all {
					if p.Alive() {
						return false
					}
				}
				return len(jailtest.InNamespace("pid", pidns)) == 0 && len(jailtest.InNamespace("mnt", mntns)) == 0
			})
		}
		if after := procMounts(t); after != before {
			t.Errorf("file systems at /proc before: %d, after: %d", before, after)
		}
	})
}

// Without a pid namespace the command itself dies with netjail.
func TestKilledNetjailKillsTheCommand(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := start(t, w.jail("minimal", "sh", "-c", "echo ready; exec sleep 1000"))
		command := jailtest.Descendant(t, r.Process.Pid, "sleep")
		r.Process.Kill()
		jailtest.Eventually(t, "the command ends", func() bool { return !command.Alive() })
	})
}

// What the command leaves running ends with it where there is a pid namespace.
func TestDaemonsEndWithTheCommand(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.jail("base", "sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo ready; read line")
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		r := start(t, c)
		daemon := jailtest.Descendant(t, r.Process.Pid, "sleep")
		in.Write([]byte("\n"))
		if s := r.wait(); s != 0 {
			t.Errorf("netjail ended with %#x", s)
		}
		if daemon.Alive() {
			t.Errorf("%v has outlived its jail, and netjail has ended", daemon)
		}
	})
}

// killRounds is how often netjail is killed during the set-up, for each user and
// launcher.
const killRounds = 100

// However early netjail is killed, no process is left.
func TestKilledDuringSetUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, launcher := range []string{"--stage=false", "--stage"} {
			var sessions []int
			for round := range killRounds {
				c := w.jail(launcher, withAndWithoutPID()[round%2], "sleep", "1000")
				c.SysProcAttr.Setsid = true
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				after := time.Duration(rand.IntN(6000)) * time.Microsecond
				if launcher == "--stage" {
					after *= 2 // two starts of a Go program
				}
				time.Sleep(after) // the point at which it is killed is what varies
				c.Process.Kill()
				c.Wait()
				sessions = append(sessions, c.Process.Pid)
			}
			none := func() bool { return len(inSessions(sessions)) == 0 }
			jailtest.Eventually(t, "no process of killed netjails is left", none)
		}
	})
}

// inSessions are the living processes of some sessions.
func inSessions(sessions []int) []jailtest.Process {
	wanted := map[int]bool{}
	for _, s := range sessions {
		wanted[s] = true
	}
	var found []jailtest.Process
	for _, p := range jailtest.Processes() {
		if wanted[p.Session] && p.State != 'Z' && p.State != 'X' {
			found = append(found, p)
		}
	}
	return found
}

// procMounts counts the mounts on /proc in the test's own mount namespace.
func procMounts(t *testing.T) int {
	t.Helper()
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(table), " /proc rw") + strings.Count(string(table), " /proc ro")
}

// A false alarm is a run that is refused without a reason: while others make
// jails, mounts and sockets, there is none.
func TestNoFalseAlarms(t *testing.T) {
	jailtest.Require(t, "unshare")
	each(t, func(t *testing.T, w *world) {
		stop, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			for churn(w, stop) {
			}
		}()
		end := time.Now().Add(5 * time.Second)
		runs := 0
		for ; runs < 100 && time.Now().Before(end); runs++ {
			profile := []string{"build", "base", "minimal", "audit-only"}[runs%4]
			argv := []string{profile, "true"}
			if runs%5 == 0 {
				argv = []string{"--report", "/dev/null", profile, "true"}
			}
			if e := finish(t, w.jail(argv...)); !e.exited(0) || e.err != "" {
				t.Errorf("run %d of %q: %s", runs, argv, e)
			}
		}
		close(stop)
		<-done
		t.Logf("%d runs", runs)
	})
}

// churn makes and ends a jail of somebody else's, with a mount and sockets. It
// is false once stop is closed.
func churn(w *world, stop chan struct{}) bool {
	c := w.Command("unshare", "-Urnmpf", "--mount-proc", "sh", "-c", "mount -t tmpfs none /mnt; cat /proc/mounts >/dev/null")
	c.Run()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
	}
	if fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err == nil {
		unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
		unix.Listen(fd, 1)
		unix.Close(fd)
	}
	select {
	case <-stop:
		return false
	default:
		return true
	}
}
