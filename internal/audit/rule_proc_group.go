package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/ns"
)

var procGroup = Rule{
	ID:       "proc.group",
	Proves:   "Whose process group and session the command is in: a shared group is what kill(0) reaches, whatever the namespaces.",
	Evidence: "getpgid(2) and getsid(2) by the jailed process; 0 means that the leader is outside its PID namespace",
	Control:  "none needed: both calls answer for every process",
	Remedy:   "start netjail in a process group of its own, as `setsid netjail …` does: then kill(0) reaches netjail and nobody else",
	Key:      "-",
	Judge:    judgeGroup,
}

func judgeGroup(c *Case) Finding {
	in := &c.Evidence.Inside
	f := Finding{Side: SideInside, Expected: "the caller's, for job control", Source: in.Pgrp.Source + ", " + in.Sid.Source}
	if why := cmp.Or(missing(in.Pgrp), missing(in.Sid)); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = c.leader("group", in.Pgrp.Value) + ", " + c.leader("session", in.Sid.Value)
	if c.ownLeader(in.Pgrp.Value) && c.ownLeader(in.Sid.Value) {
		return f.pass()
	}
	if c.ownLeader(in.Pgrp.Value) {
		return f.declared("the session, and so its terminal, is the caller's")
	}
	if c.Expect.Scoped {
		return f.declared("the terminal's signals are for the caller's group; those of the command stay in the jail (proc.signal)")
	}
	return f.declared("kill(0) of the command reaches the caller's process group as far as the uid may signal it")
}

// ownLeader says whether a group or session is the jail's own: its leader is in
// the new PID namespace, or is the command itself or the reaper.
func (c *Case) ownLeader(id int) bool {
	if c.Policy.New(ns.PID) {
		return id != 0
	}
	if r := c.Evidence.Reaper; c.Expect.Leads && r != nil && id == r.PID {
		return id != 0
	}
	return id == c.Evidence.Outside.PID && id != 0
}

func (c *Case) leader(what string, id int) string {
	if c.ownLeader(id) {
		return "own " + what
	}
	return "the caller's " + what
}
