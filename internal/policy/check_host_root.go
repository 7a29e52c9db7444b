package policy

import (
	"slices"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// checkHostRoot: the host's root is in a jail by its user namespace or by a map, and
// otherwise there is nothing to accept.
func checkHostRoot(r *reader) {
	p := r.doc.find("acceptsHostRoot")
	if p == nil || !r.policy.AcceptsHostRoot || !r.policy.New(ns.User) {
		return
	}
	if mapsRoot(r.policy.UIDMappings.List) || mapsRoot(r.policy.GIDMappings.List) {
		return
	}
	r.report(diag.HostRootNotMapped, "acceptsHostRoot", p.Key.Span,
		`"acceptsHostRoot" has no effect: the user namespace is new, and no map names 0 outside`,
		"remove the key, or write `acceptsHostRoot: false` where it is inherited")
}

// mapsRoot says whether a line begins with the host's 0.
func mapsRoot(list []IDMapping) bool {
	return slices.ContainsFunc(list, func(m IDMapping) bool { return !m.HostCaller && m.HostID == 0 })
}
