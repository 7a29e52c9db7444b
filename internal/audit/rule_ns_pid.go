package audit

import (
	"cmp"
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var nsPID = Rule{
	ID:       "ns.pid",
	Proves:   "The command is in a PID namespace of its own, or in netjail's where the profile says so.",
	Evidence: nsEvidence + "; of one that is joined, pid_for_children of the process that makes the command in it, and what /proc/PID/status tells of the command's own before execve(2)",
	Control:  nsControl,
	Remedy:   "set namespaces.pid to new; in a shared one kill(2) and prlimit(2) reach every process of the same uid",
	Key:      "namespaces.pid",
	Judge:    judgePID,
}

// judgePID tells what a joined pid namespace rests on: setns(2) leaves the process
// where it is, and what it makes next is in there.
func judgePID(c *Case) Finding {
	f := judgeNamespace(c, ns.PID)
	if !c.joins(ns.PID) || f.Verdict != Declared {
		return f
	}
	e := c.Evidence.Entered
	if e == nil {
		return f.unknown("nobody looked at the process that becomes the command")
	}
	f.Source += ", " + e.NSPids.Source
	if why := unreadEntered(e, &c.Evidence.Outside); why != "" {
		return f.unknown("the process that becomes the command: " + why)
	}
	if why := c.strange(e); why != "" {
		return f.fail("the process that becomes the command " + why)
	}
	f.Basis = BasisByRule
	if heldWith(c, func(p *evidence.Process) evidence.Fact[evidence.NamespaceID] { return p.Namespaces[ns.PID] }) {
		f.Basis = BasisAfterExec
	}
	return f.declared(f.Note + "; they can signal it as far as its user may, and what it leaves behind outlives it")
}

// unreadEntered says which of the facts is missing that the two processes must have
// in common.
func unreadEntered(e, maker *evidence.Process) string {
	for _, p := range [...]*evidence.Process{e, maker} {
		if why := cmp.Or(missing(p.NSPids), missing(p.Caps), missing(p.UIDs), missing(p.GIDs), missing(p.Groups),
			missing(p.NoNewPrivs), missing(p.Seccomp)); why != "" {
			return why
		}
	}
	return ""
}

// strange says what is wrong with the process that becomes the command: it is to be
// one level deeper at least than the one that made it, and like that in everything
// else.
func (c *Case) strange(e *evidence.Process) string {
	maker := &c.Evidence.Outside
	switch {
	case len(e.NSPids.Value) <= len(maker.NSPids.Value):
		return "is in the pid namespace of the one that made it"
	case e.Caps.Value != maker.Caps.Value:
		return "has other capabilities than the one that netjail looked at"
	case e.UIDs.Value != maker.UIDs.Value || e.GIDs.Value != maker.GIDs.Value || !slices.Equal(e.Groups.Value, maker.Groups.Value):
		return "has other ids than the one that netjail looked at"
	case e.NoNewPrivs.Value != maker.NoNewPrivs.Value || e.Seccomp.Value != maker.Seccomp.Value:
		return "is under another filter than the one that netjail looked at"
	case e.Dumpable.Known && e.Dumpable.Value:
		return "could be traced by a process of the namespace before its execve(2)"
	}
	return ""
}
