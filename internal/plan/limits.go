package plan

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/policy"
)

// CoreLimit is what `coreDumps: deny` makes of RLIMIT_CORE. With 0 the kernel
// writes no core file and starts the helper of core_pattern all the same: core(5).
// At exactly 1, by which it knows a helper that crashes, it does neither: do_coredump()
// in fs/coredump.c, since Linux 2.6.33.
const CoreLimit = 1

// limits sets the resource limits, last of all: what is left for the child to do
// takes neither memory nor processes nor descriptors. Each is read back at once.
func (b *builder) limits() {
	b.plan.Limits = b.declaredLimits()
	if _, declared := b.policy.Process.Rlimit(policy.RlimitNoFile); !declared {
		b.child(Op{
			Name: "restore.nofile", Call: "prlimit64", Args: limitArgs(policy.RlimitNoFile, b.host.NoFile),
			Why: "the Go runtime raised the soft limit in netjail",
		})
	}
	for _, l := range b.plan.Limits {
		key, why := "process.rlimits", "the profile names it"
		if l.Type == policy.RlimitCore && b.policy.Process.CoreDumps == policy.CoreDumpsDeny {
			key, why = "process.coreDumps", "what is in the memory of a command that crashes stays there"
		}
		b.child(Op{Name: "limit." + limitWord(l.Type), Call: "prlimit64", Key: key, Args: limitArgs(l.Type, Limit{l.Soft, l.Hard}), Why: why})
	}
	for _, l := range b.plan.Limits {
		b.reading("limit."+limitWord(l.Type), "prlimit64", FactLimit(int(l.Type)), 16, num(0), resource(l.Type), null, out())
	}
}

// declaredLimits are those that the profile sets, on this host.
func (b *builder) declaredLimits() []policy.Rlimit {
	p := &b.policy.Process
	if p.CoreDumps == policy.CoreDumpsInherited {
		return p.Rlimits
	}
	limit := min(CoreLimit, b.host.Limits[policy.RlimitCore].Hard)
	return append(p.Rlimits[:len(p.Rlimits):len(p.Rlimits)], policy.Rlimit{Type: policy.RlimitCore, Soft: limit, Hard: limit})
}

// refuseLimits: a hard limit can be raised with CAP_SYS_RESOURCE of the initial
// user namespace alone (setrlimit(2)), which nothing in a jail has.
func (b *builder) refuseLimits(r *refusals) {
	for _, l := range b.policy.Process.Rlimits {
		have := b.host.Limits[l.Type].Hard
		if l.Hard <= have {
			continue
		}
		r.add("process.rlimits", "the hard limit of "+l.Type.String()+", "+limitNumber(l.Hard)+", is above the caller's, "+limitNumber(have)+", and nothing in a jail may raise it",
			"write at most "+limitNumber(have)+", or start netjail with a higher one: `prlimit --"+limitWord(l.Type)+"="+limitNumber(l.Soft)+":"+limitNumber(l.Hard)+" netjail …`, as root")
	}
}

func limitArgs(t policy.RlimitType, l Limit) []Arg {
	return []Arg{num(0), resource(t), raw(append(wordBytes(l.Soft), wordBytes(l.Hard)...), "{"+limitNumber(l.Soft)+", "+limitNumber(l.Hard)+"}"), null}
}

func resource(t policy.RlimitType) Arg { return named(t.String(), uint64(t)) }

// limitWord is a resource as prlimit(1) names it: "nofile".
func limitWord(t policy.RlimitType) string {
	return strings.ToLower(strings.TrimPrefix(t.String(), "RLIMIT_"))
}

func limitNumber(n uint64) string {
	if n == policy.Unlimited {
		return "unlimited"
	}
	return strconv.FormatUint(n, 10)
}
