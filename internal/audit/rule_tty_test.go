package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

func ttyRows() map[string][]row {
	return map[string][]row{"fd.terminal": fdTerminalTable(), "tty.background": backgroundTable(), "tty.session": sessionTable()}
}

// pty is the terminal that netjail made, callers the caller's.
var (
	pty     = evidence.Terminal{Device: 136<<8 | 4, FileSystem: 24}
	callers = evidence.Terminal{Device: 136<<8 | 1, FileSystem: 24}
)

// onTerminal opens the descriptor n on a terminal.
func onTerminal(n int, t evidence.Terminal, access int) func(*Case) {
	return func(c *Case) {
		d := evidence.FD{Number: n, Target: "/dev/pts/1", Kind: evidence.FDTerminal}
		d.Terminal = known(evidence.OpenTerminal{Terminal: t, Access: access}, "/proc/72/fdinfo")
		fds := &c.Evidence.Outside.FDs
		for i := range fds.Value {
			if fds.Value[i].Number == n {
				fds.Value[i] = d
				return
			}
		}
		fds.Value = append(fds.Value, d)
	}
}

func onAll(t evidence.Terminal) func(*Case) {
	return all(onTerminal(0, t, accessReadWrite), onTerminal(1, t, accessReadWrite), onTerminal(2, t, accessReadWrite))
}

// led makes the case one with a terminal of the command's own.
func led(c *Case) {
	onAll(pty)(c)
	c.Expect.Leads = true
	c.Evidence.Terminal = &pty
	c.Evidence.Session = known(evidence.Session{ID: 10, Group: 60, Terminal: callers.Device, Foreground: 60}, "/proc/60/stat")
	c.Evidence.Outside.Session = known(evidence.Session{ID: 71, Group: 72, Terminal: pty.Device, Foreground: 72}, "/proc/72/stat")
	c.Evidence.Inside.Sid.Value, c.Evidence.Inside.Pgrp.Value = 1, 2
}

// ownPTY makes the case one with a terminal of the jail's own devpts, of which the
// mount table says this device.
func ownPTY(device string) func(*Case) {
	return all(led, func(c *Case) {
		c.Expect.OwnTerminal = true
		mounts := &c.Evidence.Outside.Mounts.Value
		*mounts = append([]evidence.Mount{{Device: device, Root: "/", Point: "/dev/pts", Type: "devpts"}}, *mounts...)
	})
}

func hostTerminal(c *Case) { c.Policy.Process.Terminal = policy.TerminalHost }

func unreadTerminal(c *Case) { lost(&c.Evidence.Outside.FDs.Value[2].Terminal) }

func fdTerminalTable() []row {
	return []row{
		{"none", noTerminal, Pass, "no terminal"},
		{"one direction", same, Pass, "2 /dev/pts/1 (to write)"},
		{"each its direction", all(onTerminal(0, callers, accessRead), onTerminal(1, callers, accessWrite)), Pass, "0 /dev/pts/1 (to read), 1"},
		{"both directions", onTerminal(2, callers, accessReadWrite), Fail, "2 /dev/pts/1 (to read and write)"},
		{"both directions at 0", onTerminal(0, callers, accessReadWrite), Fail, "0 /dev/pts/1 (to read and write)"},
		{"host", all(hostTerminal, onAll(callers)), Declared, "to read and write"},
		{"let through", all(letThrough(5), onTerminal(5, callers, accessReadWrite)), Declared, "5 /dev/pts/1"},
		{"relayed", all(led, func(c *Case) { c.Policy.Filesystem.Root = policy.RootHost }), Pass, "0 /dev/pts/1"},
		{"relayed, in the host's tree", led, Pass, "the host's devpts"},
		{"relayed, in a tree of its own", ownPTY("0:24"), Pass, "the jail's own /dev/pts"},
		{"relayed, in a tree of its own, of another devpts", ownPTY("0:99"), Fail, "none of the devpts"},
		{"relayed, in a tree of its own, without one", all(ownPTY("0:24"), func(c *Case) { c.Evidence.Outside.Mounts.Value[0].Point = "/pts" }), Fail, "none of the devpts"},
		{"relayed, in a tree of its own, unread", all(ownPTY("0:24"), unreadMounts), Unknown, "EIO"},
		{"relayed, and one is the caller's", all(led, onTerminal(2, callers, accessReadWrite)), Fail, "is the caller's terminal"},
		{"relayed, and one is a stranger in another devpts", all(led, onTerminal(2, evidence.Terminal{Device: pty.Device, FileSystem: 99}, accessReadWrite)), Fail, "is the caller's terminal"},
		{"relayed, and there is none", all(led, noTerminal), Fail, "does not have the terminal"},
		{"relayed, and netjail's is not known", all(led, func(c *Case) { c.Evidence.Terminal = nil }), Fail, "is the caller's terminal"},
		{"unread", unreadTerminal, Unknown, "EIO"},
		{"no descriptor read", unreadFDs, Unknown, "EIO"},
	}
}

func noTerminal(c *Case) {
	for i := range c.Evidence.Outside.FDs.Value {
		d := &c.Evidence.Outside.FDs.Value[i]
		*d = evidence.FD{Number: d.Number, Target: "pipe:[1]", Kind: evidence.FDPipe}
	}
}

func backgroundTable() []row {
	return []row{
		{"to write", same, Pass, "no terminal of the caller's to read"},
		{"relayed", led, Pass, "no terminal of the caller's"},
		{"relayed, the host's files", all(led, func(c *Case) { c.Policy.Filesystem.Root = policy.RootHost }), Pass, "fs.devices"},
		{"to read", onTerminal(0, callers, accessRead), Declared, "leaves the session"},
		{"to read at 1", onTerminal(1, callers, accessReadWrite), Fail, "1 /dev/pts/1"},
		{"host", all(hostTerminal, onAll(callers)), Declared, "leaves the session"},
		{"let through", all(led, letThrough(5), onTerminal(5, callers, accessRead)), Declared, "5 /dev/pts/1"},
		{"relayed, and 0 is the caller's", all(led, onTerminal(0, callers, accessRead)), Fail, "0 /dev/pts/1"},
		{"unread", unreadTerminal, Unknown, "EIO"},
	}
}

func sessionTable() []row {
	in := func(change func(*evidence.Session)) func(*Case) {
		return all(led, func(c *Case) { change(&c.Evidence.Outside.Session.Value) })
	}
	callersSession := func(terminal uint64) func(*Case) {
		return func(c *Case) {
			c.Evidence.Outside.Session = known(evidence.Session{ID: 10, Group: 60, Terminal: terminal, Foreground: 60}, "/proc/72/stat")
		}
	}
	return []row{
		{"relayed", led, Pass, "terminal 136:4"},
		{"relayed, after exec", all(led, held), Pass, "terminal 136:4"},
		{"not asked, the caller's", same, Declared, "the caller's session"},
		{"not asked, own", func(c *Case) { c.Evidence.Inside.Sid.Value = 2 }, Pass, "own session"},
		{"not asked, host", hostTerminal, Declared, "process.terminal is host"},
		{"not asked, unread", func(c *Case) { lost(&c.Evidence.Inside.Sid) }, Unknown, "EIO"},
		{"the caller's terminal", callersSession(callers.Device), Declared, "136:1"},
		{"a session without", callersSession(0), Pass, "no terminal"},
		{"unread", func(c *Case) { lost(&c.Evidence.Outside.Session) }, Unknown, "EIO"},
		{"relayed in the caller's session", in(func(s *evidence.Session) { s.ID = 10 }), Fail, "the caller's session"},
		{"relayed on another terminal", in(func(s *evidence.Session) { s.Terminal = callers.Device }), Fail, "not the terminal"},
		{"relayed in the background", in(func(s *evidence.Session) { s.Foreground = 71 }), Fail, "foreground"},
		{"relayed in netjail's group", in(func(s *evidence.Session) { s.Group, s.Foreground = 60, 60 }), Fail, "foreground"},
		{"relayed, unread", all(led, func(c *Case) { lost(&c.Evidence.Outside.Session) }), Unknown, "EIO"},
		{"relayed, netjail's own unread", all(led, func(c *Case) { lost(&c.Evidence.Session) }), Unknown, "EIO"},
		{"relayed, the number unread", all(led, func(c *Case) { c.Evidence.Terminal = nil }), Unknown, "did not tell"},
	}
}

// A session that the reaper leads is the jail's own, with a PID namespace and
// without.
func ledRows() map[string][]row {
	withoutPID := all(led, hostNS(ns.PID), func(c *Case) {
		c.Evidence.Inside.Sid.Value, c.Evidence.Inside.Pgrp.Value = 71, 72
		c.Evidence.Reaper.NSPids.Value = []int{71}
		c.Evidence.Reaper.Namespaces = c.Evidence.Outside.Namespaces
	})
	return map[string][]row{
		"proc.group": {
			{"led", led, Pass, "own group, own session"},
			{"led without a PID namespace", withoutPID, Pass, "own group, own session"},
		},
		"proc.reaper": {
			{"led without a PID namespace", withoutPID, Pass, "not dumpable"},
			{"led without a PID namespace, dumpable", all(withoutPID, func(c *Case) { c.Evidence.Reaper.Dumpable.Value = true }), Fail, "trace"},
			{"led without a PID namespace, nobody looked", all(withoutPID, func(c *Case) { c.Evidence.Reaper = nil }), Unknown, "nobody looked"},
		},
	}
}
