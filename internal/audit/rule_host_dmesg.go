package audit

import (
	"cmp"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

var hostDmesg = Rule{
	ID:       "host.dmesg",
	Proves:   "A command that crashes writes no line to the host's kernel log. Such a line holds the command's name and registers: some bytes of its choice, which no namespace and no filter keeps from whoever reads the log.",
	Evidence: "/proc/sys/debug/exception-trace and /proc/sys/kernel/print-fatal-signals read by netjail, with kernel.core_pattern and RLIMIT_CORE, since the kernel logs a dump that it gives up; in a full audit",
	Control:  "none needed: both are read back",
	Remedy:   "no profile can: `sysctl debug.exception-trace=0 kernel.print-fatal-signals=0` ends it for the whole host",
	Key:      "-",
	Judge:    judgeDmesg,
}

func judgeDmesg(c *Case) Finding {
	const want = "no line"
	if !c.Evidence.Full {
		return Finding{Expected: want}.fullOnly()
	}
	f := crashLine(&c.Evidence.Crash)
	f.Expected = want
	if f.Verdict != Pass {
		return f
	}
	pattern := c.Evidence.Crash.CorePattern
	if why := missing(pattern); why != "" {
		return f.unknown(why)
	}
	if !strings.HasPrefix(pattern.Value, "|") {
		return f
	}
	limit := c.coreLimit()
	f.Source = joinSources(f.Source, joinSources(pattern.Source, limit.Source))
	if why := missing(limit); why != "" {
		return f.unknown(why)
	}
	if limit.Value.Soft == 1 && c.Policy.Process.CoreDumps == policy.CoreDumpsDeny {
		f.Found += ", core_pattern " + pattern.Value + ", RLIMIT_CORE 1"
		return f.unclosable("the kernel logs that it gives up the dump of a command that crashes, with the command's name")
	}
	return f
}

// crashLine says whether each crash writes a line to the kernel's log: Unclosable,
// Unknown or Pass.
func crashLine(crash *evidence.Crash) Finding {
	trace, fatal := crash.ExceptionTrace, crash.FatalSignals
	f := fromOutside(joinSources(trace.Source, fatal.Source))
	if why := cmp.Or(missing(trace), missing(fatal)); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = "exception-trace " + number(trace.Value) + ", print-fatal-signals " + number(fatal.Value)
	if trace.Value != 0 || fatal.Value != 0 {
		return f.unclosable("each crash writes a line with some bytes of the command's choice to the kernel's log, whatever the profile says")
	}
	return f.pass()
}

// lookLog is crashLine for a process that netjail did not start.
func lookLog(v *view) Finding {
	f := crashLine(&v.target.Crash)
	if f.Verdict == Pass {
		return f.closed("")
	}
	return f
}
