package runner_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// loopbackOps are the ops that set lo's state.
func loopbackOps(l *plan.Plan) []plan.Op {
	var ops []plan.Op
	for _, o := range l.Ops {
		if strings.HasPrefix(o.Name, "loopback.state") {
			ops = append(ops, o)
		}
	}
	return ops
}

// TestLoopbackUpAlready brings lo up twice: the second time it is up already, and
// that is as good.
func TestLoopbackUpAlready(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, name := range []string{"plain", "minimal"} {
		x := &trial{policy: policyOf(t, name), argv: []string{"/bin/true"}}
		x.mutate = func(l *plan.Plan) *plan.Plan {
			q := *l
			q.Ops = slices.Insert(slices.Clone(l.Ops), l.Index("loopback.state"), loopbackOps(l)...)
			return &q
		}
		if err := x.run(t); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		lo := x.evidence.Inside.Network.Links
		if !lo.Known || len(lo.Value) != 1 || !lo.Value[0].Up || verdict(x, "net.loopback") != audit.Pass {
			t.Errorf("%s: links are %+v, net.loopback is %s", name, lo, verdict(x, "net.loopback"))
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestLoopbackForcedUp brings lo up where the profile wants it down: the command
// never runs.
func TestLoopbackForcedUp(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	up := &trial{policy: plain(t), argv: []string{"/bin/true"}}
	if err := up.run(t); err != nil {
		t.Fatal(err)
	}
	down := *up.policy
	down.Loopback.State = policy.LinkDown
	x := &trial{policy: &down, argv: []string{"/bin/true"}}
	if err := x.run(t); err != nil {
		t.Fatalf("lo down: %v", err)
	}
	x.mutate = func(l *plan.Plan) *plan.Plan {
		q := *l
		q.Ops = slices.Clone(l.Ops)
		for i, o := range loopbackOps(up.plan) {
			q.Ops[l.Index("loopback.state")+i] = o
		}
		return &q
	}
	var refused *runner.RefusedError
	if err := x.run(t); !errors.As(err, &refused) || !slices.Contains(x.refusing(), "net.loopback") {
		t.Errorf("lo up where it is to be down: %v, refusing are %v", err, x.refusing())
	}
	jailtest.AlsoAsUser(t)
}

func verdict(x *trial, check string) audit.Verdict {
	for _, f := range x.findings {
		if f.Check == check {
			return f.Verdict
		}
	}
	return audit.Unknown
}

// TestCapabilitiesAtTheFirstInstruction holds the command there: what is read is
// what was declared, by /proc, by capget and by the rule before it.
func TestCapabilitiesAtTheFirstInstruction(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	zero := policy.Mappings{Kind: policy.MappingList, List: []policy.IDMapping{{HostCaller: true, Size: 1}}}
	for _, set := range []caps.Set{0, caps.Of(caps.NetBindService), caps.Of(caps.NetBindService, caps.NetRaw, caps.SysAdmin)} {
		for _, mapped := range []policy.Mappings{{}, zero} {
			p := plain(t)
			p.Capabilities.Sets, p.UIDMappings, p.GIDMappings = caps.Uniform(set), mapped, mapped
			x := &trial{policy: p, argv: []string{"/bin/true"}, full: true, options: runner.Options{Hold: true}}
			if err := x.run(t); err != nil {
				t.Fatalf("%s: %v", set, err)
			}
			for what, got := range map[string]evidence.Fact[caps.Sets]{"status": x.evidence.AfterExec.Caps, "capget": x.evidence.AfterExec.Capget} {
				if !got.Known || got.Value != caps.Uniform(set) {
					t.Errorf("at the first instruction, %s gives %s (%s), want %s in every set", what, got.Value, got.Why, set)
				}
			}
			if before := x.evidence.Inside.Caps; before.Value != caps.Uniform(set) {
				t.Errorf("before it, the process read %s, want %s in every set", before.Value, set)
			}
		}
	}
	jailtest.AlsoAsUser(t)
}
