package runner_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// TestJoinIsNoticed spoils every op that joins. The command must not start, but
// where the audit itself finds what the op is there to find before it.
func TestJoinIsNoticed(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	kinds := []ns.Kind{ns.User, ns.Network, ns.UTS}
	dir := firstJail(t, kinds...)
	p := join(bundled(t, "minimal"), dir, kinds...)
	p.Loopback = policy.Loopback{}
	base := &trial{policy: p, argv: []string{"/bin/true"}}
	if err := base.run(t); err != nil {
		t.Fatalf("the unspoilt plan: %v", err)
	}
	spoilt := 0
	for i, o := range base.plan.Ops {
		looks := strings.HasSuffix(o.Name, ".open.same") || strings.HasSuffix(o.Name, ".check")
		if !strings.HasPrefix(o.Name, "join.") || looks {
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
	want := 5 + 4*len(kinds) // fork, clone, end and two for the death of the parent; open, stat, enter and close
	if base.plan.Index("join.dumpable") >= 0 {
		want++
	}
	if spoilt != want || (os.Getuid() == 0) != (base.plan.Index("join.dumpable") >= 0) {
		t.Errorf("%d ops that join were spoilt, want %d", spoilt, want)
	}
	jailtest.AlsoAsUser(t)
}

// TestJoinIsFoundOut enters another namespace than the profile names, with the op
// that would find it left out: the audit does.
func TestJoinIsFoundOut(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir, other := twoNetworks(t)
	p := join(bundled(t, "minimal"), dir, ns.User, ns.Network)
	p.Loopback = policy.Loopback{}
	x := &trial{policy: p, argv: []string{"/bin/true"}, mutate: func(l *plan.Plan) *plan.Plan {
		i := l.Index("join.network.open")
		q := l.Without(l.Index("join.network.open.same")).Without(l.Index("namespaces.compare") - 1)
		q.Ops[i].Args = slices.Clone(q.Ops[i].Args)
		q.Ops[i].Args[1].Name = filepath.Join(other, "net")
		return q
	}}
	err := x.run(t)
	var refused *runner.RefusedError
	if !errors.As(err, &refused) || !slices.Contains(x.refusing(), "ns.network") {
		t.Errorf("%v, refused by %q", err, x.refusing())
	}
	noneLeft(t)
	jailtest.AlsoAsUser(t)
}

// twoNetworks are two processes in one new user namespace, each in a network
// namespace of its own, until the test ends.
func twoNetworks(t *testing.T) (one, other string) {
	t.Helper()
	c := exec.Command("/bin/sh", "-c", "unshare --net sleep 1000 & exec sleep 1000")
	c.SysProcAttr = inNewUser(syscall.CLONE_NEWNET)
	c.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	second := jailtest.Descendant(t, c.Process.Pid, "sleep")
	t.Cleanup(func() {
		unix.Kill(second.PID, unix.SIGKILL)
		c.Process.Kill()
		c.Wait()
	})
	return fmt.Sprintf("/proc/%d/ns", c.Process.Pid), fmt.Sprintf("/proc/%d/ns", second.PID)
}

// TestJoinFaults makes every op of a plan that joins fail: the error names it, the
// command never ran, and nothing of the start is left.
func TestJoinFaults(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := firstJail(t, ns.User, ns.Network)
	f := newFaults(t, "minimal", runner.LauncherAuto)
	f.keeps = true
	f.trial.policy = join(bundled(t, "minimal"), dir, ns.User, ns.Network)
	f.trial.policy.Loopback = policy.Loopback{}
	x := f.trial
	if err := x.run(t); err != nil || os.Remove(f.marker) != nil {
		t.Fatalf("without a fault: %v", err)
	}
	f.base = x.plan
	for i := range f.base.Ops {
		if o := &f.base.Ops[i]; o.Actor == plan.Parent || o.Name == plan.ExecOp || o.Name == "join.end" {
			continue
		}
		for _, fault := range faults {
			f.fail(t, i, fault.name, fault.inject)
		}
	}
	jailtest.AlsoAsUser(t)
}
