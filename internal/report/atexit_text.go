package report

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/markup"
)

// atExit writes what was alive at the command's end.
func (p *printer) atExit(a *AtExit) {
	if a == nil {
		return
	}
	p.line("")
	p.line(p.paint(headings[a.group()].color, "at exit") + ": " + a.Verdict())
	p.item("command", a.Ended)
	p.item("why", a.Why)
	p.item("still", a.Moving)
	if a.Vanished > 0 {
		p.item("vanished", plural(a.Vanished, "process", "processes")+" before they had been read")
	}
	for i := range a.Processes {
		p.endProcess(&a.Processes[i])
	}
}

// group is the group whose colour the verdict has.
func (a *AtExit) group() group {
	switch a.Verdict() {
	case ExitPass:
		return groupPass
	case ExitFail:
		return groupFail
	}
	return groupUnknown
}

// endProcess writes one process: what stands against it in full, what passed by
// name.
func (p *printer) endProcess(e *EndProcess) {
	p.line("")
	p.below("", nameColumn, e.title())
	p.item("program", e.Program)
	p.item("unknown", e.Why)
	for g := range groups {
		list := e.ofGroup(g)
		switch {
		case len(list) == 0:
		case g == groupPass || g >= groupNotApplicable:
			names := make([]string, 0, len(list))
			for i := range list {
				names = append(names, list[i].Check)
			}
			p.below("  "+headings[g].word+" ("+strconv.Itoa(len(list))+")", sideColumn, strings.Join(names, " "))
		default:
			p.line("  " + p.paint(headings[g].color, headings[g].word) + " (" + strconv.Itoa(len(list)) + ")")
			for i := range list {
				p.finding(g, &list[i])
			}
		}
	}
}

// atExit writes the same as a section of its own: each process is folded away
// unless something stands against it.
func (m *markdown) atExit(a *AtExit) {
	if a == nil {
		return
	}
	m.line("#### At exit: " + a.Verdict() + "\n")
	for i := range a.Processes {
		e := &a.Processes[i]
		body := func() {
			m.endProcess(e)
		}
		if e.Why != "" || len(e.ofGroup(groupFail))+len(e.ofGroup(groupUnknown)) > 0 {
			m.line(markup.Cell(e.title()) + "\n")
			body()
			m.line("")
			continue
		}
		m.fold(markup.Cell(e.title()), body)
	}
}

func (m *markdown) endProcess(e *EndProcess) {
	if e.Why != "" {
		m.line(markup.Cell(e.Why))
		return
	}
	m.row("answer", "check", "statement", "evidence")
	m.row("---", "---", "---", "---")
	for g := range groupNotAttempted {
		for _, f := range e.ofGroup(g) {
			m.row(headings[g].word, markup.Code(f.Check), markup.Cell(statement(&f)), markup.Cell(f.Source))
		}
	}
	m.row("cannot be told at the end", "", markup.Cell(strings.Join(e.untold(), " ")), "")
}
