package cli

import (
	"flag"
	"io"
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

func checkCommand() *command {
	return &command{
		name: "check", args: "[--format FORMAT] [--fix] [--stdin-filename NAME] FILE…",
		brief: "find all problems of profiles",
		text: []string{
			"Reads each file and prints everything that is wrong with it, in order, with its place, a stable code and what to do. A directory stands for the .yaml and .yml files below it, `-` for standard input. What is wrong with a profile is the result, on stdout; a summary goes to stderr.",
			"With --fix what has one plain answer is written into the file first, such as a key that was misspelled; what is left is printed.",
			"What only this host stands against is told by `plan` and `run`.",
		},
		min: 1, max: -1, exits: exitsOfRest,
		examples: []example{
			{"netjail check profiles", "all of them at once"},
			{"git show HEAD:ci.yaml | netjail check --stdin-filename ci.yaml -", "as it was committed"},
			{"netjail check --format github profiles", "in a workflow: each problem beside its line"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &checkOptions{format: oneOf("text", "json", "sarif", "github", "junit")}
			fs.Var(o.format, "format", "`FORMAT` of the result: text, json, sarif, github or junit")
			fs.BoolVar(&o.fix, "fix", false, "correct in the files what has one plain answer")
			fs.StringVar(&o.stdin, "stdin-filename", stdinName, "`NAME` of standard input in the result")
			return o.run
		},
	}
}

type checkOptions struct {
	format *choice
	fix    bool
	stdin  string
}

// stdinName is what diagnostics call standard input.
const stdinName = "<stdin>"

func (o *checkOptions) run(c *call) status {
	files, found := profileFiles(c.args)
	var names []string
	for _, file := range files {
		list, read, err := o.check(c, file)
		if err != nil {
			return c.unable(err)
		}
		names = append(names, read[0].name)
		if len(list) > 0 { // nobody asks for the lines of the others, of which there may be thousands
			found.list = append(found.list, list...)
			found.sources = append(found.sources, read...)
		}
	}
	found.list.Sort()
	s := o.write(c, found, names)
	if s.code != exitOK {
		return s
	}
	return exit(checkCode(found.list))
}

// check reads one file and, where that is asked for, corrects it and reads it
// again. Standard input is not corrected: there is nowhere to write to.
func (o *checkOptions) check(c *call, file string) (diag.List, sources, error) {
	if file == "-" {
		_, list, read := c.readProfile(o.stdin, c.stdin)
		return list, read, nil
	}
	_, list, read := c.readProfile(file, nil)
	if !o.fix {
		return list, read, nil
	}
	fixed, made := list.Of(file).Fix(read[0].text)
	if made == 0 {
		return list, read, nil
	}
	if err := replaceFile(file, fixed); err != nil {
		return nil, nil, err
	}
	io.WriteString(c.stderr, "netjail: "+file+": "+counted(made, "correction")+"\n")
	_, list, read = c.readProfile(file, nil)
	return list, read, nil
}

// write puts the problems on stdout, and for people a summary on stderr. files are
// those that were asked for, without what they extend.
func (o *checkOptions) write(c *call, p *problems, files []string) status {
	switch o.format.value {
	case "json":
		return c.result(diag.AppendJSON(nil, p.list))
	case "sarif":
		return c.result(diag.AppendSARIF(nil, p.list, c.readers.Version()))
	case "github":
		return c.result(diag.AppendGitHub(nil, p.list))
	case "junit":
		return c.result(diag.AppendJUnit(nil, p.list, files))
	}
	text := diag.Text{Source: p.sources.text, Color: c.colored(c.stdout)}.Append(nil, p.list)
	s := c.result(text)
	io.WriteString(c.stderr, "netjail: "+checkSummary(p.list, len(files))+"\n")
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
