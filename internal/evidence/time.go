package evidence

import (
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// timeForChildren is the link that says which time namespace a process enters
// with its next execve(2), as its children do when they are made: unshare(2) does
// not move the caller itself. Source: time_namespaces(7).
const timeForChildren = "time_for_children"

// NoNamespace is what is known of the time namespace on a kernel that has none
// (CONFIG_TIME_NS).
const NoNamespace NamespaceID = 0

// timeNamespace is the time namespace as the child read it: the one that it is
// in or, where it has unshared it, the one that the command will be in.
func (t *table) timeNamespace() Fact[NamespaceID] {
	fact, call := plan.FactNamespace(ns.Time), "/proc/self/ns/"+ns.Time.Link()
	if len(t.all(plan.FactNextTime)) > 0 {
		fact, call = plan.FactNextTime, "/proc/self/ns/"+timeForChildren
	}
	if r, err := t.done(fact); err == nil && r.Result == -int64(unix.ENOENT) {
		return Known(NoNamespace, cite(call, r)+": ENOENT")
	}
	return fromReading(t, fact, call, bufferNSLink(ns.Time))
}
