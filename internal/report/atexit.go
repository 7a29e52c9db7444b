package report

import (
	"strconv"

	"github.com/netjail/netjail/internal/audit"
)

// AtExit is what was said of everything that was alive when the command came to its
// end.
type AtExit struct {
	// Made says that somebody looked; Why, where nobody did, why not, and otherwise
	// why what was read may not be all.
	Made bool
	Why  string
	// Moving says why what the command left may have run while it was read; empty
	// where everything stood still.
	Moving string
	// Ended is how the command ended, such as "exit 0".
	Ended string
	// Vanished is how many processes ended before they had been read whole.
	Vanished  int
	Processes []EndProcess
}

// EndProcess is one process that was alive.
type EndProcess struct {
	PID     int // in netjail's pid namespace
	Name    string
	Program string // its executable file as it is called in the jail; empty where that is not known
	Command bool   // the command itself, at its end, and not something that it left
	Threads int    // that were read
	// Why says why nothing could be read; empty where it was.
	Why      string
	Findings []audit.Finding
}

// The words for what came of the look at the end. "not made" is what a report says
// that was written at the start, until another takes its place.
const (
	ExitNotAsked = "not asked"
	ExitNotMade  = "not made"
	ExitPass     = "pass"
	ExitFail     = "fail"
	ExitUnknown  = "unknown"
)

// ExitVerdicts lists every word.
func ExitVerdicts() []string {
	return []string{ExitNotAsked, ExitNotMade, ExitPass, ExitFail, ExitUnknown}
}

// Verdict is what came of the look: what fails weighs more than what could not be
// told.
func (a *AtExit) Verdict() string {
	switch {
	case a == nil:
		return ExitNotAsked
	case !a.Made:
		return ExitNotMade
	}
	c := a.counts()
	switch {
	case c.Fail+c.Open > 0:
		return ExitFail
	case c.Unknown > 0 || a.incomplete() != "":
		return ExitUnknown
	}
	return ExitPass
}

// counts are the numbers of findings over all processes.
func (a *AtExit) counts() (c Counts) {
	if a == nil {
		return c
	}
	for i := range a.Processes {
		for k := range a.Processes[i].Findings {
			c.add(&a.Processes[i].Findings[k])
		}
	}
	return c
}

// unread is how many processes could not be read.
func (a *AtExit) unread() (n int) {
	for i := range a.Processes {
		if a.Processes[i].Why != "" {
			n++
		}
	}
	return n
}

func (a *AtExit) hasCommand() bool {
	for i := range a.Processes {
		if a.Processes[i].Command {
			return true
		}
	}
	return false
}

// text is what came of it in one line.
func (a *AtExit) text() string {
	text := "at exit: " + a.Verdict()
	if !a.Made {
		return text + "; " + a.Why
	}
	c := a.counts()
	text += "; " + plural(len(a.Processes), "process", "processes") + ": "
	for _, n := range []struct {
		count int
		word  string
	}{{c.Fail, "fail"}, {c.Unknown, "unknown"}, {c.Declared, "declared"}} {
		if n.count > 0 {
			text += strconv.Itoa(n.count) + " " + n.word + ", "
		}
	}
	return text + strconv.Itoa(c.Pass) + " pass"
}

// facts are what is said of the look beside its findings.
func (a *AtExit) facts() []Fact {
	if a == nil {
		return nil
	}
	all := []Fact{{"at exit", a.Verdict()}, {"at exit, command", a.Ended}, {"at exit, why", a.Why}, {"at exit, still", a.Moving}}
	if a.Vanished > 0 {
		all = append(all, Fact{"at exit, vanished", strconv.Itoa(a.Vanished)})
	}
	return all
}

// title names a process: `process 12 "sleep", left running, 2 threads`.
func (p *EndProcess) title() string {
	what := ", left running, "
	if p.Command {
		what = ", the command at its end, "
	}
	return p.label() + what + plural(p.Threads, "thread", "threads")
}

// label is its number and name.
func (p *EndProcess) label() string {
	return "process " + strconv.Itoa(p.PID) + " \"" + p.Name + "\""
}

// told are the findings that say something of the process, and untold the checks
// that cannot at the end.
func (p *EndProcess) told() (told []audit.Finding) {
	for i := range p.Findings {
		if p.Findings[i].Scope == audit.Examined {
			told = append(told, p.Findings[i])
		}
	}
	return told
}

func (p *EndProcess) untold() (checks []string) {
	for i := range p.Findings {
		if p.Findings[i].Scope != audit.Examined {
			checks = append(checks, p.Findings[i].Check)
		}
	}
	return checks
}

// Failed are the checks that failed.
func (p *EndProcess) Failed() (checks []string) {
	for _, f := range p.ofGroup(groupFail) {
		checks = append(checks, f.Check)
	}
	return checks
}

// ofGroup are the findings of one group.
func (p *EndProcess) ofGroup(g group) []audit.Finding { return ofGroup(p.Findings, g) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
