package policy

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// checkLoopbackNetwork: the loopback of a namespace that exists is not ours to
// change.
func checkLoopbackNetwork(r *reader) {
	p := r.doc.find("loopback")
	if p == nil || r.policy.New(ns.Network) {
		return
	}
	d := r.report(diag.LoopbackWithoutNetwork, "loopback", p.Key.Span,
		`"loopback" has no effect: the network namespace is `+r.policy.whose(ns.Network),
		"remove the key, or write `network: new`")
	d.Notes = []diag.Note{r.see(r.doc.find("namespaces.network").Value, "the network namespace is set here")}
}
