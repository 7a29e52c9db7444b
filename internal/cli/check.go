package cli

import (
	"flag"
	"io"
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

func checkCommand() *command {
	return &command{
		name: "check", args: "[--format text|json] FILE…",
		brief: "find all problems of profiles",
		text: []string{
			"Reads each file and prints everything that is wrong with it, in order, with its place, a stable code and what to do. `-` reads standard input. What is wrong with a profile is the result, on stdout; a summary goes to stderr.",
			"What only this host stands against is told by `plan` and `run`.",
		},
		min: 1, max: -1, exits: exitsOfRest,
		examples: []example{
			{"netjail check profiles/*.yaml", "all of them at once"},
			{"git show HEAD:ci.yaml | netjail check -", "as it was committed"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			format := oneOf("text", "json")
			fs.Var(format, "format", "`FORMAT` of the result: text or json")
			return func(c *call) status { return c.check(format.value) }
		},
	}
}

// stdinName is what diagnostics call standard input.
const stdinName = "<stdin>"

func (c *call) check(format string) status {
	var found problems
	for _, arg := range c.args {
		name, from := arg, io.Reader(nil)
		if arg == "-" {
			name, from = stdinName, c.stdin
		}
		_, list, text := c.readProfile(name, from)
		found.list = append(found.list, list...)
		found.sources = append(found.sources, sourceFile{name, text})
	}
	found.list.Sort()
	s := c.writeProblems(&found, format)
	if s.code != exitOK {
		return s
	}
	return exit(checkCode(found.list))
}

func (c *call) writeProblems(p *problems, format string) status {
	if format == "json" {
		return c.result(diag.AppendJSON(nil, p.list))
	}
	text := diag.Text{Source: p.sources.text, Color: c.colored(c.stdout)}.Append(nil, p.list)
	s := c.result(text)
	io.WriteString(c.stderr, "netjail: "+checkSummary(p.list, len(c.args))+"\n")
	return s
}

// checkCode: a file that could not be read makes the work undone, whatever was
// found in the others.
func checkCode(list diag.List) int {
	for i := range list {
		switch list[i].Code {
		case diag.FileNotFound, diag.FileUnreadable, diag.FileNotRegular:
			return exitUnable
		}
	}
	if list.Errors() > 0 {
		return exitFindings
	}
	return exitOK
}

// checkSummary is "3 errors and 1 warning in 2 files".
func checkSummary(list diag.List, files int) string {
	errors := list.Errors()
	text := "no problems"
	switch warnings := len(list) - errors; {
	case errors > 0 && warnings > 0:
		text = counted(errors, "error") + " and " + counted(warnings, "warning")
	case errors > 0:
		text = counted(errors, "error")
	case warnings > 0:
		text = counted(warnings, "warning")
	}
	return text + " in " + counted(files, "file")
}

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
