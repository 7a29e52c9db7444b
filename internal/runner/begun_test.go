package runner_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/sys"
	"github.com/netjail/netjail/profiles"
)

// beginner is a policy that a child may be begun for.
func beginner(t testing.TB) *policy.Policy {
	jailtest.Require(t, "userns", "netns", "pidns")
	p := bundled(t, "offline")
	p.Filesystem.Home = policy.HomeHidden // a stranger has no line in the password file, and so no home
	p.Filesystem.Writable = nil
	return p
}

// outline is what is begun on for p. The standard streams of a test are files,
// pipes and /dev/null.
func outline(t testing.TB, p *policy.Policy) plan.Outline {
	t.Helper()
	o, ok := host.Outline(p)
	if !ok {
		t.Fatal("nothing is begun on for an ordinary user's offline")
	}
	return o
}

// begun runs a test about children that are begun: as an ordinary user, and where
// there is a loop.
func begun(t *testing.T, test func(*testing.T)) {
	if !sys.HasLoop {
		t.Skip("this architecture has no loop")
	}
	if os.Getuid() != 0 {
		test(t)
	}
	jailtest.AlsoAsUser(t)
}

// TestBegun runs a plan in a child that was made before it: what is found of the
// command is the same.
func TestBegun(t *testing.T) {
	begun(t, func(t *testing.T) {
		p := beginner(t)
		by := func(b *runner.Begun) []judged {
			x := &trial{policy: p, argv: []string{"/bin/true"}, options: runner.Options{Begun: b}}
			if err := x.run(t); err != nil {
				t.Fatal(err)
			}
			if x.result.Status != 0 || x.result.Launcher != runner.LauncherLoop {
				t.Errorf("launcher %s, status %#x", x.result.Launcher, x.result.Status)
			}
			return judgedOf(x.findings)
		}
		want := by(nil)
		before := jailtest.ReadState(t)
		b := runner.Begin(outline(t, p))
		if b == nil || b.PID() == 0 {
			t.Fatal("nothing was begun")
		}
		if diff := cmp.Diff(want, by(b)); diff != "" {
			t.Errorf("the findings of a child that was begun differ:\n%s", diff)
		}
		if b.PID() != 0 {
			t.Error("it was not used")
		}
		if err := b.Abandon(); err != nil {
			t.Error(err)
		}
		jailtest.Childless(t)
		if diff := cmp.Diff(before, jailtest.ReadState(t)); diff != "" {
			t.Errorf("left behind:\n%s", diff)
		}
	})
}

// TestBegunLies has a child say that it made its namespaces where it has not made
// one: the audit refuses, and names it.
func TestBegunLies(t *testing.T) {
	begun(t, func(t *testing.T) {
		p := beginner(t)
		o := outline(t, p)
		for _, k := range []ns.Kind{ns.Network, ns.Mount, ns.IPC, ns.UTS, ns.Cgroup} {
			without := o
			without.Flags &^= k.CloneFlag()
			b := runner.Begin(without)
			b.Claim(o.Flags)
			x := &trial{policy: p, argv: []string{"/bin/true"}, options: runner.Options{Begun: b}}
			err := x.run(t)
			var refused *runner.RefusedError
			var step *runner.StepError
			switch {
			case (k == ns.Network || k == ns.Mount) && errors.As(err, &step) && step.Errno == unix.EPERM:
				// It has no power over the host's.
			case !errors.As(err, &refused) || !strings.Contains(err.Error(), "ns."+k.String()):
				t.Errorf("without %s: %v", k, err)
			}
			jailtest.Childless(t)
		}
	})
}

// TestBegunIsRefused has the kernel refuse the namespaces: the errno is told, with
// all that was asked for.
func TestBegunIsRefused(t *testing.T) {
	begun(t, func(t *testing.T) {
		p := beginner(t)
		o := outline(t, p)
		wrong := o
		wrong.Flags |= 1 // which unshare(2) does not know
		b := runner.Begin(wrong)
		b.Claim(o.Flags)
		x := &trial{policy: p, argv: []string{"/bin/true"}, options: runner.Options{Begun: b}}
		err := x.run(t)
		var refused *runner.CloneError
		if !errors.As(err, &refused) || refused.Errno != unix.EINVAL || refused.Flags != o.Flags {
			t.Errorf("got %v", err)
		}
		jailtest.Childless(t)
	})
}

// TestBegunForAnother has a child that does not fit the plan: another one is made.
func TestBegunForAnother(t *testing.T) {
	begun(t, func(t *testing.T) {
		p := beginner(t)
		b := runner.Begin(outline(t, p))
		child := b.PID()
		p.Namespaces[ns.UTS] = policy.NamespaceHost
		x := &trial{policy: p, argv: []string{"/bin/true"}, options: runner.Options{Begun: b}}
		if err := x.run(t); err != nil || x.result.Status != 0 {
			t.Errorf("%v, %+v", err, x.result)
		}
		if unix.Kill(child, 0) != unix.ESRCH {
			t.Error("the one that did not fit is still there")
		}
		jailtest.Childless(t)
	})
}

// TestAbandon ends a child that nobody has a plan for.
func TestAbandon(t *testing.T) {
	begun(t, func(t *testing.T) {
		before := jailtest.ReadState(t)
		b := runner.Begin(outline(t, beginner(t)))
		for range 2 {
			if err := b.Abandon(); err != nil {
				t.Error(err)
			}
		}
		jailtest.Childless(t)
		if diff := cmp.Diff(before, jailtest.ReadState(t)); diff != "" {
			t.Errorf("left behind:\n%s", diff)
		}
		if err := (*runner.Begun)(nil).Abandon(); err != nil {
			t.Error(err)
		}
	})
}

// beginning is the argv[0] by which the test binary begins a child, says which,
// and stays.
const beginning = "beginning"

// begin is that.
func begin() {
	r, _ := profiles.Lookup("offline")
	o, _ := host.Outline(r.Policy)
	os.Stdout.WriteString(strconv.Itoa(runner.Begin(o).PID()) + "\n")
	select {}
}

// TestBegunEndsWithNetjail kills netjail while the child waits.
func TestBegunEndsWithNetjail(t *testing.T) {
	begun(t, func(t *testing.T) {
		c := exec.Command("/proc/self/exe")
		c.Args[0] = beginning
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		var b [32]byte
		n, _ := out.Read(b[:])
		child, err := strconv.Atoi(string(bytes.TrimSpace(b[:n])))
		if err != nil || child == 0 {
			t.Fatalf("it said %q", b[:n])
		}
		p, alive := jailtest.Stat(child)
		if !alive {
			t.Error("the child did not wait")
		}
		c.Process.Kill()
		c.Wait()
		jailtest.Eventually(t, "the end of the child", func() bool { return !p.Alive() })
	})
}
