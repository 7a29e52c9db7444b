package audit

import (
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

var hostCoredump = Rule{
	ID:       "host.coredump",
	Proves:   "No program of the host gets the memory of a command that crashes: kernel.core_pattern names a file, and no pipe and no socket.",
	Evidence: "/proc/sys/kernel/core_pattern, and RLIMIT_CORE in /proc/PID/limits, read by netjail; in a full audit",
	Control:  "none needed: both are read back",
	Remedy:   "`coreDumps: deny` keeps accidents from a helper behind a pipe; what a command does on purpose only `sysctl kernel.core_pattern=core` ends, for the whole host",
	Key:      "process.coreDumps",
	Judge:    judgeCoredump,
}

// judgeCoredump: what a limit does to a helper is in do_coredump() of the kernel's
// fs/coredump.c: behind a pipe it is not started at exactly 1, and is at 0; of a
// socket (Linux 6.16) no limit is known that stops it.
func judgeCoredump(c *Case) Finding {
	const want = "no helper of the host's"
	if !c.Evidence.Full {
		return Finding{Expected: want}.fullOnly()
	}
	f, helper := coreHelper(&c.Evidence.Crash)
	f.Expected = want
	switch {
	case f.Verdict == Unknown && f.Note != "":
		return f
	case !helper:
		return f.pass()
	}
	limit := c.coreLimit()
	f.Source = joinSources(f.Source, limit.Source)
	if why := missing(limit); why != "" {
		return f.unknown(why)
	}
	f.Found += ", RLIMIT_CORE " + limitText(limit.Value)
	switch socket := c.Evidence.Crash.CorePattern.Value[0] == '@'; {
	case c.Policy.Process.CoreDumps != policy.CoreDumpsDeny:
		return f.declared("process.coreDumps is " + c.Policy.Process.CoreDumps.String() + ": a crash may hand the command's memory to a program of the host's")
	case socket:
		return f.unclosable("a socket of the host's gets the command's memory, and no limit is known that stops it")
	case limit.Value.Soft == 1:
		return f.unclosable("a crash starts no helper at a limit of 1; a command that lowers it to 0 first has it started, and nothing forbids that")
	case limit.Value.Soft == 0:
		return f.unclosable("at a limit of 0, above which the caller's hard limit lets nobody go, the kernel starts the helper all the same")
	}
	return f.fail("process.coreDumps is deny, and this limit lets the helper have the command's memory")
}

// coreHelper says whether core_pattern names a program of the host's. The finding
// is Unknown, with a note, where that could not be read.
func coreHelper(crash *evidence.Crash) (Finding, bool) {
	pattern := crash.CorePattern
	f := fromOutside(pattern.Source)
	if why := missing(pattern); why != "" {
		f.Side = SideNone
		return f.unknown(why), false
	}
	f.Found = "core_pattern " + pattern.Value
	if pattern.Value == "" {
		f.Found = "no core_pattern"
	}
	return f, strings.HasPrefix(pattern.Value, "|") || strings.HasPrefix(pattern.Value, "@")
}

// coreLimit is RLIMIT_CORE as netjail read it last.
func (c *Case) coreLimit() evidence.Fact[plan.Limit] {
	if after := limitAfter(c, policy.RlimitCore); after != nil && after.Known {
		return *after
	}
	return limitFact(c.Evidence.Outside.Limits, policy.RlimitCore)
}
