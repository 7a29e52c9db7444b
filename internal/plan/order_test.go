package plan_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// TestInvariants holds the plans of testdata to what must be true of every plan.
func TestInvariants(t *testing.T) {
	for _, c := range plans {
		for _, h := range c.hosts() {
			t.Run(c.name+"."+h.name, func(t *testing.T) {
				p := c.policy(t)
				for _, line := range breaches(p, built(t, p, c.on(h.host), c.options)) {
					t.Error(line)
				}
			})
		}
	}
}

// TestInvariantsFind spoils a plan in every way that the invariants are to find.
func TestInvariantsFind(t *testing.T) {
	swap := func(a, b string) func(*plan.Plan) {
		return func(l *plan.Plan) {
			i, j := l.Index(a), l.Index(b)
			l.Ops[i], l.Ops[j] = l.Ops[j], l.Ops[i]
		}
	}
	change := func(name string, f func(*plan.Op)) func(*plan.Plan) {
		return func(l *plan.Plan) { f(&l.Ops[l.Index(name)]) }
	}
	for _, c := range []struct {
		name  string
		spoil func(*plan.Plan)
	}{
		{"descriptors closed late", swap("fd.close.3", "parent-death")},
		{"maps late", swap("maps.answer", "attempt.setns.own")},
		{"gids before setgroups", swap("maps.setgroups", "maps.gid")},
		{"parent-death before the ids", swap("ids.uid", "parent-death.again")},
		{"lo after the capabilities", swap("loopback.state", "caps.set")},
		{"fork before the capabilities", swap(plan.ForkOp, "caps.set")},
		{"bounding set after the effective", swap("caps.drop", "caps.set")},
		{"a reading before the capabilities", swap("read.caps", "caps.set")},
		{"a reading behind the gate", swap("read.caps", "release.wait")},
		{"no_new_privs behind the gate", swap("no-new-privs", "release.answer")},
		{"something behind execve", swap("restore.mask", plan.ExecOp)},
		{"the audit behind execve", swap("audit", plan.ExecOp)},
		{"a deed away from its gate", swap("maps.uid", "hostname")},
		{"no reason", change("hostname", func(o *plan.Op) { o.Why = "" })},
		{"no key", change("hostname", func(o *plan.Op) { o.Key = "" })},
		{"a name twice", change("hostname", func(o *plan.Op) { o.Name = "mount.proc" })},
		{"a name that nobody has", change("attempt.setns.own", func(o *plan.Op) { o.Args[0].Name = "elsewhere" })},
		{"the other side's result", change("read.parent-death", func(o *plan.Op) { o.Actor = plan.PID1; o.Args[1] = plan.Arg{Kind: plan.ArgResult, Name: "read.caps"} })},
		{"a word behind the buffer", change("maps.answer", func(o *plan.Op) { o.Args[0].Value = 4 })},
		{"a buffer that nobody fills", change("hostname", func(o *plan.Op) { o.Out = 4 })},
		{"a buffer overrun", change("read.uids", func(o *plan.Op) { o.Args[2].Value = 12 })},
		{"values without a place", change("hostname", func(o *plan.Op) { o.Each = []plan.Arg{{Value: 1}} })},
		{"three errnos", change("hostname", func(o *plan.Op) { o.Expect.Accept = make([]plan.Errno, 3) })},
		{"seven arguments", change("hostname", func(o *plan.Op) { o.Args = make([]plan.Arg, 7) })},
		{"joined by the wrong one", func(l *plan.Plan) { l.Joined[ns.UTS] = 5 }},
		{"a mount behind the clone", swap("idmap.number", "ids.groups")},
		{"a mount that is not numbered as the child knows it", change("idmap.number", func(o *plan.Op) {
			o.Each = slices.Clone(o.Each)
			o.Each[1].Value += 40
		})},
		{"two mounts of one number", change("idmap.number", func(o *plan.Op) {
			o.Each = slices.Clone(o.Each)
			o.Each[1] = o.Each[3]
		})},
		{"a user namespace for the child", change("idmap.users.0.0", func(o *plan.Op) {
			o.Args = slices.Clone(o.Args)
			o.Args[2].Value = 44
		})},
		{"no fork", func(l *plan.Plan) { l.Forks = false }},
		{"nothing at all", func(l *plan.Plan) { l.Ops = nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, h := full(t), root()
			h.Tree = treeOwned()
			l := built(t, p, h, everyAttempt)
			l.Ops = slices.Clone(l.Ops)
			c.spoil(l)
			if len(breaches(p, l)) == 0 {
				t.Error("nobody noticed")
			}
		})
	}
}

// TestPure wants the same plan twice, and everything that Build was given as it
// was.
func TestPure(t *testing.T) {
	for _, c := range plans {
		for _, h := range c.hosts() {
			t.Run(c.name+"."+h.name, func(t *testing.T) {
				p, host, cmd := c.policy(t), c.on(h.host), command()
				one, err := plan.Build(p, host, cmd, c.options)
				if err != nil {
					t.Fatal(err)
				}
				two, err := plan.Build(p, host, cmd, c.options)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(one, two, cmpopts.EquateComparable(inet.Prefix{})); d != "" {
					t.Errorf("the second plan differs:\n%s", d)
				}
				if d := cmp.Diff(c.policy(t), p, cmpopts.EquateComparable(inet.Prefix{})); d != "" {
					t.Errorf("Build changed the policy:\n%s", d)
				}
				if d := cmp.Diff(c.on(h.host), host); d != "" {
					t.Errorf("Build changed the host:\n%s", d)
				}
				if d := cmp.Diff(command(), cmd); d != "" {
					t.Errorf("Build changed the command:\n%s", d)
				}
			})
		}
	}
}

// TestMutations wants the three ways to spoil a plan to leave the plan itself
// alone.
func TestMutations(t *testing.T) {
	l := built(t, full(t), root(), everyAttempt)
	before := listing(l)
	i, j := l.Index("hostname"), l.Index("caps.drop")
	n, each := len(l.Ops), len(l.Ops[j].Each)

	without := l.Without(i)
	if len(without.Ops) != n-1 || without.Index("hostname") != -1 || without.Ops[i].Name != l.Ops[i+1].Name {
		t.Errorf("Without(%d) has %d ops of %d", i, len(without.Ops), n)
	}
	pretending := l.Pretending(i)
	if o := pretending.Ops[i]; len(pretending.Ops) != n || o.Name != "hostname" || o.Call != plan.Pretend || o.Args != nil {
		t.Errorf("Pretending(%d) has %+v there", i, o)
	}
	fewer := l.WithoutEach(j, 2)
	if got := fewer.Ops[j].Each; len(got) != each-1 || got[2].Name != l.Ops[j].Each[3].Name {
		t.Errorf("WithoutEach(%d, 2) leaves %v", j, got)
	}
	if listing(l) != before {
		t.Error("the plan itself was changed")
	}
}
