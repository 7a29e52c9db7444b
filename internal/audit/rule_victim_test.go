package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// allTries are the attempts on the victim and on netjail's network namespace, by
// the rule that judges them.
var allTries = map[string][]plan.Try{
	"proc.ptrace":        {plan.TryTrace, plan.TryVMRead, plan.TryVMWrite, plan.TryMem},
	"proc.pidfd-getfd":   {plan.TryGetfd, plan.TryHandedGetfd},
	"proc.links":         {plan.TryLinks, plan.TryEnviron},
	"proc.prlimit":       {plan.TryLimitRead, plan.TryLimitWrite},
	"proc.kill":          {plan.TryKill, plan.TryTgkill, plan.TryPidfdSignal, plan.TryHandedSignal},
	"net.proc":           {plan.TryNet},
	"escape.pidfd":       {plan.TrySetns},
	"escape.nsfs-handle": {plan.TryHandle},
	"escape.siocgskns":   {plan.TrySocket},
}

// aimed makes the case one of which every attempt was refused.
func aimed(c *Case) {
	v := &evidence.Victim{PID: 4712, UID: caller, Controls: map[plan.Try]string{}}
	v.State = known(evidence.VictimState{}, "the victim itself")
	c.Evidence.Victim, c.Evidence.NetHandle = v, &evidence.NetHandle{}
	c.Evidence.Inside.OnHost = map[plan.Try]evidence.Fact[evidence.Attempt]{}
	for _, tries := range allTries {
		for _, try := range tries {
			c.Evidence.Inside.OnHost[try] = known(evidence.Attempt{Control: true, Errno: "EPERM"}, string(try))
			if controlFromOutside(try) {
				v.Controls[try] = ""
			}
		}
	}
}

// trying is tried with one attempt that went another way.
func trying(try plan.Try, change func(*evidence.Attempt)) func(*Case) {
	return all(full, func(c *Case) {
		a := c.Evidence.Inside.OnHost[try]
		change(&a.Value)
		c.Evidence.Inside.OnHost[try] = a
	})
}

func worked(try plan.Try) func(*Case) {
	return trying(try, func(a *evidence.Attempt) { a.Succeeded, a.Errno = true, "" })
}

func says(try plan.Try, errno string) func(*Case) {
	return trying(try, func(a *evidence.Attempt) { a.Errno = errno })
}

func victimRows() map[string][]row {
	rows := map[string][]row{}
	for id, tries := range allTries {
		for _, try := range tries {
			rows[id] = append(rows[id], tryTable(try)...)
		}
	}
	for id, open := range map[string]struct {
		kind ns.Kind
		try  plan.Try
		says string
	}{
		"proc.ptrace":      {ns.User, plan.TryVMRead, "namespaces.user is host"},
		"proc.pidfd-getfd": {ns.User, plan.TryHandedGetfd, "the filter refuses pidfd_getfd"},
		"proc.links":       {ns.User, plan.TryEnviron, "namespaces.user is host"},
		"proc.prlimit":     {ns.PID, plan.TryLimitWrite, "the filter refuses prlimit64"},
		"proc.kill":        {ns.PID, plan.TryKill, "namespaces.pid is host"},
		"net.proc":         {ns.PID, plan.TryNet, "namespaces.pid is host"},
	} {
		shut := open.says[:3] == "the"
		want := map[bool]Verdict{true: Pass, false: Declared}[shut]
		rows[id] = append(rows[id],
			row{"open by a key", all(worked(open.try), hostNS(open.kind)), want, open.says},
			row{"open by a key, without a filter", all(worked(open.try), hostNS(open.kind), unfiltered), Declared, "is host"},
			row{"open by the other key", all(worked(open.try), hostNS(ns.User+ns.PID-open.kind)), Fail, "reached: "})
	}
	rows["proc.prlimit"] = append(rows["proc.prlimit"],
		row{"open, and the probes unread", all(worked(plan.TryLimitRead), hostNS(ns.PID), func(c *Case) { lost(&c.Evidence.Inside.Probes) }), Unknown, "EIO"},
		row{"open, and the probe left out", all(worked(plan.TryLimitRead), hostNS(ns.PID), func(c *Case) { c.Evidence.Inside.Probes.Value = nil }), Unknown, "was not tried"},
		row{"open, and let through", all(worked(plan.TryLimitRead), hostNS(ns.PID), func(c *Case) {
			c.Evidence.Inside.Probes.Value = []evidence.Probe{{Name: "prlimit64"}}
		}), Declared, "namespaces.pid is host"})
	rows["proc.kill"] = append(rows["proc.kill"],
		row{"no such process", says(plan.TryKill, "ESRCH"), Pass, "kill: refused, ESRCH"},
		row{"no such process among the host's", all(says(plan.TryKill, "ESRCH"), hostNS(ns.PID)), Unknown, "not a refusal"},
		row{"a pidfd of another pid namespace", says(plan.TryHandedSignal, "EINVAL"), Pass, "EINVAL"},
		row{"a pidfd that is none", all(says(plan.TryHandedSignal, "EINVAL"), hostNS(ns.PID)), Unknown, "not a refusal"},
		row{"it came, whatever the call said", all(full, func(c *Case) {
			c.Evidence.Victim.State.Value.Signals = 1 << (plan.SignalTgkill - 1)
		}), Fail, "reached: tgkill"})
	rows["proc.ptrace"] = append(rows["proc.ptrace"],
		row{"its memory changed, whatever the call said", all(full, func(c *Case) { c.Evidence.Victim.State.Value.Marks[1] = true }), Fail, "reached: /proc/PID/mem"},
		row{"it is traced, whatever the call said", all(full, func(c *Case) { c.Evidence.Victim.State.Value.Tracer = 5 }), Fail, "reached: ptrace"})
	for _, id := range []string{"escape.pidfd", "escape.nsfs-handle", "escape.siocgskns"} {
		rows[id] = append(rows[id], row{"shared", all(full, hostNS(ns.Network)), Declared, "namespaces.network is host"})
	}
	rows["escape.pidfd"] = append(rows["escape.pidfd"], row{"two refusals", says(plan.TrySetns, "EACCES, EPERM"), Pass, "EACCES, EPERM"})
	handle := func(change func(*evidence.NetHandle)) func(*Case) {
		return all(full, func(c *Case) { change(c.Evidence.NetHandle) })
	}
	rows["escape.nsfs-handle"] = append(rows["escape.nsfs-handle"],
		row{"stale", says(plan.TryHandle, "ESTALE"), Pass, "ESTALE"},
		row{"no handles", handle(func(h *evidence.NetHandle) { h.Why, h.Missing = "EOPNOTSUPP", true }), NotApplicable, "Linux 6.18"},
		row{"no handle", handle(func(h *evidence.NetHandle) { h.Why = "ENOSYS" }), Unknown, "ENOSYS"},
		row{"dead", handle(func(h *evidence.NetHandle) { h.Control = "EPERM" }), Unknown, "the probe is dead"},
		row{"dead by the host", all(handle(func(h *evidence.NetHandle) { h.Control = "EPERM" }), excused), NotApplicable, "a filter"},
		row{"not asked for", all(full, func(c *Case) { c.Evidence.NetHandle = nil }), Unknown, "did not ask"})
	return rows
}

func excused(c *Case) { c.Evidence.Victim.Excuse = "netjail runs under a filter" }

// tryTable is what every attempt has.
func tryTable(try plan.Try) []row {
	dead := trying(try, func(a *evidence.Attempt) { a.Control = false })
	table := []row{
		{string(try) + " refused", full, Pass, "refused, EPERM"},
		{string(try) + " worked", worked(try), Fail, "reached: " + string(try)},
		{string(try) + " is a dead probe", dead, Unknown, "the probe is dead"},
		{string(try) + " is dead by the host's own", all(dead, excused), NotApplicable, "a filter"},
		{string(try) + " broken", says(try, "EFAULT"), Unknown, "EFAULT is not a refusal"},
		{string(try) + " not read", all(full, func(c *Case) { delete(c.Evidence.Inside.OnHost, try) }), Unknown, "not read"},
		{string(try) + " not attempted", same, Unknown, "not attempted in this run"},
		{string(try) + " without a victim", all(full, func(c *Case) { c.Evidence.Victim = nil }), Unknown, "made no process"},
		{string(try) + " on a victim that is gone", all(full, func(c *Case) { lost(&c.Evidence.Victim.State) }), Unknown, "EIO"},
	}
	if controlFromOutside(try) {
		table = append(table,
			row{string(try) + " fails from outside", all(full, func(c *Case) { c.Evidence.Victim.Controls[try] = "EPERM" }), Unknown, "netjail's own " + string(try) + " failed: EPERM"},
			row{string(try) + " is forbidden by the host's own", all(full, excused, func(c *Case) { c.Evidence.Victim.Controls[try] = "EPERM" }), NotApplicable, "a filter"},
			row{string(try) + " has no effect from outside", all(full, excused, func(c *Case) { c.Evidence.Victim.Controls[try] = "it had no effect" }), Unknown, "the probe is dead"},
			row{string(try) + " is not there", all(says(try, "ENOSYS"), func(c *Case) { c.Evidence.Victim.Controls[try] = "ENOSYS" }), NotApplicable, "ENOSYS"},
			row{string(try) + " untried from outside", all(full, func(c *Case) { delete(c.Evidence.Victim.Controls, try) }), Unknown, "did not try it itself"})
	}
	return table
}

// TestEveryTryIsJudged wants no attempt to be made of which no rule tells.
func TestEveryTryIsJudged(t *testing.T) {
	c := healthy()
	full(c)
	if n := len(c.Evidence.Inside.OnHost); n != 18 {
		t.Errorf("the rules judge %d attempts", n)
	}
	for _, f := range evaluate(c) {
		if _, ok := allTries[f.Check]; ok && f.Verdict != Pass {
			t.Errorf("%s: %+v", f.Check, f)
		}
	}
}
