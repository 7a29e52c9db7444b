package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var nsOwner = Rule{
	ID:       "ns.owner",
	Proves:   "Every new namespace is owned by the jail's user namespace, and that one's parent is netjail's.",
	Evidence: "ioctl(2) NS_GET_USERNS and NS_GET_PARENT on the files of /proc/PID/ns by netjail",
	Control:  "none needed: the answers must be the identities that /proc/PID/ns gives",
	Remedy:   "make all namespaces in one clone(2) with namespaces.user: new; one made earlier belongs to the host's user namespace",
	Key:      "namespaces",
	Judge:    judgeOwner,
}

func judgeOwner(c *Case) Finding {
	user, own := c.Evidence.Outside.Namespaces[ns.User], c.Evidence.Before.Namespaces[ns.User]
	f := Finding{Side: SideOutside, Source: c.Evidence.Outside.Owners[ns.User].Source}
	if why := cmp.Or(missing(user), missing(own)); why != "" {
		return f.unknown(why)
	}
	f.Expected = "owner " + nsLink(ns.User, user.Value)
	if c.ownUser() {
		f.Expected += ", parent " + nsLink(ns.User, own.Value)
	}
	if bad := c.judgeOwners(f, user.Value, own.Value); bad.Verdict != Pass {
		return bad
	}
	f.Found = f.Expected
	switch {
	case c.ownUser(), c.joins(ns.User) && c.anyNew():
		return f.pass()
	case c.anyNew():
		return f.declared("namespaces.user is host: whoever has capabilities there rules the new namespaces")
	}
	return Finding{Verdict: NotApplicable, Note: "no namespace is new"}
}

// judgeOwners is the first thing wrong with an owner, or a pass.
func (c *Case) judgeOwners(f Finding, user, own evidence.NamespaceID) Finding {
	for _, k := range ns.All() {
		want := user
		if k == ns.User {
			want = own
		}
		if !c.Policy.New(k) {
			continue
		}
		owner := c.Evidence.Outside.Owners[k]
		switch {
		case !owner.Known:
			return f.unknown(k.String() + ": " + missing(owner))
		case owner.Value != want || want == 0:
			f.Found = k.String() + ": " + nsLink(ns.User, owner.Value)
			return f.fail("another user namespace rules it")
		}
	}
	return f.pass()
}

// anyNew says whether the command gets any namespace of its own.
func (c *Case) anyNew() bool {
	for _, k := range ns.All() {
		if c.Policy.New(k) {
			return true
		}
	}
	return false
}
