package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

func crashRows() map[string][]row {
	return map[string][]row{"host.coredump": coredumpTable(), "host.dmesg": dmesgTable()}
}

// quiet is a host on which a crash reaches nobody.
func quiet() evidence.Crash {
	return evidence.Crash{CorePattern: known("core", "core_pattern"), ExceptionTrace: known(0, "exception-trace"), FatalSignals: known(0, "print-fatal-signals")}
}

// dumps lets the host's core_pattern and the command's limit be these.
func dumps(pattern string, soft uint64) func(*Case) {
	return all(full, healthyLimits, func(c *Case) {
		c.Evidence.Crash.CorePattern.Value = pattern
		c.Evidence.Outside.Limits.Value[policy.RlimitCore] = plan.Limit{Soft: soft, Hard: soft}
	})
}

func inheritsDumps(c *Case) { c.Policy.Process.CoreDumps = policy.CoreDumpsInherited }

const unlimited = ^uint64(0)

func coredumpTable() []row {
	return []row{
		{"a file", full, Pass, "core_pattern core"},
		{"nothing", all(full, func(c *Case) { c.Evidence.Crash.CorePattern.Value = "" }), Pass, "no core_pattern"},
		{"not full", same, Unknown, "only a full audit"},
		{"a helper, at 1", dumps("|/usr/lib/helper %P", 1), Open, "lowers it to 0 first"},
		{"a helper, at 0", dumps("|/usr/lib/helper %P", 0), Open, "RLIMIT_CORE 0:0"},
		{"a helper, without a limit", dumps("|/usr/lib/helper %P", unlimited), Fail, "process.coreDumps is deny"},
		{"a helper, at 1 only until execve", all(dumps("|/helper", 1), held, func(c *Case) {
			c.Evidence.AfterExec.Limits.Value[policy.RlimitCore] = plan.Limit{Soft: unlimited, Hard: unlimited}
		}), Fail, "unlimited"},
		{"a helper, inherited", all(dumps("|/helper", unlimited), inheritsDumps), Declared, "process.coreDumps is inherited"},
		{"a socket, at 1", dumps("@/run/dumps", 1), Open, "no limit is known"},
		{"a socket, inherited", all(dumps("@/run/dumps", 1), inheritsDumps), Declared, "process.coreDumps is inherited"},
		{"unread", all(full, func(c *Case) { lost(&c.Evidence.Crash.CorePattern) }), Unknown, "EIO"},
		{"limit unread", all(dumps("|/helper", 1), func(c *Case) { lost(&c.Evidence.Outside.Limits) }), Unknown, "EIO"},
	}
}

func dmesgTable() []row {
	return []row{
		{"quiet", full, Pass, "exception-trace 0"},
		{"not full", same, Unknown, "only a full audit"},
		{"traces", all(full, func(c *Case) { c.Evidence.Crash.ExceptionTrace.Value = 1 }), Open, "whatever the profile says"},
		{"prints", all(full, func(c *Case) { c.Evidence.Crash.FatalSignals.Value = 1 }), Open, "print-fatal-signals 1"},
		{"a dump is given up", dumps("|/helper", 1), Open, "gives up the dump"},
		{"a dump is made", all(dumps("|/helper", unlimited), inheritsDumps), Pass, ""},
		{"unread", all(full, func(c *Case) { lost(&c.Evidence.Crash.ExceptionTrace) }), Unknown, "EIO"},
		{"pattern unread", all(full, func(c *Case) { lost(&c.Evidence.Crash.CorePattern) }), Unknown, "EIO"},
		{"limit unread", all(dumps("|/helper", 1), func(c *Case) { lost(&c.Evidence.Outside.Limits) }), Unknown, "EIO"},
	}
}

// TestUnclosable: what no profile can close does not refuse, is no pass, and may be
// waived; without a profile it does not stand against the process either.
func TestUnclosable(t *testing.T) {
	c := healthy()
	full(c)
	c.Evidence.Crash.ExceptionTrace.Value = 1
	if f := findingOf(t, c, "host.dmesg"); f.Verdict != Open || f.Scope != Unclosable || f.Refuses() {
		t.Errorf("%+v", f)
	}
	if Refuses(c.Policy, evaluate(c)) {
		t.Errorf("refused by %+v", Refusing(evaluate(c)))
	}
	waived("host.dmesg")(c)
	if f := findingOf(t, c, "host.dmesg"); f.Verdict != Declared || f.Waiver == "" || f.Scope != Examined {
		t.Errorf("waived: %+v", f)
	}
	target := jailed()
	target.Crash.ExceptionTrace.Value = 1
	for _, p := range []*policy.Policy{nil, {}} {
		if f := observedOf(t, p, target, "host.dmesg"); f.Verdict != Open || f.Refuses() {
			t.Errorf("observed: %+v", f)
		}
		if f := observedOf(t, p, jailed(), "host.dmesg"); f.Verdict != Closed && f.Verdict != Pass {
			t.Errorf("quiet: %+v", f)
		}
	}
}
