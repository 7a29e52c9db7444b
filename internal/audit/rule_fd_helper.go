package audit

import (
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var fdHelper = Rule{
	ID:       "fd.helper",
	Proves:   "No other process in the jail has a descriptor, a root or a working directory that leads out of it: the command could take it by /proc/PID/fd, /proc/PID/cwd or pidfd_getfd(2).",
	Evidence: "/proc/PID/fd, fdinfo, root and cwd of every process that proc.enter finds, of each thread that has its own, and copies of their sockets; /proc/PID/fd of netjail's pid 1 before it turned non-dumpable",
	Control:  "those of proc.enter: the count must find the command and pid 1",
	Remedy:   "find out who started the process and have it leave; who has to enter a jail closes everything before, and stands in its tree",
	Key:      "namespaces",
	Judge:    judgeHelper,
}

func judgeHelper(c *Case) Finding {
	f := Finding{Expected: "nothing that leads out of the jail"}
	s, ok := c.counted(&f)
	if !ok {
		return f
	}
	f.Source = joinSources(f.Source, "/proc/PID/fd")
	p := c.populationOf(s)
	h := c.helpersOf(&p, s)
	why := c.uncounted(s)
	switch {
	case len(h.out) > 0:
		f.Found = several(h.out)
		return f.fail("the command could take it")
	case why != "":
		return f.unknown(why)
	case len(h.unread) > 0:
		return f.unknown("what it has open was not read: " + several(h.unread))
	}
	f.Found = several(append(h.held, restText(len(p.entered))))
	switch {
	case c.hidden(s):
		return f.unobservable(c.hiddenNote())
	case len(p.inhabitants) > 0:
		return c.inhabitantsHold(f, p.inhabitants)
	}
	return f.pass()
}

// helpersOf is what pid 1 has open, and whoever has entered.
func (c *Case) helpersOf(p *population, s *evidence.Census) helpers {
	h := helpers{c: c}
	for _, r := range p.entered {
		h.add(r)
	}
	h.addReaper()
	for i := range p.unplaced {
		h.unread = append(h.unread, "number "+number(p.unplaced[i].PID)+" of the jail's pid namespace, which netjail's /proc does not show")
	}
	for i := range s.Perhaps {
		h.unread = append(h.unread, relativeText(&s.Perhaps[i])+", which may be in the jail")
	}
	return h
}

func restText(n int) string {
	if n == 0 {
		return "nobody else"
	}
	return count(n, "other") + ", with nothing that the command has not"
}

// inhabitantsHold tells what those have open who live in what is joined.
func (c *Case) inhabitantsHold(f Finding, inhabitants []*evidence.Resident) Finding {
	h := helpers{c: c}
	for _, r := range inhabitants {
		h.add(r)
	}
	f.Found = several(append(append([]string{f.Found}, h.out...), h.unread...))
	note := "they live in " + strings.Join(c.joinedKinds(), ", ") + ", which is joined: what leads out of it, the command may take of whoever has its id"
	if c.Policy.New(ns.PID) {
		note += " as soon as it sees them: its pid namespace is its own"
	}
	return f.declared(note)
}
