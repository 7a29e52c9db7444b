package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// joins says whether the command is in a namespace of this kind that existed
// before, and that others may live in.
func (c *Case) joins(k ns.Kind) bool { return c.Policy.Namespaces[k] == policy.NamespaceJoin }

// hostUser says whether the command is in netjail's own user namespace.
func (c *Case) hostUser() bool { return c.Policy.Namespaces[ns.User] == policy.NamespaceHost }

// notOwn is the finding of a check that has a subject only in a new namespace:
// ns.<kind> tells whose the command is in.
func (c *Case) notOwn(k ns.Kind) Finding {
	return Finding{Verdict: NotApplicable, Note: "namespaces." + k.String() + " is " + c.modeOf(k)}
}

// modeOf is the word of a namespace that is not new.
func (c *Case) modeOf(k ns.Kind) string {
	if c.joins(k) {
		return "joined"
	}
	return "host"
}

// uidLines and gidLines are the maps that ids are to be compared through: those
// that were to be written or, in a user namespace that is joined, those that it
// has.
func (c *Case) uidLines() []evidence.IDMapLine {
	if c.joins(ns.User) {
		return c.Evidence.Outside.UIDMap.Value
	}
	return c.Expect.UIDMap
}

func (c *Case) gidLines() []evidence.IDMapLine {
	if c.joins(ns.User) {
		return c.Evidence.Outside.GIDMap.Value
	}
	return c.Expect.GIDMap
}

// idsOf are what one of the command's ids is to be, inside and outside. In a user
// namespace that is joined an ordinary user stays who he is outside, and root
// becomes its root.
func (c *Case) idsOf(id uint32, lines []evidence.IDMapLine) (inside, outside uint32, ok bool) {
	if c.joins(ns.User) && !c.rootCaller() {
		inside, ok = insideID(lines, id)
		return inside, id, ok
	}
	outside, ok = c.outside(lines, id)
	return id, outside, ok
}

// joinedNetwork is what a check of the network's content says of a namespace that
// others have set up: what is there, which no key declares.
func joinedNetwork(f Finding, found, why string) Finding {
	f.Expected, f.Found = "any", found
	if why != "" {
		f.Found = "not read"
		return f.declared("namespaces.network is joined, and what is in it could not be read: " + why)
	}
	return f.declared("namespaces.network is joined: others have set it up, and may change it")
}
