package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var capsParent = Rule{
	ID:       "caps.parent",
	Proves:   "The command has no capability in netjail's user namespace: it is a member of a child of that namespace, and a member of a child has none in the parent.",
	Evidence: "stat(2) of /proc/PID/ns/user and ioctl(2) NS_GET_PARENT on it by netjail; user_namespaces(7)",
	Control:  "none needed: the parent must be the identity of netjail's own user namespace",
	Remedy:   "set namespaces.user to new",
	Key:      "namespaces.user",
	Judge:    judgeParent,
}

func judgeParent(c *Case) Finding {
	own := c.Evidence.Before.Namespaces[ns.User]
	f := Finding{Side: SideOutside, Expected: "none in netjail's user namespace", Source: c.Evidence.Outside.Owners[ns.User].Source}
	if c.hostUser() {
		return c.parentWithoutUser(f)
	}
	if why := missing(own); why != "" {
		return f.unknown("netjail's own: " + why)
	}
	f = inChild(f, &c.Evidence.Outside, own.Value)
	if f.Verdict != Pass || c.Evidence.AfterExec == nil {
		return f
	}
	f.Basis = BasisAfterExec
	return inChild(f, c.Evidence.AfterExec, own.Value)
}

// inChild says whether a process is in a child of netjail's user namespace.
func inChild(f Finding, p *evidence.Process, own evidence.NamespaceID) Finding {
	user, parent := p.Namespaces[ns.User], p.Owners[ns.User]
	if why := cmp.Or(missing(user), missing(parent)); why != "" {
		return f.unknown(why)
	}
	f.Found = "in " + nsLink(ns.User, user.Value) + ", a child of " + nsLink(ns.User, parent.Value)
	switch {
	case user.Value == own:
		f.Found = "in " + nsLink(ns.User, own)
		return f.fail("the command is in netjail's user namespace")
	case parent.Value != own || own == 0:
		return f.fail("its parent is not netjail's user namespace " + nsLink(ns.User, own))
	}
	return f.pass()
}

// parentWithoutUser is the finding where netjail's user namespace is the
// command's: its capabilities, if any, are the host's.
func (c *Case) parentWithoutUser(f Finding) Finding {
	uids := c.Evidence.Outside.UIDs
	f.Source = uids.Source
	if why := missing(uids); why != "" {
		return f.unknown(why)
	}
	f.Found = "uid " + number(uids.Value.Effective) + " of netjail's own user namespace"
	if hasRoot(uids) {
		return f.fail("root without a user namespace is the host's root")
	}
	return f.declared("namespaces.user is host: a capability of the command is one of the host's")
}
