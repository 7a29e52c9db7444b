package audit

import (
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var procEnter = Rule{
	ID:       "proc.enter",
	Proves:   "Nobody but the command and netjail's pid 1 is in a namespace that was made for the command: what somebody who enters has open, the command can take. Who lives in one that it has joined is told.",
	Evidence: "readlink(2) of /proc/PID/ns of every process, and of every thread, by netjail; of those of other users uid_map, the first line of mountinfo and the inode of net/dev, which the kernel tells everybody; the processes that the jail's own /proc lists, as netjail reads it below /proc/PID/root",
	Control:  "the command and pid 1, which must be found in each of the namespaces, and in the jail's own /proc",
	Remedy:   "find out who started the process and have it leave: it was brought in from outside (nsenter(1), another netjail, an agent of the host's)",
	Key:      "namespaces",
	Judge:    judgeEnter,
}

func judgeEnter(c *Case) Finding {
	f := Finding{Expected: "the command and netjail's own"}
	s, ok := c.counted(&f)
	if !ok {
		return f
	}
	p := c.populationOf(s)
	switch why := c.uncounted(s); {
	case len(p.entered)+len(p.unplaced) > 0:
		f.Found = several(append(residentWords(p.entered), unplacedWords(p.unplaced)...))
		return f.fail("somebody has entered the jail from outside")
	case why != "":
		return f.unknown(why)
	case len(s.Perhaps) > 0:
		return f.unknown("not told: " + perhapsTexts(s.Perhaps) + " may be in the user namespace: its ids are mapped as there, and it is not dumpable")
	}
	f.Found = c.residentsText(s)
	if n := len(p.inhabitants); n > 0 {
		f.Found += "; in what is joined also " + several(residentWords(p.inhabitants))
	}
	switch {
	case c.hidden(s):
		return f.unobservable(c.hiddenNote())
	case c.joinsAny():
		return f.declared("who is in a namespace that is joined was there before, or may enter as the command did: " + list(c.joinedKinds()) + c.closedNote(s))
	}
	return f.as(Pass, strings.TrimPrefix(c.closedNote(s), "; "))
}

// closedNote says what is not known of processes of other users.
func (c *Case) closedNote(s *evidence.Census) string {
	var untold []string
	for _, k := range []ns.Kind{ns.IPC, ns.UTS, ns.Cgroup, ns.Time} {
		if s.Sought[k] != 0 {
			untold = append(untold, k.String())
		}
	}
	if s.Closed == 0 || untold == nil {
		return ""
	}
	return "; not told of " + number(s.Closed) + " that netjail may not trace: whether they are in its " + strings.Join(untold, ", ") +
		" namespace, where only who has power over netjail itself could have put them"
}

func unplacedWords(all []evidence.Relative) []string {
	texts := make([]string, len(all))
	for i := range all {
		texts[i] = "number " + number(all[i].PID) + " of the jail's pid namespace, \"" + all[i].Name + "\""
	}
	return texts
}

func perhapsTexts(all []evidence.Relative) string {
	texts := make([]string, len(all))
	for i := range all {
		texts[i] = relativeText(&all[i])
	}
	return several(texts)
}

func (c *Case) joinsAny() bool { return len(c.joinedKinds()) > 0 }

// joinedKinds are the namespaces that the command has joined, by name.
func (c *Case) joinedKinds() []string { return kindsOf(c.joins) }

func kindsOf(is func(ns.Kind) bool) (names []string) {
	for _, k := range ns.All() {
		if is(k) {
			names = append(names, k.String())
		}
	}
	return names
}
