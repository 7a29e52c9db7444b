package host

import (
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// missing says why namespaces that the profile prefers are not to be had. What
// cannot be told counts as there: the start then shows it. A limit of a user
// namespace around netjail's own cannot be read from here.
func missing(p *policy.Policy) (why [ns.Count]string) {
	if len(p.Prefer) == 0 {
		return why
	}
	for _, k := range ns.All() {
		if p.Preferred(k) {
			why[k] = missingKind(k)
		}
	}
	return why
}

// Source: namespaces(7), "The /proc/sys/user directory".
func missingKind(k ns.Kind) string {
	if unix.Access("/proc/self/ns/"+k.Link(), unix.F_OK) == unix.ENOENT {
		return "this kernel has no " + k.String() + " namespaces"
	}
	if name := "user.max_" + k.Link() + "_namespaces"; is(name, "0") {
		return "this host allows no " + k.String() + " namespaces: " + name + " is 0"
	}
	if k == ns.Time {
		return timeWhy()
	}
	return ""
}
