package audit

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// filtered says whether a filter is loaded, or nobody knows: it may then refuse
// anything.
func (v *view) filtered() bool { return !v.kind.Seccomp.Known || v.kind.Seccomp.Value != 0 }

// lookFilter is a channel that nothing but a filter closes.
func lookFilter(what string) func(*view) Finding {
	return func(v *view) Finding {
		mode := v.kind.Seccomp
		f := fromOutside(mode.Source)
		if why := missing(mode); why != "" {
			return f.unknown(why)
		}
		f.Found = "seccomp mode " + number(mode.Value)
		switch mode.Value {
		case 0:
			return f.open(what)
		case 1:
			return f.closed("it can read, write and end")
		}
		return f.unobservable(noContent)
	}
}

// lookNested says whether it can make user namespaces: the host's limit is known,
// that of a user namespace of its own is not.
func lookNested(v *view) Finding {
	f := lookFilter("user namespaces, and every capability in them")(v)
	if _, same, ok := v.shares(ns.User); f.Verdict == Open && !(ok && same) {
		return f.unobservable("cannot be known from outside: the limit of its own user namespace")
	}
	return f
}

func nestingOpens(p *policy.Policy) string {
	if p.NestedUserNamespaces == policy.NestingAllow {
		return "nestedUserNamespaces is allow"
	}
	return ""
}

func familiesOpen(p *policy.Policy) string {
	if p.Sockets.HostFamilies {
		return "sockets.families is host"
	}
	return ""
}

func unixOpens(p *policy.Policy) string {
	if p.Sockets.Unix != policy.UnixDeny {
		return "sockets.unix is " + p.Sockets.Unix.String()
	}
	return ""
}

func unixHostOpens(p *policy.Policy) string {
	switch {
	case p.Sockets.Unix == policy.UnixHost:
		return "sockets.unix is host"
	case p.Sockets.Unix == policy.UnixAllow:
		return "sockets.unix names them"
	}
	return ""
}

func filterOpens(p *policy.Policy) string {
	if !p.Filtered() {
		return "families, unix sockets, nesting and the terminal are all left open"
	}
	return ""
}
