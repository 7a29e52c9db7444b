package runner_test

import (
	"os"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// unnoticedJoin says why nothing is lost with an op of a plan that joins.
func unnoticedJoin(op string, pretended bool) string {
	for _, u := range []struct{ head, reason string }{
		{"fd.close.", "the stage is started with no descriptor but the plan's"},
		{"pid1.close", "the same: where namespaces are joined, pid 1 is the stage's"},
		{"maps.answer", "the parent's one deed there is to compare namespaces, and the audit compares them once more"},
		{"namespaces.compare", "the audit compares them once more"},
		{"join.dumpable.check", "it is the check"},
		{"ask.", "what is in a network namespace that is joined is told, and where it was not read, that it was not"},
		{"read.links.", "the same"},
		{"read.addresses.", "the same"},
		{"read.routes.", "the same"},
		{"net.", "the same"},
	} {
		if strings.HasPrefix(op, u.head) {
			return u.reason
		}
	}
	if strings.HasPrefix(op, "join.") && strings.HasSuffix(op, ".open.same") {
		return "the audit compares the namespace that the command is in with the one that the profile names"
	}
	return unnoticed(op, pretended)
}

// TestJoinIsNoticed spoils every op of a plan that joins. Where the command starts
// all the same, unnoticedJoin must say why nothing is lost.
func TestJoinIsNoticed(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	kinds := []ns.Kind{ns.User, ns.Network, ns.UTS}
	dir := firstJail(t, kinds...)
	p := join(hostFiles(bundled(t, "offline")), dir, kinds...)
	p.Loopback = policy.Loopback{}
	base := &trial{policy: p, argv: []string{"/bin/true"}}
	if err := base.run(t); err != nil {
		t.Fatalf("the unspoilt plan: %v", err)
	}
	seen := 0
	for i, o := range base.plan.Ops {
		if nothingToLose(t, p, o.Name) {
			continue
		}
		if strings.HasPrefix(o.Name, "join.") {
			seen++
		}
		if spoil(t, p, false, func(l *plan.Plan) *plan.Plan { return l.Without(i) }).Ran && unnoticedJoin(o.Name, false) == "" {
			t.Errorf("op %s can be left out, and the command starts", o.Name)
		}
		if spoil(t, p, false, func(l *plan.Plan) *plan.Plan { return l.Pretending(i) }).Ran && unnoticedJoin(o.Name, true) == "" {
			t.Errorf("op %s can claim success and do nothing, and the command starts", o.Name)
		}
		noneLeft(t)
	}
	if want := 3*5 + 3; seen < want {
		t.Errorf("%d ops that join were spoilt, want %d", seen, want)
	}
	if os.Getuid() == 0 && base.plan.Index("join.dumpable") < 0 {
		t.Error("root's child stays dumpable")
	}
	jailtest.AlsoAsUser(t)
}

// TestJoinFaults makes every op of a plan that joins fail: the error names it, the
// command never ran, and nothing of the start is left.
func TestJoinFaults(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := firstJail(t, ns.User, ns.Network)
	f := newFaults(t, "minimal", runner.LauncherAuto)
	f.keeps = true
	f.trial.policy = join(hostFiles(bundled(t, "minimal")), dir, ns.User, ns.Network)
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
