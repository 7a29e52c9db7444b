package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// newNamespaces says which namespaces the command gets, and which of them the
// clone makes.
func (b *builder) newNamespaces() {
	for _, k := range ns.All() {
		b.plan.New[k] = b.policy.New(k)
		if b.joins(k) {
			b.plan.Joined[k] = b.host.Joined[k].Node.Inode
		}
	}
	if !b.plan.Joins() { // else the clone comes behind the joins
		b.plan.Flags = cloneFlags(b.policy)
	}
}

// cloneFlags are the CLONE_NEW* bits of the new namespaces. The bit of the time
// namespace is part of a signal's number in clone(2), and clone3(2) would leave a
// child that shares memory where it is.
func cloneFlags(p *policy.Policy) uintptr {
	var flags uintptr
	for _, k := range ns.All() {
		if p.New(k) && k != ns.Time {
			flags |= k.CloneFlag()
		}
	}
	return flags
}

// mode is where a namespace comes from, for print.
func (b *builder) mode(k ns.Kind) string {
	switch {
	case b.policy.New(k):
		return "new"
	case b.joins(k):
		return "joined, " + strconv.FormatUint(b.host.Joined[k].Node.Inode, 10)
	}
	return "host"
}

// unshareTime makes the time namespace, which the command enters with its
// execve(2), and pid 1 with its own. It has no offsets: its clocks tell what
// netjail's do.
func (b *builder) unshareTime() {
	if !b.policy.New(ns.Time) {
		return
	}
	b.child(Op{
		Name: "time", Call: "unshare", Key: "namespaces.time", Needs: "CAP_SYS_ADMIN inside",
		Args: []Arg{named(ns.Time.FlagName(), uint64(ns.Time.CloneFlag()))},
		Why:  "whoever executes a program from here on is in it; until then the child itself is not",
	})
}
