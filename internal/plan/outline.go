package plan

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Outline is what of a plan is certain before anything is known of the files:
// enough to make the child, which then waits for the rest.
type Outline struct {
	// Flags, Forks are those of the Plan.
	Flags uintptr
	Forks bool
	// HostNet says whether the child needs FDHostNet.
	HostNet bool
	// FDBase is the Host's.
	FDBase int
}

// OutlineOf is the outline of the plan of p for an ordinary user whose streams 0
// to 2 are passed on as they are. ok is false where such a plan has work to do
// before the clone, or a clone of its own behind a join.
func OutlineOf(p *policy.Policy) (o Outline, ok bool) {
	for _, k := range ns.All() {
		if p.Namespaces[k] == policy.NamespaceJoin {
			return o, false
		}
	}
	return Outline{Flags: cloneFlags(p), Forks: p.New(ns.PID), HostNet: p.New(ns.Network)}, true
}

// Fits says whether the child that was made by o can go on with p.
func (o *Outline) Fits(p *Plan, h *Host) bool {
	if p.Joins() || p.DropsGroups || h.FDBase != o.FDBase {
		return false
	}
	for i := range p.Ops {
		if p.Ops[i].Actor == Ahead {
			return false
		}
	}
	return p.Streams == [StreamCount]Treatment{} &&
		p.Flags == o.Flags && p.Forks == o.Forks && p.NeedsHostNet() == o.HostNet
}
