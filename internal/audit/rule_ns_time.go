package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

var nsTime = Rule{
	ID:       "ns.time",
	Proves:   "The command is in a time namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence + "; before execve(2), which is what enters a new one, time_for_children says which that will be, and after it, time says which it is; of one that is joined, timens_offsets from both sides",
	Control:  nsControl,
	Remedy:   "set namespaces.time to new",
	Key:      "namespaces.time",
	Judge:    judgeTime,
}

// judgeTime tells what a new time namespace rests on: unshare(2) leaves the
// process where it is, and execve(2) enters.
func judgeTime(c *Case) Finding {
	if c.noTimeNamespaces() {
		return Finding{
			Side: SideBoth, Expected: c.expectedNamespace(ns.Time), Found: "none",
			Source: c.Evidence.Inside.Namespaces[ns.Time].Source + ", " + c.Evidence.Outside.Namespaces[ns.Time].Source,
		}.declared("this kernel has no time namespaces: the clocks are the host's")
	}
	f := judgeNamespace(c, ns.Time)
	if c.joins(ns.Time) && f.Verdict == Declared {
		return c.joinedClocks(f)
	}
	if !c.Policy.New(ns.Time) || f.Verdict != Pass {
		return f
	}
	f.Basis = BasisByRule
	if heldWith(c, func(p *evidence.Process) evidence.Fact[evidence.NamespaceID] { return p.Namespaces[ns.Time] }) {
		f.Basis = BasisAfterExec
	}
	return f
}

// joinedClocks tells what the clocks of a joined time namespace say: those who made
// it have set them, once and for all.
func (c *Case) joinedClocks(f Finding) Finding {
	clocks := Finding{Expected: f.Expected}
	r := reading[evidence.Clocks]{
		inside: c.Evidence.Inside.Clocks, outside: c.Evidence.Outside.Clocks,
		after: afterFact(c, func(p *evidence.Process) evidence.Fact[evidence.Clocks] { return p.Clocks }),
		same:  equal[evidence.Clocks], text: evidence.Clocks.String,
	}
	value, ok := r.fold(&clocks)
	if !ok {
		return clocks
	}
	f.Found += ", " + value.String()
	f.Source += ", " + clocks.Source
	return f
}

// noTimeNamespaces says whether everybody who looked found that there is no such
// thing, and the profile asks for none.
func (c *Case) noTimeNamespaces() bool {
	e := c.Evidence
	none := func(f evidence.Fact[evidence.NamespaceID]) bool { return f.Known && f.Value == evidence.NoNamespace }
	return c.Policy.Namespaces[ns.Time] == policy.NamespaceHost && none(e.Before.Namespaces[ns.Time]) &&
		none(e.Inside.Namespaces[ns.Time]) && none(e.Outside.Namespaces[ns.Time])
}
