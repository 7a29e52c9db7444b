package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// Rlimit is one item of `process.rlimits`, with the names of the OCI runtime
// specification. Soft is at most Hard.
type Rlimit struct {
	Type       RlimitType
	Soft, Hard uint64 // Unlimited for the word
}

// RlimitType is the number of a resource (asm-generic/resource.h); they are the
// same on amd64 and arm64.
type RlimitType uint8

// Unlimited is RLIM_INFINITY.
const Unlimited = ^uint64(0)

// The resources that netjail itself has to do with.
const (
	RlimitCore   RlimitType = 4
	RlimitNoFile RlimitType = 7
)

// rlimitNames are the names, by number.
var rlimitNames = [...]string{
	"RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
	"RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
}

// rlimitWords are those that a profile may name. RLIMIT_RSS and RLIMIT_LOCKS have
// no effect on any kernel that netjail runs on: getrlimit(2).
var rlimitWords = []Word{
	{"RLIMIT_AS", "bytes of address space"},
	{"RLIMIT_CORE", "bytes of a core file; only beside `coreDumps: inherited`"},
	{"RLIMIT_CPU", "seconds of processor time; SIGXCPU at the soft limit, SIGKILL at the hard one"},
	{"RLIMIT_DATA", "bytes of data, stack excepted"},
	{"RLIMIT_FSIZE", "bytes of a file that is written"},
	{"RLIMIT_MEMLOCK", "bytes that are locked in memory"},
	{"RLIMIT_MSGQUEUE", "bytes of POSIX message queues of the same user"},
	{"RLIMIT_NICE", "20 less the lowest nice value that can be had"},
	{"RLIMIT_NOFILE", "one more than the highest number of a descriptor"},
	{"RLIMIT_NPROC", "processes and threads of the same user; in a new user namespace those in it alone, since Linux 5.14"},
	{"RLIMIT_RTPRIO", "the highest real-time priority that can be had"},
	{"RLIMIT_RTTIME", "microseconds of processor time without a pause under real-time scheduling"},
	{"RLIMIT_SIGPENDING", "signals that are queued for processes of the same user"},
	{"RLIMIT_STACK", "bytes of the first thread's stack; a quarter of it bounds arguments and environment"},
}

// String is the name in a profile.
func (t RlimitType) String() string { return rlimitNames[t] }

// rlimitOf is the resource of a name.
func rlimitOf(name string) (t RlimitType, ok bool) {
	for i := range rlimitNames {
		if rlimitNames[i] == name {
			return RlimitType(i), true
		}
	}
	return 0, false
}

func checkRlimitType(s string) *diag.Diagnostic {
	for i := range rlimitWords {
		if rlimitWords[i].Text == s {
			return nil
		}
	}
	if _, ok := rlimitOf(s); ok {
		return wrong(diag.UnknownValue, s+" has no effect on Linux: getrlimit(2)", "remove it")
	}
	d := wrong(diag.UnknownValue, "unknown resource limit "+diag.Quote(s), "names are those of getrlimit(2), such as RLIMIT_NOFILE")
	// Without the prefix, which would make every name look like every other.
	names := texts(rlimitWords)
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], "RLIMIT_")
	}
	if near, ok := diag.Nearest(strings.TrimPrefix(strings.ToUpper(s), "RLIMIT_"), names); ok {
		d.Help = "did you mean " + diag.Quote("RLIMIT_"+near) + "?"
	}
	return d
}

func readRlimits(n *Node) []Rlimit {
	var out []Rlimit
	for _, item := range n.Items {
		out = append(out, readRlimit(item))
	}
	slices.SortFunc(out, func(a, b Rlimit) int { return cmp.Compare(a.Type, b.Type) })
	return out
}

func readRlimit(item *Node) Rlimit {
	t, _ := rlimitOf(item.Field("type").Text)
	return Rlimit{Type: t, Soft: readLimit(item.Field("soft")), Hard: readLimit(item.Field("hard"))}
}

func readLimit(n *Node) uint64 {
	if n.Kind == KindText {
		return Unlimited
	}
	return decimal(n)
}

func writeRlimits(p *Policy, k *Key) value {
	if len(p.Process.Rlimits) == 0 {
		return word(k.Words[0].Text)
	}
	lines := make([]value, len(p.Process.Rlimits))
	for i, l := range p.Process.Rlimits {
		lines[i] = mapping(field{"type", word(l.Type.String())}, field{"soft", writeLimit(l.Soft)}, field{"hard", writeLimit(l.Hard)})
	}
	return list(lines)
}

func writeLimit(n uint64) value {
	if n == Unlimited {
		return word("unlimited")
	}
	return number(n)
}

// Rlimit is what the profile says of one resource, if it does.
func (p *Process) Rlimit(t RlimitType) (l Rlimit, ok bool) {
	for _, l := range p.Rlimits {
		if l.Type == t {
			return l, true
		}
	}
	return Rlimit{}, false
}
