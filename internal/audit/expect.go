package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/seccomp"
	"github.com/netjail/netjail/internal/tree"
)

// Expect is what the policy's words came to on this host and for this caller.
// Whoever builds the plan fills it in, from the same values that went into the
// plan, and before the start: nothing in it may be read back from the jail.
//
// A field that was left empty never makes a check pass that rests on it.
type Expect struct {
	// Named is the policy of the profile that was named, and Added what the command
	// line added to it. Named is the very policy that is judged where that is
	// nothing.
	Named *policy.Policy
	Added []policy.Addition
	// UIDMap and GIDMap are the lines to be written, with `caller` resolved.
	// Outside ids are those of netjail's own user namespace, which is the
	// parent of the new one, so that both sides must read back these numbers
	// (user_namespaces(7)). Empty where the user namespace is the host's.
	UIDMap, GIDMap []evidence.IDMapLine
	// UID and GID are the command's ids as it sees them itself.
	UID, GID uint32
	// Groups are the command's supplementary groups as netjail's own user
	// namespace numbers them, in any order: inside, an unmapped one reads
	// 65534. Empty where netjail drops them.
	Groups []uint32
	// Claims are the ids of accounts and everybody's subordinate ones; ClaimsWhy
	// says why they are not known. They are read only where a map may hold more than
	// the caller's own id.
	Claims    []plan.Claim
	ClaimsWhy string
	// Joined are the namespaces that the command is to be in because the profile
	// names their files; 0 for every other kind.
	Joined [ns.Count]evidence.NamespaceID
	// Degraded says of a kind that the profile prefers why the command stays in the
	// host's; empty where it does not.
	Degraded [ns.Count]string
	// Reentry says whether the plan tries to enter netjail's network namespace.
	Reentry bool
	// Hostname is what uname(2) is to say: the profile's, or the host's.
	Hostname string
	// InheritFDs are the descriptors the command is to find open: those of
	// `process.inheritFds` that netjail itself was given.
	InheritFDs []int
	// GateFDs are netjail's own close-on-exec descriptors in the process that
	// waits at the gate. A reading before execve(2) contains them; one after
	// must not.
	GateFDs []int
	// Arch is the architecture whose system calls the filter is for.
	Arch seccomp.Arch
	// Leads says whether netjail's reaper leads a session of its own, with a
	// terminal that netjail made.
	Leads bool
	// Limits are the resource limits that the plan sets.
	Limits []policy.Rlimit
	// NoFile is RLIMIT_NOFILE as netjail was started with, which is not the one
	// that it has.
	NoFile plan.Limit
	// Ignored and Blocked are the signals that netjail was started with so, bit n-1
	// for signal n (64 is not told of Ignored); IgnoredKnown says whether Ignored is
	// known at all.
	Ignored, Blocked uint64
	IgnoredKnown     bool
	// LoopbackTried says whether the plan tries services of the jail's own lo, as the
	// control of those at the host's.
	LoopbackTried bool
	// Typed are the terminals among 0 to 2 into which a full audit tries to type.
	Typed []int
	// OwnTerminal says whether that terminal is to be of the jail's own /dev/pts.
	OwnTerminal bool
	// Scoped says whether the command is in a Landlock domain; ScopeWhy says why not,
	// where the profile would have one.
	Scoped   bool
	ScopeWhy string
	// LastCap is the number of the running kernel's last capability; 0 where
	// it is not known.
	LastCap int
	// Tree is what the command is to see as its files, and the caller's mount table
	// from which that was made; nil where it is not known.
	Tree *tree.Layout

	// reach is where the command finds what is shared with the host.
	reach reach
}

// NewExpect is what p comes to in the plan l for the host h.
func NewExpect(p *policy.Policy, h *plan.Host, l *plan.Plan) *Expect {
	x := &Expect{
		Named:  p,
		UIDMap: resolved(l.UIDMap), GIDMap: resolved(l.GIDMap), UID: l.UID, GID: l.GID,
		Groups: h.Groups, Hostname: p.Process.Hostname, InheritFDs: p.Process.InheritFDs,
		GateFDs: []int{h.FDBase + int(plan.FDGate)}, LastCap: h.LastCap, Arch: h.Arch, Tree: h.Tree,
		Leads: l.Leads, Limits: l.Limits, NoFile: h.NoFile, OwnTerminal: l.OwnTerminal,
		Ignored: h.Ignored, Blocked: h.Blocked, IgnoredKnown: h.IgnoredKnown,
		reach: newReach(l.Shared, h.Tree),
	}
	for k, inode := range l.Joined {
		x.Joined[k] = evidence.NamespaceID(inode)
	}
	for i := range l.Degraded {
		x.Degraded[l.Degraded[i].Kind] = l.Degraded[i].Why
	}
	x.Typed, x.LoopbackTried = l.Typed, l.Index("attempt.service.own.connect") >= 0
	x.Reentry = l.Index("attempt.setns.fd") >= 0
	x.Scoped, x.ScopeWhy = l.Scoped, scopeWhy(p, l)
	x.Claims, x.ClaimsWhy = h.Claims, h.ClaimsWhy
	if x.Hostname == "" {
		x.Hostname = h.Hostname
	}
	if l.DropsGroups {
		x.Groups = nil
	}
	return x
}

// scopeWhy says why the command is in no Landlock domain.
func scopeWhy(p *policy.Policy, l *plan.Plan) string {
	switch {
	case l.Scoped:
		return ""
	case p.NewPrivileges:
		return "noNewPrivileges is false, and Landlock takes no_new_privs"
	}
	return "the kernel has no Landlock with scopes (Linux 6.12)"
}

func resolved(lines []plan.MapLine) []evidence.IDMapLine {
	out := make([]evidence.IDMapLine, len(lines))
	for i, l := range lines {
		out[i] = evidence.IDMapLine(l)
	}
	return out
}
