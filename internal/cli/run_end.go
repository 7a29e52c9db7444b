package cli

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/internal/runner"
)

// The words of --at.
const (
	atStart = "start"
	atExit  = "exit"
)

// formChoice are the forms of a report that is kept, JSON first.
func formChoice() *choice {
	words := []string{"json"}
	for _, w := range report.Formats() {
		if w != words[0] {
			words = append(words, w)
		}
	}
	return oneOf(words...)
}

// notYet is what a report says that is written at the start: where netjail is
// killed, nobody has looked at the end.
const notYet = "the command has not ended yet, or netjail was killed"

// endReport is what the report says of the end.
func (j *jail) endReport() *report.AtExit {
	if j.end == nil {
		return &report.AtExit{Why: notYet}
	}
	return j.end
}

// keepEnd judges what was read at the command's end.
func (j *jail) keepEnd(result *runner.Result) {
	if !j.atExit || result == nil {
		return
	}
	j.end = &report.AtExit{Why: result.NoEnding, Ended: endedText(result)}
	e := result.Ending
	if e == nil {
		return
	}
	j.end.Made, j.end.Why, j.end.Moving, j.end.Vanished = true, e.Missing, e.Moving, e.Vanished
	if len(e.Processes) < 2 {
		j.end.Moving = "" // nobody else was there
	}
	for i := range e.Processes {
		j.end.Processes = append(j.end.Processes, j.judgeEnd(&e.Processes[i]))
	}
}

// judgeEnd is what is said of one process.
func (j *jail) judgeEnd(p *evidence.EndProcess) report.EndProcess {
	r := report.EndProcess{PID: p.PID, Name: p.Name, Command: p.Command, Why: p.Why}
	if p.Target == nil {
		return r
	}
	r.Program, r.Threads = p.Target.Exe.Value, p.Target.Threads
	if j.began == nil {
		r.Why = "nobody has seen in which namespaces the command was started"
		return r
	}
	r.Findings = audit.ObserveAtEnd(j.plan.Policy, j.began, p.Target)
	return r
}

// endedText says how the command ended.
func endedText(result *runner.Result) string {
	text := "exit " + strconv.Itoa(result.Status.ExitStatus())
	if result.Status.Signaled() {
		text = "killed by " + unix.SignalName(result.Status.Signal())
	}
	if result.TimedOut {
		text += ", its time was over"
	}
	return text
}

// reportEnd writes the report again, with the end in it, and says what stands
// against that.
func (c *call) reportEnd(j *jail, out *reportFile, s status) status {
	if !j.atExit || j.end == nil {
		return s
	}
	if err := out.write(j.report(report.Started)); err != nil {
		c.explain(err)
		return atEndStatus(s)
	}
	switch {
	case j.end.Verdict() == report.ExitPass, j.plan.Policy.Audit.Mode == policy.AuditReport:
		return s
	case j.end.Verdict() == report.ExitFail:
		c.explain(&fault{message: "at the command's end " + endFailures(j.end), help: "see atExit in " + out.path, bare: true})
	default:
		c.explain(&fault{message: "what was alive at the command's end could not all be told" + endGap(j.end), help: "see atExit in " + out.path, bare: true})
	}
	return atEndStatus(s)
}

// atEndStatus is the status of a run whose end was not as it should be: the
// command's own, unless that says that all is well.
func atEndStatus(s status) status {
	if s == exit(exitOK) {
		return exit(exitAtEnd)
	}
	return s
}

// mostEndFailures is how many processes are told of one by one.
const mostEndFailures = 4

// endFailures names what failed, and in which process.
func endFailures(end *report.AtExit) string {
	var parts []string
	more := 0
	for i := range end.Processes {
		p := &end.Processes[i]
		checks := p.Failed()
		switch {
		case len(checks) == 0:
		case len(parts) == mostEndFailures:
			more++
		default:
			parts = append(parts, "process "+strconv.Itoa(p.PID)+" "+strconv.QuoteToASCII(p.Name)+" failed "+strings.Join(checks, ", "))
		}
	}
	text := strings.Join(parts, "; ")
	if more > 0 {
		text += "; and " + strconv.Itoa(more) + " more"
	}
	return text
}

// endGap says why not all is known, where there is one reason.
func endGap(end *report.AtExit) string {
	if end.Why == "" {
		return ""
	}
	return ": " + end.Why
}
