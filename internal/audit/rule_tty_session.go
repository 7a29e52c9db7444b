package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

var ttySession = Rule{
	ID:       "tty.session",
	Proves:   "Where 0, 1 and 2 are all the caller's terminal, the command is in a session of its own, in the foreground of a terminal that netjail made. Otherwise it stays in the caller's session, into whose terminal the filter lets it type nothing.",
	Evidence: "/proc/PID/stat of the command and of netjail, and the device that netjail made; without a terminal among 0 to 2, getsid(2) by the jailed process",
	Control:  "none needed: the fields are there for every process",
	Remedy:   "write `terminal: isolated`; `setsid netjail …` starts without the caller's terminal",
	Key:      "process.terminal",
	Judge:    judgeSession,
}

func judgeSession(c *Case) Finding {
	got := c.Evidence.Outside.Session
	if after := c.Evidence.AfterExec; after != nil && after.Session.Known {
		got = after.Session
	}
	f := Finding{Side: SideOutside, Source: got.Source}
	if c.Expect.Leads {
		return c.ledSession(f, got)
	}
	f.Expected = "the caller's session"
	if !got.Known && got.Source == "" {
		return c.sessionInside(f)
	}
	if why := missing(got); why != "" {
		return f.unknown(why)
	}
	if got.Value.Terminal == 0 {
		f.Found = "no terminal"
		return f.pass()
	}
	f.Found = "a session with the terminal " + deviceText(got.Value.Terminal)
	return c.declaredSession(f)
}

// ledSession judges a session that was made for the command.
func (c *Case) ledSession(f Finding, got evidence.Fact[evidence.Session]) Finding {
	f.Expected = "a session of its own, in the foreground of a terminal that netjail made"
	own := c.Evidence.Session
	if why := cmp.Or(missing(got), missing(own)); why != "" {
		return f.unknown(why)
	}
	if c.Evidence.Terminal == nil {
		return f.unknown("the terminal that netjail made did not tell its number")
	}
	f.Source += ", " + own.Source
	s := got.Value
	f.Found = "session " + number(s.ID) + ", terminal " + deviceText(s.Terminal) + ", group " + number(s.Group) + ", in the foreground " + number(s.Foreground)
	switch {
	case s.ID == own.Value.ID || s.ID == 0:
		return f.fail("it is the caller's session")
	case s.Terminal != c.Evidence.Terminal.Device:
		return f.fail("it is not the terminal that netjail made")
	case s.Group != s.Foreground || s.Group == own.Value.Group:
		return f.fail("the command is not in the terminal's foreground")
	}
	return f.pass()
}

// sessionInside goes by what the process itself says: nothing that the command
// holds is a terminal, and the look from outside is left to a full audit.
func (c *Case) sessionInside(f Finding) Finding {
	sid := c.Evidence.Inside.Sid
	f.Side, f.Source = SideInside, sid.Source
	if why := missing(sid); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = c.leader("session", sid.Value)
	if c.ownLeader(sid.Value) {
		return f.pass()
	}
	return c.declaredSession(f)
}

func (c *Case) declaredSession(f Finding) Finding {
	if c.Policy.Process.Terminal == policy.TerminalHost {
		return f.declared("process.terminal is host: the session's terminal is the caller's")
	}
	return f.declared("for job control: 0, 1 and 2 are not all a terminal; the filter keeps the command from typing into the session's")
}

// deviceText is "136:3"; 0 is none.
func deviceText(n uint64) string {
	if n == 0 {
		return "none"
	}
	return number(int(n>>8&0xfff)) + ":" + number(int(n&0xff|n>>12&0xfff00))
}
