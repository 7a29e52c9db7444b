package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/ns"
)

var procHostname = Rule{
	ID:       "proc.hostname",
	Proves:   "The command sees the declared host name.",
	Evidence: "uname(2) by the jailed process",
	Control:  "none needed: a read-back",
	Remedy:   "process.hostname takes effect only with namespaces.uts: new",
	Key:      "process.hostname",
	Judge:    judgeHostname,
}

func judgeHostname(c *Case) Finding {
	got := c.Evidence.Inside.Hostname
	f := Finding{
		Side: SideInside, Source: got.Source,
		Expected: cmp.Or(c.Policy.Process.Hostname, c.Expect.Hostname),
	}
	if why := missing(got); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = got.Value
	switch {
	case c.joins(ns.UTS):
		f.Expected = "any"
		return f.declared("namespaces.uts is joined: the name is that namespace's")
	case f.Expected == "":
		return f.unknown("nobody said which name the host has")
	case f.Found != f.Expected:
		return f.fail("uname(2) says another name")
	}
	return f.pass()
}
