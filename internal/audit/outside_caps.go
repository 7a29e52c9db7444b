package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

func lookCaps(k caps.Kind) func(*view) Finding {
	return func(v *view) Finding {
		f := fromOutside(v.kind.Caps.Source)
		if why := missing(v.kind.Caps); why != "" {
			return f.unknown(why)
		}
		set := v.kind.Caps.Value.Get(k)
		f.Found = capsText(set)
		if set.IsEmpty() {
			return f.closed("")
		}
		return f.open("capabilities in its own user namespace, and in those below it")
	}
}

// capsText names the first of many capabilities.
func capsText(s caps.Set) string {
	if s.IsEmpty() {
		return s.String()
	}
	return several(s.Names())
}

func judgeCapsOutside(k caps.Kind) func(*view) Finding {
	return func(v *view) Finding {
		declared := v.policy.Capabilities.Sets.Get(k)
		f := fromOutside(v.kind.Caps.Source)
		f.Expected = declared.String()
		if why := missing(v.kind.Caps); why != "" {
			return f.unknown(why)
		}
		got := v.kind.Caps.Value.Get(k)
		f.Found = capsText(got)
		if v.policy.Capabilities.Host {
			return f.declared("capabilities is host")
		}
		return compareCaps(f, declared, got)
	}
}

// lookParent says whether the process has, or can get, a capability in netjail's
// own user namespace.
func lookParent(v *view) Finding {
	f, same, ok := v.shares(ns.User)
	if !ok {
		return f
	}
	if !same {
		// The members of a descendant have no capability here, those of an ancestor
		// may: user_namespaces(7). NS_GET_PARENT answers for descendants alone.
		if why := missing(v.kind.Owners[ns.User]); why != "" {
			return f.unknown(why)
		}
		return f.closed("")
	}
	p := &v.kind.Process
	if why := cmp.Or(missing(p.Caps), missing(p.UIDs)); why != "" {
		return f.unknown(why)
	}
	sets := p.Caps.Value
	switch {
	case !sets.Permitted.IsEmpty():
		f.Found += ", permitted " + capsText(sets.Permitted)
		return f.open("its capabilities are the host's")
	case hasRoot(p.UIDs) && !sets.Bounding.IsEmpty():
		f.Found += ", uid 0, bounding " + capsText(sets.Bounding)
		return f.open("what it executes next gets capabilities of the host")
	}
	return f.closed("it has none, in netjail's own user namespace")
}

// rules says whether the thread has a capability in netjail's user namespace.
func (v *view) rules(c caps.Cap) bool {
	_, same, ok := v.shares(ns.User)
	return ok && same && v.kind.Caps.Known && v.kind.Caps.Value.Permitted.Has(c)
}

// lookReentry is what is sure about the ways back into netjail's network
// namespace without trying them.
func lookReentry(v *view) Finding {
	f, same, ok := v.shares(ns.Network)
	switch {
	case !ok:
		return f
	case same:
		return f.open("it already is where the attempt leads")
	case v.rules(caps.SysAdmin):
		f.Found += ", CAP_SYS_ADMIN in netjail's user namespace"
		return f.open("setns(2) asks for no more")
	}
	return f.unobservable(notObservable)
}

// lookConnect is the same for a connection to the host.
func lookConnect(v *view) Finding {
	f, same, ok := v.shares(ns.Network)
	switch {
	case !ok:
		return f
	case same:
		return f.open("its loopback is the host's")
	}
	return f.unobservable(notObservable)
}

func noNewPrivsOpens(p *policy.Policy) string {
	if p.NewPrivileges {
		return "noNewPrivileges is false"
	}
	return ""
}

func lookNoNewPrivs(v *view) Finding {
	got := v.kind.NoNewPrivs
	f := fromOutside(got.Source)
	if why := missing(got); why != "" {
		return f.unknown(why)
	}
	f.Found = word(got.Value)
	if got.Value {
		return f.closed("")
	}
	return f.open("a set-user-ID program or file capabilities could raise it")
}
