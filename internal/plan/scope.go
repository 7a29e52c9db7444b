package plan

import (
	"encoding/binary"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// ScopesABI is the first version of Landlock that has scopes (Linux 6.12).
const ScopesABI = 6

// Scopes of linux/landlock.h.
const (
	scopeAbstract = 1 << 0 // LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
	scopeSignal   = 1 << 1 // LANDLOCK_SCOPE_SIGNAL
)

// The attempt to signal pid 1, which stays outside the command's domain, and the
// same call before there is one: both kill(2) with signal 0, result.
const (
	FactSignalControl Fact = "attempt.signal.control"
	FactSignal        Fact = "attempt.signal"
)

// WantsScopes says whether a policy is one for which a Landlock domain closes
// something: the pid namespace is new, and yet kill(0) reaches whoever is in the
// process group, which is the caller's. Landlock takes no_new_privs.
func WantsScopes(p *policy.Policy) bool { return p.New(ns.PID) && !p.NewPrivileges }

// scope puts the command, and not pid 1, into a Landlock domain of its own, out of
// which no signal leads. It has no rules about files, so that none is looked at.
// What the filter does for sockets that the command makes, it does for one that it
// was given: no abstract name of the host is in reach of that.
//
// Source: landlock(7), linux/landlock.h.
func (b *builder) scope() {
	b.plan.Scoped = WantsScopes(b.policy) && b.host.Landlock >= ScopesABI
	if !b.plan.Scoped {
		return
	}
	const ruleset, key = "landlock.ruleset", "namespaces.pid"
	scopes := named("SCOPE_SIGNAL", scopeSignal)
	if b.policy.Sockets.Unix != policy.UnixHost {
		scopes = flags(named("SCOPE_ABSTRACT_UNIX_SOCKET", scopeAbstract), scopes)
	}
	attr := make([]byte, 24) // struct landlock_ruleset_attr: of files, of the network, scoped
	binary.LittleEndian.PutUint64(attr[16:], scopes.Value)
	signal := func(name string, f Fact, why string) {
		b.child(Op{Name: name, Call: "kill", Key: key, Args: []Arg{num(1), num(0)}, Expect: anything(), Fact: f, Why: why})
	}
	signal("signal.control", FactSignalControl, "without a domain pid 1, of the same user, can be signalled")
	b.child(Op{
		Name: ruleset, Call: "landlock_create_ruleset", Key: key, Args: []Arg{raw(attr, "{scoped: "+scopes.Name+"}"), num(len(attr)), num(0)},
		Why: "no namespace parts a process group: kill(0) would reach the caller's",
	})
	b.child(Op{
		Name: "landlock.restrict", Call: "landlock_restrict_self", Key: key, Args: []Arg{result(ruleset), num(0)},
		Why: "a domain of the command's own: signals stay in it",
	})
	b.child(Op{Name: "landlock.close", Call: "close", Key: key, Args: []Arg{result(ruleset)}, Why: "it has served"})
	signal("signal.attempt", FactSignal, "pid 1 is outside the domain")
}
