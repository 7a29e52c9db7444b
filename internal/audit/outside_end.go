package audit

import (
	"cmp"
	"strings"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Namespaces are those of the command at its start: what anything is held against
// that is alive at its end.
type Namespaces = [ns.Count]evidence.Fact[evidence.NamespaceID]

// ObserveAtEnd judges a process that is alive when the command ends, or the command
// itself there: every rule and then every channel, as Observe does against a
// profile. What the start has proven of what the command was given is not asked
// again: a process may open, set and give up what is its own to have.
//
// Preconditions: p is the policy that held, jail what its command was in at its
// first instruction.
func ObserveAtEnd(p *policy.Policy, jail *Namespaces, t *evidence.Target) []Finding {
	return observeAll(p, jail, t)
}

// What cannot be known at the end, and why.
const (
	ownEnviron = "cannot be known at the end: what it was started with was judged then, and what it has set since is its own"
	ownHeld    = "what each process has open its own checks say"
	ownOpened  = "cannot be known at the end: it may have made it itself"
)

// atEnd is what the answer from outside means of a process of the jail's at the
// command's end.
func (v *view) atEnd(id string, f Finding) Finding {
	if k, ok := namespaceCheck(id); ok {
		return v.namespaceAtEnd(k)
	}
	if k, ok := capsCheck(id); ok && !v.policy.Capabilities.Host {
		return v.capsAtEnd(k)
	}
	switch id {
	case "proc.environment":
		return Finding{}.unobservable(ownEnviron)
	case "proc.enter":
		return v.enteredAtEnd()
	case "fd.helper":
		return Finding{}.unobservable(ownHeld)
	case "fd.pidfd", "fd.tun":
		return f.unlessOwn(true)
	case "fd.io-uring":
		return f.unlessOwn(!v.policy.Filtered())
	case "ids.uid-map", "ids.gid-map", "ids.setgroups":
		return v.nestedFinding(f, ns.User)
	case "fs.private", "fs.propagation", "fd.cwd", "fd.directory":
		return v.nestedFinding(f, ns.Mount)
	}
	if strings.HasPrefix(id, "net.") {
		return v.nestedFinding(f, ns.Network)
	}
	return f
}

// namespaceCheck is the kind that a check of the form ns.KIND is about.
func namespaceCheck(id string) (ns.Kind, bool) {
	for _, k := range ns.All() {
		if id == "ns."+k.String() {
			return k, true
		}
	}
	return 0, false
}

// capsCheck is the set that a check of the form caps.SET is about.
func capsCheck(id string) (caps.Kind, bool) {
	for _, k := range caps.Kinds() {
		if id == "caps."+k.String() {
			return k, true
		}
	}
	return 0, false
}

// nested says whether a thread is in another namespace than the command was at its
// start. It is false where that is not known, which ns.KIND says.
func (v *view) nested(k ns.Kind) bool {
	then, now := v.jail[k], v.kind.Namespaces[k]
	return then.Known && now.Known && then.Value != now.Value
}

// namespaceAtEnd compares with the namespace that the command was started in.
func (v *view) namespaceAtEnd(k ns.Kind) Finding {
	f, same, ok := v.shares(k)
	f.Expected = "the command's at its start"
	then, mode := v.jail[k], v.policy.Namespaces[k]
	switch {
	case !ok:
		return f
	case missing(then) != "":
		return f.unknown(missing(then))
	case v.nested(k) && same:
		f.Expected = nsLink(k, then.Value)
		return f.fail("it has got into netjail's own namespace")
	case v.nested(k):
		f.Expected = nsLink(k, then.Value)
		return v.byNesting(f.fail("neither the jail's nor netjail's: somebody in the jail has made it, or entered it"))
	case mode != policy.NamespaceNew:
		return f.declared("namespaces." + k.String() + " is " + mode.String())
	}
	return f.pass()
}

// byNesting is a failure that a namespace of the command's own making explains, as
// far as the profile lets it make any.
func (v *view) byNesting(f Finding) Finding {
	sets := v.policy.Capabilities.Sets
	switch {
	case v.policy.NestedUserNamespaces == policy.NestingAllow:
		return f.declared("nestedUserNamespaces is allow: it is in a namespace of the command's own making")
	case !v.policy.Filtered() && (v.policy.Capabilities.Host || sets.Permitted.Has(caps.SysAdmin)):
		return f.declared("capabilities holds CAP_SYS_ADMIN and no filter is loaded: it is in a namespace of the command's own making")
	}
	return f
}

// nestedFinding is what a failure means that says something about a namespace: of
// one that the command has made itself it is about no other.
func (v *view) nestedFinding(f Finding, k ns.Kind) Finding {
	if f.Verdict == Fail && v.nested(k) {
		return v.byNesting(f)
	}
	return f
}

// unlessOwn is a failure where the process cannot have made itself what it has
// open.
func (f Finding) unlessOwn(could bool) Finding {
	if f.Verdict == Fail && could {
		return f.unobservable(ownOpened)
	}
	return f
}

// capsAtEnd wants no capability that is not declared. Fewer are no failure: a
// process may give up what it has.
func (v *view) capsAtEnd(k caps.Kind) Finding {
	declared := v.policy.Capabilities.Sets.Get(k)
	f := fromOutside(v.kind.Caps.Source)
	f.Expected = "no more than " + declared.String()
	if why := missing(v.kind.Caps); why != "" {
		return f.unknown(why)
	}
	got := v.kind.Caps.Value.Get(k)
	f.Found = got.String()
	if more := got.Without(declared); !more.IsEmpty() {
		return v.nestedFinding(f.fail("not declared: "+more.String()), ns.User)
	}
	return f.pass()
}

// enteredAtEnd says whether the process was started in the jail.
func (v *view) enteredAtEnd() Finding {
	e := v.target.Entered
	if !e.Known {
		return Finding{}.unobservable(cmp.Or(e.Why, notObservable))
	}
	f := fromOutside(e.Source)
	f.Expected, f.Found = "a descendant of the jail's pid 1", "its parents lead to the jail's pid 1"
	if e.Value {
		f.Found = "its parents do not lead to the jail's pid 1"
		return f.fail("somebody has brought it in from outside")
	}
	return f.pass()
}
