package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/seccomp"
)

// Case is what a rule judges: what was declared, what that came to on this
// host, and what was seen.
type Case struct {
	Policy   *policy.Policy
	Expect   *Expect
	Evidence *evidence.Evidence

	// probes are those of the filter that the policy asks for; four rules look
	// at them.
	probes []seccomp.Probe
	// table is the command's mount table, at which most rules about files look.
	table *mountTable
	// stays are the descriptors that the command starts with, as read before execve(2);
	// nine rules look at them.
	stays []evidence.FD
	// reached is the answer of unix.reachable, on which proc.peer-pidfd goes on.
	reached *Finding
}

// filterProbes are the probes that the plan has made.
func (c *Case) filterProbes() []seccomp.Probe {
	if c.probes == nil {
		c.probes = seccomp.Probes(plan.FilterOptions(c.Policy))
	}
	return c.probes
}

// Evaluate asks every rule exactly once, in the order of Rules, and then lists
// the channels that no rule looks at, in the order of Channels.
// A nil Expect stands for an empty one.
func Evaluate(p *policy.Policy, x *Expect, e *evidence.Evidence) []Finding {
	if x == nil {
		x = &Expect{}
	}
	c := Case{Policy: p, Expect: x, Evidence: e}
	findings := make([]Finding, 0, len(rules)+len(channels))
	for _, r := range rules {
		f := r.Judge(&c)
		f.Check = r.ID
		findings = append(findings, c.waive(f))
	}
	for i := range channels {
		findings = append(findings, channels[i].finding())
	}
	return findings
}

// ownUser says whether the command gets a user namespace of its own.
func (c *Case) ownUser() bool { return c.Policy.New(ns.User) }

// ownNetwork says whether the command gets a network namespace of its own.
func (c *Case) ownNetwork() bool { return c.Policy.New(ns.Network) }
