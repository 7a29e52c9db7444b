package audit

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

func procRows() map[string][]row {
	return map[string][]row{
		"proc.no-new-privs": noNewPrivsTable(),
		"proc.parent-death": parentDeathTable(),
		"proc.reaper":       reaperTable(),
		"proc.group":        groupTable(),
		"proc.signal":       signalTable(),
		"proc.hostname":     hostnameTable(),
		"proc.threads":      threadsTable(),
		"proc.view":         viewTable(),
		"fs.propagation":    propagationTable(),
		"proc.rlimits":      rlimitsTable(),
		"proc.environment":  environmentTable(),
		"keys.session":      keyringTable(),
		"proc.timeout":      timeoutTable(),
	}
}

func noNewPrivsTable() []row {
	in := func(c *Case) { c.Evidence.Inside.NoNewPrivs.Value = false }
	out := func(c *Case) { c.Evidence.Outside.NoNewPrivs.Value = false }
	allowed := func(c *Case) { c.Policy.NewPrivileges = true }
	return []row{
		{"set", same, Pass, "1"},
		{"set, held", held, Pass, "1"},
		{"not set", all(in, out), Fail, "set-uid"},
		{"disagree", out, Fail, disagree},
		{"cleared by exec", all(held, func(c *Case) { c.Evidence.AfterExec.NoNewPrivs.Value = false }), Fail, "execve(2)"},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.NoNewPrivs) }), Pass, "1"},
		{"allowed", all(allowed, in, out), Declared, "0"},
		{"allowed, set all the same", allowed, Declared, "1"},
		{"unread", func(c *Case) { lost(&c.Evidence.Outside.NoNewPrivs) }, Unknown, "EIO"},
	}
}

func parentDeathTable() []row {
	signal := func(n int) func(*Case) { return func(c *Case) { c.Evidence.Inside.DeathSig.Value = n } }
	return []row{
		{"set", same, Pass, "signal 9"},
		{"set, shared processes", hostNS(ns.PID), Pass, "not its children"},
		{"not set", signal(0), Fail, "no signal"},
		{"another signal", signal(15), Fail, "signal 15"},
		{"outlives", all(signal(0), func(c *Case) { c.Policy.Process.OutliveParent = true }), Declared, "no signal"},
		{"unread", func(c *Case) { lost(&c.Evidence.Inside.DeathSig) }, Unknown, "EIO"},
	}
}

func reaperTable() []row {
	reaper := func(change func(*evidence.Process)) func(*Case) {
		return func(c *Case) { change(c.Evidence.Reaper) }
	}
	fds := func(list ...evidence.FD) func(*Case) {
		return reaper(func(p *evidence.Process) { p.FDs.Value = list })
	}
	channel := evidence.FD{Number: 3, Target: "socket:[9]", Kind: evidence.FDSocket}
	return []row{
		{"as built", same, Pass, "pid 1, not dumpable, 3 socket:[9]"},
		{"nothing open", fds(), Pass, "no descriptor"},
		{"dumpable", reaper(func(p *evidence.Process) { p.Dumpable.Value = true }), Fail, "could trace it"},
		{"with a capability", reaper(func(p *evidence.Process) { p.Caps.Value.Permitted = caps.Of(caps.Kill) }), Fail, "CAP_KILL"},
		{"with capabilities of the host's", all(func(c *Case) { c.Policy.Capabilities.Host = true }, reaper(func(p *evidence.Process) { p.Caps.Value.Permitted = caps.All })), Pass, "pid 1"},
		{"a second socket", fds(channel, channel), Fail, "holds a descriptor"},
		{"a file", fds(evidence.FD{Number: 0, Target: "/etc/passwd", Kind: evidence.FDFile}), Fail, "/etc/passwd"},
		{"not pid 1", reaper(func(p *evidence.Process) { p.NSPids.Value = []int{71, 3} }), Fail, "not pid 1"},
		{"no pid", reaper(func(p *evidence.Process) { p.NSPids.Value = nil }), Fail, "not pid 1"},
		{"in netjail's network", reaper(func(p *evidence.Process) { p.Namespaces[ns.Network].Value = ownNS + 1 }), Fail, "another network namespace"},
		{"nobody looked", func(c *Case) { c.Evidence.Reaper = nil }, Unknown, "nobody looked"},
		{"descriptors unread", reaper(func(p *evidence.Process) { lost(&p.FDs) }), Unknown, "EIO"},
		{"namespaces unread", reaper(func(p *evidence.Process) { lost(&p.Namespaces[ns.UTS]) }), Unknown, "uts namespace"},
		{"shared", hostNS(ns.PID), NotApplicable, ""},
	}
}

func signalTable() []row {
	attempt := func(control bool, errno string) func(*Case) {
		return func(c *Case) {
			c.Evidence.Inside.Signal.Value = evidence.Attempt{Control: control, Succeeded: errno == "", Errno: errno}
		}
	}
	without := func(c *Case) { c.Expect.Scoped, c.Expect.ScopeWhy = false, "the kernel is old" }
	return []row{
		{"refused", same, Pass, "refused, EPERM"},
		{"it reaches pid 1", attempt(true, ""), Fail, "it worked"},
		{"nothing is there", attempt(true, "ESRCH"), Unknown, "not a refusal"},
		{"the control is refused as well", attempt(false, "EPERM"), Unknown, "control failed"},
		{"unread", func(c *Case) { lost(&c.Evidence.Inside.Signal) }, Unknown, "EIO"},
		{"shared processes", hostNS(ns.PID), Declared, "namespaces.pid is host"},
		{"nobody said", func(c *Case) { c.Expect.Scoped = false }, Unknown, "nobody said"},
		{"no Landlock", without, Declared, "not applicable: the kernel is old"},
		{"no Landlock, a group of its own", all(without, func(c *Case) { c.Evidence.Inside.Pgrp.Value = 2 }), Pass, "not applicable: the kernel is old"},
		{"no Landlock, the group unread", all(without, func(c *Case) { lost(&c.Evidence.Inside.Pgrp) }), Declared, "kill(0)"},
	}
}

func groupTable() []row {
	set := func(pgrp, sid int) func(*Case) {
		return func(c *Case) { c.Evidence.Inside.Pgrp.Value, c.Evidence.Inside.Sid.Value = pgrp, sid }
	}
	return []row{
		{"shared with the caller", same, Declared, "the caller's group, the caller's session"},
		{"shared with the caller, and signals as well", func(c *Case) { c.Expect.Scoped = false }, Declared, "kill(0)"},
		{"own session", set(2, 2), Pass, "own group, own session"},
		{"own group only", set(2, 0), Declared, "own group, the caller's session"},
		{"shared processes, shared group", all(hostNS(ns.PID), set(40, 40), func(c *Case) { c.Expect.Scoped = false }), Declared, "kill(0)"},
		{"shared processes, own session", all(hostNS(ns.PID), set(72, 72)), Pass, "own session"},
		{"unread", func(c *Case) { lost(&c.Evidence.Inside.Sid) }, Unknown, "EIO"},
	}
}

func hostnameTable() []row {
	return []row{
		{"the host's", same, Pass, "box"},
		{"declared", func(c *Case) {
			c.Policy.Process.Hostname = "jail"
			c.Evidence.Inside.Hostname.Value = "jail"
		}, Pass, "jail"},
		{"not set", func(c *Case) { c.Policy.Process.Hostname = "jail" }, Fail, "another name"},
		{"nothing expected", func(c *Case) { c.Expect.Hostname = "" }, Unknown, "nobody said"},
		{"unread", func(c *Case) { lost(&c.Evidence.Inside.Hostname) }, Unknown, "EIO"},
	}
}

func threadsTable() []row {
	threads := func(n int) func(*Case) { return func(c *Case) { c.Evidence.Outside.Threads.Value = n } }
	one, two := known(1, "/proc/72/status"), known(2, "/proc/72/status")
	staged := func(after *evidence.Fact[int]) func(*Case) {
		return func(c *Case) {
			threads(5)(c)
			c.Evidence.Launcher, c.Evidence.AfterExec = "stage", nil
			if after != nil {
				c.Evidence.AfterExec = &evidence.Process{Threads: *after}
			}
		}
	}
	return []row{
		{"one", same, Pass, "1"},
		{"several", threads(2), Unknown, "first thread"},
		{"stage", staged(nil), Pass, "5"},
		{"held stage", staged(&one), Pass, "1"},
		{"held stage with several", staged(&two), Unknown, "first thread"},
		{"held stage unread", staged(&evidence.Fact[int]{Source: "x", Why: "EIO"}), Unknown, "EIO"},
		{"none", threads(0), Unknown, "first thread"},
		{"unread", func(c *Case) { lost(&c.Evidence.Outside.Threads) }, Unknown, "EIO"},
	}
}

func viewTable() []row {
	mounts := func(list ...evidence.Mount) func(*Case) {
		return func(c *Case) { c.Evidence.Outside.Mounts.Value = list }
	}
	return []row{
		{"fresh", same, Pass, "process 2 in /proc, 2 in its namespace; proc on /proc"},
		{"the host's numbers", func(c *Case) { c.Evidence.Inside.ProcSelf.Value = 72 }, Fail, "another PID namespace"},
		{"the host's mount", mounts(evidence.Mount{Device: "0:21", Point: "/proc", Type: "proc"}), Fail, "the host's"},
		{"another file system on top", mounts(evidence.Mount{Device: "0:44", Point: "/proc", Type: "tmpfs"}), Fail, "the host's"},
		{"nothing there", mounts(evidence.Mount{Device: "254:0", Point: "/", Type: "ext4"}), Fail, "nothing on /proc"},
		{"unread inside", func(c *Case) { lost(&c.Evidence.Inside.ProcSelf) }, Unknown, "EIO"},
		{"unread mounts", func(c *Case) { lost(&c.Evidence.Outside.Mounts) }, Unknown, "EIO"},
		{"netjail's own unread", func(c *Case) { lost(&c.Evidence.Before.ProcDevice) }, Unknown, "EIO"},
		{"shared", hostNS(ns.PID), NotApplicable, ""},
	}
}

func propagationTable() []row {
	return []row{
		{"private", same, Pass, "21 mounts, all private"},
		{"a peer", func(c *Case) { c.Evidence.Outside.Mounts.Value[0].Peers = true }, Fail, "/ has peers"},
		{"unread", func(c *Case) { lost(&c.Evidence.Outside.Mounts) }, Unknown, "EIO"},
		{"shared", hostNS(ns.Mount), NotApplicable, ""},
	}
}
