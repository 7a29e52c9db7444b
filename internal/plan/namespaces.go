package plan

import "github.com/netjail/netjail/internal/ns"

// newNamespaces says which namespaces the command gets, and which of them the
// clone makes. The bit of the time namespace is part of a signal's number in
// clone(2), and clone3(2) would leave a child that shares memory where it is.
func (b *builder) newNamespaces() {
	for _, k := range ns.All() {
		b.plan.New[k] = b.policy.New(k)
		if b.plan.New[k] && k != ns.Time {
			b.plan.Flags |= k.CloneFlag()
		}
	}
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
