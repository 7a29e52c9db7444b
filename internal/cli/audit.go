package cli

import (
	"bytes"
	"flag"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/report"
)

func auditCommand() *command {
	return &command{
		name: "audit", args: "[--format FORMAT] [--verbose] [--digest SHA256] [--writable PATH]… [--env NAME]… [--fd N]… PROFILE [-- CMD [ARG…]]",
		brief: "apply a profile to a command that never runs, and report",
		text: []string{
			"Does everything that `run` does, with the dear attempts as well, stops the command at its first instruction, reads it again, and ends it there. The report says for each check what was declared, what was found and from which side, and lists the channels that no check looks at.",
			"Without CMD the command is netjail's own program.",
		},
		min: 1, max: 1, tail: tailDashed, exits: exitsOfRest,
		examples: []example{
			{"netjail audit offline", "what a command under `offline` would find on this host"},
			{"netjail audit --format sarif ./ci.yaml > netjail.sarif", "for a code scanning page: each finding at its line of the profile"},
			{"netjail audit --format json ./ci.yaml -- /usr/bin/python3", "for one program, as JSON"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &auditOptions{format: oneOf(report.Formats()...)}
			fs.Var(o.format, "format", "`FORMAT` of the report: text, json, sarif, junit or markdown")
			fs.BoolVar(&o.verbose, "verbose", false, "name the evidence of what passed, and say what each channel is")
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
	verbose, stage bool
}

// stub is the default command of an audit: netjail's own program, by the link
// that leads to it also where the command's user could not find it.
const stub = "/proc/self/exe"

func (o *auditOptions) run(c *call) status {
	argv := c.tail
	if argv == nil {
		argv = []string{stub}
	}
	j, err := c.newJail(&o.selection, c.args[0], argv)
	if err != nil {
		return c.unable(err)
	}
	find := newSearch(argv[0], j.env)
	var ok bool
	if j.path, ok = find.next(); !ok {
		f, _ := find.failed()
		return c.unable(f)
	}
	j.thorough, j.dry, j.launcher = true, true, launcherOf(o.stage)
	if _, err := j.run(); err != nil {
		return c.unable(err)
	}
	return o.write(c, j)
}

// write puts the report on stdout; findings that stand against a start give 1,
// also where the profile would only report them.
func (o *auditOptions) write(c *call, j *jail) status {
	var text bytes.Buffer
	options := report.TextOptions{Color: c.colored(c.stdout), Verbose: o.verbose}
	if err := report.Write(&text, j.report(report.Audited), o.format.value, options); err != nil {
		return c.unable(err)
	}
	s := c.result(text.Bytes())
	if s.code == exitOK && len(audit.Refusing(j.findings)) > 0 {
		return exit(exitFindings)
	}
	return s
}

// unable is the end of a command other than `run` that could not do the work.
func (c *call) unable(err error) status {
	c.explain(err)
	return exit(exitUnable)
}
