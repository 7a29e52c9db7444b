package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

func signalRows() map[string][]row {
	return map[string][]row{"proc.signals": signalsTable(), "ids.fsuid": fsuidTable()}
}

func signalsTable() []row {
	after := func(change func(*evidence.Process)) func(*Case) {
		return all(held, func(c *Case) { change(c.Evidence.AfterExec) })
	}
	return []row{
		{"not held", same, Unknown, "a full audit reads them"},
		{"none", held, Pass, "ignored none, blocked none"},
		{"the caller's", all(after(func(p *evidence.Process) { p.Ignored.Value, p.Blocked.Value = 1, 1<<63 }), func(c *Case) {
			c.Expect.Ignored, c.Expect.Blocked = 1, 1<<63
		}), Pass, "ignored 1, blocked 64"},
		{"one more ignored", after(func(p *evidence.Process) { p.Ignored.Value = 1 << 12 }), Fail, "ignored 13"},
		{"one less ignored", all(held, func(c *Case) { c.Expect.Ignored = 1 << 12 }), Fail, "other signals are ignored"},
		{"64 is not told", after(func(p *evidence.Process) { p.Ignored.Value = 1 << 63 }), Pass, "ignored 64"},
		{"one more blocked", after(func(p *evidence.Process) { p.Blocked.Value = 1 << 14 }), Fail, "blocked 15"},
		{"a handler", after(func(p *evidence.Process) { p.Caught.Value = 1 }), Fail, "caught 1"},
		{"unread", after(func(p *evidence.Process) { lost(&p.Ignored) }), Unknown, "EIO"},
		{"no entry point", all(held, func(c *Case) { c.Expect.IgnoredKnown = false }), Unknown, "linked without"},
		{"no entry point, and one blocked", all(after(func(p *evidence.Process) { p.Blocked.Value = 1 }), func(c *Case) {
			c.Expect.IgnoredKnown = false
		}), Fail, "other signals are blocked"},
	}
}

func fsuidTable() []row {
	return []row{
		{"effective", same, Pass, "uid 1000, gid 1000"},
		{"held", held, Pass, "uid 1000, gid 1000"},
		{"root's", asRoot, Pass, "uid 1879048192"},
		{"another uid", func(c *Case) { c.Evidence.Outside.FSUID.Value = 0 }, Fail, "uid 0, gid 1000, effective uid 1000"},
		{"another gid", func(c *Case) { c.Evidence.Outside.FSGID.Value = 0 }, Fail, "other ids"},
		{"another behind execve", all(held, func(c *Case) { c.Evidence.AfterExec.FSUID.Value = 0 }), Fail, "other ids"},
		{"unread", func(c *Case) { lost(&c.Evidence.Outside.FSGID) }, Unknown, "EIO"},
	}
}

// TestFileIDsOutside: the same of a process that netjail did not start.
func TestFileIDsOutside(t *testing.T) {
	target := jailed()
	p := &target.Kinds[0].Process
	p.FSUID, p.FSGID = evidence.Known(uint32(1000), "status"), evidence.Known(uint32(1000), "status")
	if f := observedOf(t, nil, target, "ids.fsuid"); f.Verdict != Closed {
		t.Errorf("%+v", f)
	}
	p.FSUID.Value = 0
	if f := observedOf(t, nil, target, "ids.fsuid"); f.Verdict != Open {
		t.Errorf("%+v", f)
	}
	if f := observedOf(t, &policy.Policy{}, target, "ids.fsuid"); f.Verdict != Fail {
		t.Errorf("with a profile: %+v", f)
	}
}
