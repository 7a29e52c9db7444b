package policy

import (
	"fmt"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// checkUserKeys: id maps and setgroups belong to a new user namespace.
func checkUserKeys(r *reader) {
	if r.policy.New(ns.User) {
		return
	}
	user := r.doc.find("namespaces.user")
	for _, path := range [...]string{"uidMappings", "gidMappings", "setgroups"} {
		if p := r.doc.find(path); p != nil {
			d := r.report(diag.MapWithoutUser, path, p.Key.Span,
				fmt.Sprintf("%q has no effect: the user namespace is %s", path, r.policy.whose(ns.User)),
				"remove the key, or write `user: new`")
			d.Notes = []diag.Note{r.see(user.Value, "the user namespace is set here")}
		}
	}
}

// whose says of a namespace that is not new what it is.
func (p *Policy) whose(k ns.Kind) string {
	if p.Namespaces[k] == NamespaceJoin {
		return "one that exists already"
	}
	return "the host's"
}
