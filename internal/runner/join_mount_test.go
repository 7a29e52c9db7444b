package runner_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// mountJail is a process in a mount namespace in which /mnt is a tmpfs, with a text and
// a program that are nowhere else, until the test ends. An ordinary user's is in a user
// namespace as well.
func mountJail(t *testing.T) (dir string, kinds []ns.Kind) {
	t.Helper()
	kinds = []ns.Kind{ns.Mount}
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		kinds = []ns.Kind{ns.User, ns.Mount}
		attr = inNewUser(syscall.CLONE_NEWNS)
		attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN}
	}
	const script = `mount --make-rprivate / && mount -t tmpfs -o mode=755 none /mnt && echo only here >/mnt/text &&
		cp /bin/cat /mnt/program && mkdir /mnt/dir && echo ready && exec sleep 1000`
	c := exec.Command("/bin/sh", "-c", script)
	c.SysProcAttr, c.Stderr = attr, os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	if line := make([]byte, 6); !readsReady(out.Read, line) {
		t.Fatalf("the first jail says %q", line)
	}
	jailtest.Descendant(t, os.Getpid(), "sleep")
	return fmt.Sprintf("/proc/%d/ns", c.Process.Pid), kinds
}

func readsReady(read func([]byte) (int, error), line []byte) bool {
	n, err := read(line)
	return err == nil && string(line[:n]) == "ready\n"
}

// filesOf joins namespaces of dir, a mount namespace among them.
func filesOf(t testing.TB, profile, dir string, kinds ...ns.Kind) *policy.Policy {
	p := join(policyOf(t, profile), dir, kinds...)
	p.Loopback, p.Sockets.Unix = policy.Loopback{}, policy.UnixDeny
	p.Filesystem = policy.Filesystem{Root: policy.RootJoined, Home: policy.HomeJoined, Hidden: policy.PathList{Kind: policy.PathsNone}}
	if p.Namespaces[ns.PID] == policy.NamespaceNew {
		p.Namespaces[ns.PID] = policy.NamespaceHost
	}
	return p
}

// TestJoinMount: the command gets the files of the mount namespace that it joins, the
// program among them, and stands in the directory that is called there as the caller's.
func TestJoinMount(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir, kinds := mountJail(t)
	for _, c := range []struct {
		name, at string
		argv     []string
	}{
		{"a program", "/", []string{"/mnt/program", "/mnt/text"}},
		{"its namespace", "/", sees(t, dir, ns.Mount)},
		{"a directory", "/mnt", []string{"/bin/sh", "-c", `test "$(pwd)" = /mnt && test "$(cat text)" = 'only here'`}},
		{"root and directory", "/", []string{"/bin/sh", "-c", `ls /proc/$$/root/mnt/text /proc/$$/cwd/mnt/text`}},
	} {
		for _, profile := range []string{"plain", "minimal"} {
			for _, hold := range []bool{false, true} {
				t.Chdir(c.at)
				x := &trial{policy: filesOf(t, profile, dir, kinds...), argv: c.argv, options: runner.Options{Hold: hold}}
				checkJoined(t, x, dir, fmt.Sprintf("%s, %s, held %t", c.name, profile, hold), kinds)
				if f := x.finding(t, "fd.open"); f.Verdict != audit.Pass {
					t.Errorf("%s: %+v", c.name, f)
				}
				for _, check := range []string{"fs.root", "fd.cwd"} {
					if f := x.finding(t, check); f.Verdict != audit.Declared {
						t.Errorf("%s: %+v", c.name, f)
					}
				}
			}
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestJoinMountElsewhere: the caller's directory is not there, or the program is not:
// nothing runs in another.
func TestJoinMountElsewhere(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir, kinds := mountJail(t)
	t.Chdir("/")
	x := &trial{policy: filesOf(t, "minimal", dir, kinds...), argv: []string{"/mnt/no-such"}}
	var exec *runner.ExecError
	if err := x.run(t); !errors.As(err, &exec) || exec.Errno != unix.ENOENT {
		t.Errorf("a program that is not there: %v", err)
	}
	x = &trial{policy: filesOf(t, "minimal", dir, kinds...), argv: []string{"/bin/true"}, lay: func(h *plan.Host) { h.Tree.Workdir = "/mnt/no-such" }}
	var step *runner.StepError
	if err := x.run(t); !errors.As(err, &step) || step.Op.Name != plan.WorkdirOp || step.Errno != unix.ENOENT {
		t.Errorf("a directory that is not there: %v", err)
	}
	noneLeft(t)
	jailtest.AlsoAsUser(t)
}

// TestJoinMountIsNoticed spoils every op that joins a mount namespace, or holds or
// closes what is the host's. The command must not start.
func TestJoinMountIsNoticed(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir, kinds := mountJail(t)
	t.Chdir("/mnt")
	p := filesOf(t, "minimal", dir, kinds...)
	base := &trial{policy: p, argv: []string{"/bin/true"}}
	if err := base.run(t); err != nil {
		t.Fatalf("the unspoilt plan: %v", err)
	}
	spoilt := 0
	for i, o := range base.plan.Ops {
		ours := strings.HasPrefix(o.Name, "join.mount") || o.Name == plan.WorkdirOp || strings.HasPrefix(o.Name, "proc.open") ||
			o.Name == "proc.keep" || o.Name == "proc.close"
		if !ours || strings.HasSuffix(o.Name, ".same") {
			continue
		}
		spoilt++
		if spoil(t, p, false, func(l *plan.Plan) *plan.Plan { return l.Without(i) }).Ran {
			t.Errorf("op %s can be left out, and the command starts", o.Name)
		}
		if spoil(t, p, false, func(l *plan.Plan) *plan.Plan { return l.Pretending(i) }).Ran {
			t.Errorf("op %s can claim success and do nothing, and the command starts", o.Name)
		}
		noneLeft(t)
	}
	if spoilt != 9 { // open, stat, enter and close; the directory; four of /proc
		t.Errorf("%d ops were spoilt", spoilt)
	}
	jailtest.AlsoAsUser(t)
}

// TestJoinMountIsFoundOut: a working directory that leads out of the joined namespace,
// a root that is not its root, and a directory that stays open, are found by the audit.
func TestJoinMountIsFoundOut(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir, kinds := mountJail(t)
	t.Chdir("/")
	for _, c := range []struct {
		name, check string
		change      func(*plan.Plan) *plan.Plan
	}{
		{"the host's /proc as working directory", "fd.cwd", func(l *plan.Plan) *plan.Plan {
			i := l.Index(plan.WorkdirOp)
			fd := l.Ops[l.Index("proc.close")].Args[0]
			return changed(l, i, func(o *plan.Op) { o.Call, o.Args = "fchdir", []plan.Arg{fd} })
		}},
		{"the host's /proc left open", "fd.directory", func(l *plan.Plan) *plan.Plan { return l.Without(l.Index("proc.close")) }},
	} {
		x := &trial{policy: filesOf(t, "minimal", dir, kinds...), argv: []string{"/bin/true"}, mutate: c.change}
		err := x.run(t)
		var refused *runner.RefusedError
		if !errors.As(err, &refused) || !slices.Contains(x.refusing(), c.check) {
			t.Errorf("%s: %v, refused by %q", c.name, err, x.refusing())
		}
		noneLeft(t)
	}
	jailtest.AlsoAsUser(t)
}

// changed is a plan with one op changed.
func changed(l *plan.Plan, i int, change func(*plan.Op)) *plan.Plan {
	q := *l
	q.Ops = slices.Clone(l.Ops)
	change(&q.Ops[i])
	return &q
}
