package cli

import (
	"bytes"
	"flag"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/report"
)

func auditCommand() *command {
	return &command{
		name: "audit", args: "[--format FORMAT] [--verbose] [--baseline FILE] [--digest SHA256] [--writable PATH]… [--env NAME]… [--fd N]… PROFILE [-- CMD [ARG…]] | --pid N [PROFILE]",
		brief: "report on a profile, applied to a command that never runs, or on a running process",
		text: []string{
			"Does everything that `run` does, with the dear attempts as well, stops the command at its first instruction, reads it again, and ends it there. The report says for each check what was declared, what was found and from which side, names what a setting of the whole host leaves open under every profile, and lists the channels that no check looks at.",
			"Without CMD the command is netjail's own program.",
			"With --pid the process N is read, whoever started it and however: every thread of it, by /proc, the namespaces' files and a pidfd, without stopping, asking or changing it. Each check is then judged against PROFILE. Without PROFILE each channel is open, closed or unknown, as netjail's own namespaces see it. What takes an attempt, or a reading by the process itself, is said to be unknown and never passes. What netjail may not read of another user's process takes root.",
			"With --baseline it tells only what changed since a report that was stored as JSON, and exits with 1 where something changed for the worse, whatever else stands in the report.",
		},
		min: 0, max: 1, tail: tailDashed, exits: exitsOfRest,
		examples: []example{
			{"netjail audit offline", "what a command under `offline` would find on this host"},
			{"netjail audit --format sarif ./ci.yaml > netjail.sarif", "for a code scanning page: each finding at its line of the profile"},
			{"netjail audit --format json ./ci.yaml -- /usr/bin/python3", "for one program, as JSON"},
			{"netjail audit --pid 4711", "what a container, a service or any other process leaves open"},
			{"netjail audit --baseline audit.json ./ci.yaml", "what changed since audit.json was written by --format json"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &auditOptions{format: oneOf(report.Formats()...)}
			fs.Var(o.format, "format", "`FORMAT` of the report: text, json, sarif, junit or markdown")
			fs.BoolVar(&o.verbose, "verbose", false, "name the evidence of what passed, and say what each channel is")
			fs.StringVar(&o.baseline, "baseline", "", "compare with the report in `FILE`, which --format json or run --report wrote")
			fs.StringVar(&o.pid, "pid", "", "report on the running process with the number `N`")
			fs.StringVar(&o.at, "at", "", "")
			fs.BoolVar(&o.stage, "stage", false, "")
			o.runs = true
			o.declarePin(fs)
			o.declareAdditions(fs)
			return o.run
		},
	}
}

type auditOptions struct {
	selection
	format         *choice
	pid, baseline  string
	at             string // a flag of run's, to say so
	stored         *report.Stored
	verbose, stage bool
}

// stub is the default command of an audit: netjail's own program, by the link
// that leads to it also where the command's user could not find it.
const stub = "/proc/self/exe"

func (o *auditOptions) run(c *call) status {
	if o.at != "" {
		return c.misuse(exitUsage, &usageError{"audit: --at is a flag of `netjail run`: here the command ends before its first instruction", "write `netjail run --report FILE --at exit PROFILE CMD`, or audit what runs with --pid N"})
	}
	if o.baseline != "" {
		if s, ok := o.readBaseline(c); !ok {
			return s
		}
	}
	if o.pid != "" {
		return o.observe(c)
	}
	if len(c.args) == 0 {
		return c.misuse(exitUsage, &usageError{"audit: an argument is missing", "name a profile, or a process with --pid N"})
	}
	argv := c.tail
	if argv == nil {
		argv = []string{stub}
	}
	j, err := c.newJail(&o.selection, c.args[0], argv)
	if err != nil {
		return c.unable(err)
	}
	find := j.search(argv[0])
	var ok bool
	if j.path, ok = find.next(); !ok {
		f, _ := find.failed()
		return c.unable(f)
	}
	j.thorough, j.dry, j.launcher = true, true, launcherOf(o.stage)
	if _, err := j.run(); err != nil {
		return c.unable(err)
	}
	return o.write(c, j.report(report.Audited))
}

// write puts the report on stdout; findings that stand against a start give 1,
// also where the profile would only report them.
func (o *auditOptions) write(c *call, r *report.Report) status {
	if o.stored != nil {
		return o.writeDrift(c, r)
	}
	var text bytes.Buffer
	options := report.TextOptions{Color: c.colored(c.stdout), Verbose: o.verbose}
	if err := report.Write(&text, r, o.format.value, options); err != nil {
		return c.unable(err)
	}
	s := c.result(text.Bytes())
	if s.code == exitOK && len(audit.Refusing(r.Findings)) > 0 {
		return exit(exitFindings)
	}
	return s
}

// unable is the end of a command other than `run` that could not do the work.
func (c *call) unable(err error) status {
	c.explain(err)
	return exit(exitUnable)
}
