package policy

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/inet"
)

// checkAddresses: addresses need an interface that is up, and are loopback
// addresses.
func checkAddresses(r *reader) {
	p := r.doc.find("loopback.addresses")
	if p == nil {
		return
	}
	if r.policy.Loopback.State == LinkDown {
		d := r.report(diag.AddressesWhileDown, "loopback.addresses", p.Key.Span,
			"the interface is down, so it cannot carry addresses", "write `state: up`, or remove the addresses")
		d.Notes = []diag.Note{r.see(r.doc.find("loopback.state").Value, "the state is set here")}
	}
	for i, a := range r.policy.Loopback.Addresses {
		if !loopbackPrefix(a) {
			r.report(diag.NotLoopback, "loopback.addresses", p.Value.Items[i].Span,
				a.String()+" is not a loopback address", "use addresses of 127.0.0.0/8, and ::1/128")
		}
		r.sameAddress(p.Value, i)
	}
}

// loopbackPrefix says whether all that a names belongs to the loopback.
func loopbackPrefix(a inet.Prefix) bool {
	if a.Addr().Is6() {
		return a.Addr() == inet.IPv6Loopback() && a.Bits() == 128
	}
	return a.Addr().IsLoopback() && a.Bits() >= 8
}

// sameAddress reports an address that stands in the list before, with another
// prefix length; the same text twice has been reported already.
func (r *reader) sameAddress(n *Node, i int) {
	all := r.policy.Loopback.Addresses
	for j := range i {
		if all[j].Addr() == all[i].Addr() {
			d := r.report(diag.DuplicateValue, "loopback.addresses", n.Items[i].Span,
				all[i].Addr().String()+" is listed twice", "keep one of the two")
			d.Notes = []diag.Note{r.see(n.Items[j], "it stands here as well")}
			return
		}
	}
}
