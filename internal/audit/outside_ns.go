package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// shares says whether a thread is in netjail's own namespace of a kind.
func (v *view) shares(k ns.Kind) (f Finding, same, ok bool) {
	id, own := v.kind.Namespaces[k], v.target.Own.Namespaces[k]
	f = fromOutside(id.Source)
	if why := cmp.Or(missing(id), missing(own)); why != "" {
		return f.unknown(why), false, false
	}
	f.Found = nsLink(k, id.Value)
	if id.Value == own.Value {
		f.Found += ", which is netjail's own"
		return f, true, true
	}
	f.Found += ", netjail's is " + nsLink(k, own.Value)
	return f, false, true
}

// lookNamespace says whether the namespace is netjail's own.
func lookNamespace(k ns.Kind) func(*view) Finding {
	return func(v *view) Finding {
		f, same, ok := v.shares(k)
		switch {
		case !ok:
			return f
		case same:
			return f.open("it is in netjail's own namespace")
		}
		return f.closed("")
	}
}

// judgeNamespaceOutside compares with what the profile says of the namespace.
func judgeNamespaceOutside(k ns.Kind) func(*view) Finding {
	return func(v *view) Finding {
		f, same, ok := v.shares(k)
		f.Expected = v.policy.Namespaces[k].String()
		switch mode := v.policy.Namespaces[k]; {
		case !ok:
			return f
		case same && mode == policy.NamespaceHost:
			return f.declared("namespaces." + k.String() + " is host")
		case same:
			return f.fail("it is netjail's own namespace")
		case mode == policy.NamespaceHost:
			return f.fail("declared as shared, and it is not netjail's own")
		case mode == policy.NamespaceJoin:
			return f.unobservable("cannot be known from outside: which namespace the profile's file stood for when the process was started")
		}
		return f.pass()
	}
}

// hostNamespace says how a profile leaves a namespace that is not new.
func hostNamespace(k ns.Kind) func(*policy.Policy) string {
	return func(p *policy.Policy) string {
		if p.Namespaces[k] == policy.NamespaceNew {
			return ""
		}
		return "namespaces." + k.String() + " is " + p.Namespaces[k].String()
	}
}

// byNamespace is a channel that a namespace of its own closes, and that is open
// without one unless a filter closes it.
func byNamespace(k ns.Kind, what string) func(*view) Finding {
	return func(v *view) Finding {
		f, same, ok := v.shares(k)
		switch {
		case !ok:
			return f
		case !same:
			return f.closed("")
		case v.filtered():
			return f.unobservable(noContent)
		}
		return f.open(what)
	}
}

// lookOwner says who rules the namespaces that are the process's own.
func lookOwner(v *view) Finding {
	own := v.target.Own.Namespaces[ns.User]
	f := fromOutside("ioctl(2) NS_GET_USERNS on the files of /proc/PID/ns")
	if why := missing(own); why != "" {
		return f.unknown(why)
	}
	var ruled, theirs []string
	for _, k := range ns.All() {
		_, same, ok := v.shares(k)
		if !ok {
			f, _, _ := v.shares(k)
			return f
		}
		if same || k == ns.User || v.kind.Namespaces[k].Value == evidence.NoNamespace {
			continue
		}
		owner := v.kind.Owners[k]
		if why := missing(owner); why != "" {
			return f.unknown(k.String() + ": " + why)
		}
		if owner.Value == own.Value {
			ruled = append(ruled, k.String())
		} else {
			theirs = append(theirs, k.String())
		}
	}
	switch {
	case len(ruled) > 0:
		f.Found = "netjail's user namespace owns " + list(ruled)
		return f.open("whoever has capabilities there rules these namespaces")
	case len(theirs) > 0:
		f.Found = "a user namespace below netjail's owns " + list(theirs)
		return f.closed("")
	}
	return Finding{Verdict: NotApplicable, Note: "no namespace is its own"}
}
