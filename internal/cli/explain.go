package cli

import (
	"errors"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// refused is what plan.Build will not do on this host, with where the keys were
// written.
type refused struct {
	err     error
	origins policy.Origins
}

func (e *refused) Error() string { return e.err.Error() }

// Unwrap gives plan's error.
func (e *refused) Unwrap() error { return e.err }

// explain writes an error, with its cause and what to do, to stderr.
func (a *app) explain(err error) {
	color := a.colored(a.stderr)
	var p *problems
	var text []byte
	if errors.As(err, &p) {
		text = diag.Text{Source: p.sources.text, Color: color}.Append(nil, p.list)
	} else {
		for _, f := range faultsOf(err) {
			text = f.append(text, color)
		}
	}
	a.stderr.Write(text)
}

// faultsOf turns an error into what a user reads.
func faultsOf(err error) []*fault {
	var f *fault
	var r *refused
	var judged *auditError
	switch {
	case errors.As(err, &f):
		return []*fault{f}
	case errors.As(err, &r):
		return refusalFaults(r)
	case errors.As(err, &judged):
		return findingFaults(judged.findings)
	}
	return []*fault{startFault(err)}
}

// refusalFaults: one for each key that this host cannot enforce.
func refusalFaults(r *refused) []*fault {
	var all *multierror.Error
	if !errors.As(r.err, &all) {
		return []*fault{{message: r.err.Error()}}
	}
	var faults []*fault
	for _, err := range all.Errors {
		var one *plan.Refusal
		if !errors.As(err, &one) {
			faults = append(faults, &fault{message: err.Error()})
			continue
		}
		faults = append(faults, &fault{
			message: "this host cannot enforce " + one.Key + " (" + r.origins.Of(one.Key).String() + ")",
			cause:   one.Cause, help: one.Help,
		})
	}
	return faults
}

// findingFaults: one for each check that stands against the start.
func findingFaults(findings []audit.Finding) []*fault {
	if len(findings) == 0 {
		return []*fault{{
			message: "the audit refused: not every check was made",
			help:    "this is a defect of netjail; the command never ran",
		}}
	}
	faults := make([]*fault, 0, len(findings))
	for i := range findings {
		faults = append(faults, findingFault(&findings[i]))
	}
	return faults
}

func findingFault(f *audit.Finding) *fault {
	verdict := "failed"
	if f.Verdict == audit.Unknown {
		verdict = "could not be told"
	}
	cause := ""
	for _, part := range []struct{ label, text string }{
		{"expected ", f.Expected}, {"found ", f.Found}, {"", f.Note}, {"seen in ", f.Source},
	} {
		if part.text != "" {
			if cause != "" {
				cause += "; "
			}
			cause += part.label + part.text
		}
	}
	help := ""
	if rule, ok := audit.Lookup(f.Check); ok {
		help = rule.Remedy
	}
	return &fault{message: "the audit refused: " + f.Check + " " + verdict, cause: cause, help: help}
}

// startFault explains what the runner, or anything below it, reports.
func startFault(err error) *fault {
	// Errors that were joined stand on lines of their own.
	f := &fault{message: strings.ReplaceAll(err.Error(), "\n", "; ")}
	var clone *runner.CloneError
	var step *runner.StepError
	var mapper *runner.MapperError
	var proc *host.ProcError
	switch {
	case errors.As(err, &proc):
		f.cause, f.help = proc.Cause, proc.Help
	case errors.As(err, &clone):
		e := host.ExplainClone(clone.Errno, clone.Flags, clone.NoClone3)
		f.message, f.cause, f.help = clone.Error(), e.Cause, e.Help
	case errors.As(err, &mapper):
		e := host.ExplainMapper(mapper.Words)
		f.cause, f.help = e.Cause, e.Help
	case errors.As(err, &step):
		f.message = step.Error()
		f.cause = step.Op.Why
		if step.Op.Key != "-" {
			f.cause = step.Op.Key + ": " + f.cause
		}
		if e, ok := host.ExplainOp(step.Op, step.Errno); ok {
			f.cause, f.help = e.Cause, e.Help
		}
	}
	return f
}
