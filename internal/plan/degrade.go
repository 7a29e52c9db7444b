package plan

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// degrade is the policy that this host can enforce, by leaving out what the
// profile only prefers and the host does not have.
func degrade(p *policy.Policy, h *Host) (*policy.Policy, []policy.Degraded) {
	var all []policy.Degraded
	for _, k := range ns.All() {
		if h.Missing[k] == "" || !p.Preferred(k) {
			continue
		}
		all = append(all, policy.Degraded{
			Kind: k, Key: "namespaces." + k.String(), From: policy.NamespaceNew.String(), To: policy.NamespaceHost.String(), Why: h.Missing[k],
		})
		p = p.Without(k)
	}
	return p, all
}
