package report

import "github.com/netjail/netjail/internal/audit"

func atExitObject() object[AtExit] {
	return object[AtExit]{
		word("verdict", "What came of it: not asked, without --at exit; not made, as in a report that was written at the start; pass, fail, unknown.",
			(*AtExit).verdictOf, ExitVerdicts()),
		text("why", "Why nobody looked, or why what was read may not be all.", func(a *AtExit) string { return a.Why }),
		text("moving", "Why what the command left may have run while it was read; empty where everything stood still.", func(a *AtExit) string { return a.Moving }),
		text("ended", "How the command ended, such as \"exit 0\"; empty where that is not known.", func(a *AtExit) string { return a.Ended }),
		count("vanished", "Processes that ended by themselves before they had been read whole.", func(a *AtExit) int { return a.Vanished }),
		parts("processes", "Everything that was alive, the command first.", endProcessObject(), func(a *AtExit) []EndProcess { return a.Processes }),
	}
}

// verdictOf is Verdict of a look that was not asked for as well: its zero stands for
// none in a report.
func (a *AtExit) verdictOf() string {
	if !a.Made && a.Why == "" {
		return ExitNotAsked
	}
	return a.Verdict()
}

// atExit is the look at the end, or an empty one.
func (r *Report) atExit() AtExit {
	if r.AtExit == nil {
		return AtExit{}
	}
	return *r.AtExit
}

func endProcessObject() object[EndProcess] {
	return object[EndProcess]{
		count("pid", "Its number in netjail's pid namespace.", func(p *EndProcess) int { return p.PID }),
		text("name", "Its name, in whatever bytes it chose.", func(p *EndProcess) string { return p.Name }),
		text("program", "Its executable file as it is called in the jail; empty where that is not known.", func(p *EndProcess) string { return p.Program }),
		boolean("command", "It is the command itself, held at its end, and not something that it left.", func(p *EndProcess) bool { return p.Command }),
		count("threads", "Threads that were read.", func(p *EndProcess) int { return p.Threads }),
		text("why", "Why nothing of it could be read; empty where it was.", func(p *EndProcess) string { return p.Why }),
		texts("cannotTell", "Checks that cannot be made of a running process from outside.", (*EndProcess).untold),
		parts("findings", "The answer of every other check.", findingObject(), func(p *EndProcess) []audit.Finding { return p.told() }),
	}
}
