package policy

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// preferWords are the keys that can be preferred, in the order of preferKinds,
// and what a command gets where they are missing. The jail holds without them:
// what keeps the command off the network, off files and off processes is not
// here.
var preferWords = []Word{
	{"namespaces.ipc", "the command stays in the host's: it shares System V IPC objects and POSIX message queues"},
	{"namespaces.uts", "the command stays in the host's, and cannot change the host's name without a capability; not with a `hostname` of its own"},
	{"namespaces.cgroup", "the command stays in the host's: it sees where in the cgroup tree it is"},
	{"namespaces.time", "the command stays in the host's: the monotonic and the boot-time clock are the host's"},
}

var preferKinds = [...]ns.Kind{ns.IPC, ns.UTS, ns.Cgroup, ns.Time}

// Preferred says of a kind of namespace whether the command gets a new one where
// the host has it, and only there.
func (p *Policy) Preferred(k ns.Kind) bool {
	i := slices.Index(preferKinds[:], k)
	return i >= 0 && p.New(k) && slices.Contains(p.Prefer, preferWords[i].Text)
}

// Without is the policy of a command that stays in the host's namespace of a kind.
func (p *Policy) Without(k ns.Kind) *Policy {
	q := *p
	q.Namespaces[k] = NamespaceHost
	return &q
}

// Degraded is a key of `prefer` that a host cannot enforce.
type Degraded struct {
	Kind ns.Kind
	// Key is the key, From what the profile says and To what holds instead.
	Key, From, To string
	// Why says what stands against it.
	Why string
}

// String is the key with what became of it, and why.
func (d *Degraded) String() string { return d.Key + ", " + d.From + " → " + d.To + ": " + d.Why }

// checkPreferred: one of those keys.
func checkPreferred(s string) *diag.Diagnostic {
	names := texts(preferWords)
	if slices.Contains(names, s) {
		return nil
	}
	if _, known := LookupKey(s); known {
		return wrong(diag.NotPreferable, diag.Quote(s)+" cannot be preferred: without it the jail does not hold", "the keys that may be missing are "+strings.Join(names, ", "))
	}
	d := wrong(diag.NotPreferable, diag.Quote(s)+" is not a key that can be preferred", "the keys that may be missing are "+strings.Join(names, ", "))
	if near, ok := diag.Nearest(s, names); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
	}
	return d
}
