package cli

import (
	"errors"
	"flag"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/internal/runner"
)

func runCommand() *command {
	return &command{
		name: "run", args: "[--report FILE [--format FORMAT] [--at WHEN]] [--digest SHA256] [--writable PATH]… [--env NAME]… [--fd N]… PROFILE [--] CMD [ARG…]",
		brief: "run a command under a profile",
		text: []string{
			"Makes the namespaces that the profile asks for, sets up what it declares, reads back from inside and from outside what came of it, and executes the command. Where a check fails under `audit: {mode: enforce}`, or cannot be told, the command never runs.",
			profileWords + " A project's profile runs by its name once `netjail trust` has accepted it, or with --digest.",
			"CMD is looked for as execvp(3) does, in the PATH that the command itself gets. Everything behind PROFILE belongs to the command: netjail's own flags stand before it.",
			"--writable, --env and --fd loosen the profile for this run. What they add stands in the report, and changes the digest.",
			"With --at exit the command is held once more when it ends, before anything of its jail goes, and everything that is alive there is read again: the command itself, what it left running, every thread. Each is judged against the profile as `netjail audit --pid` does, and the report says of each what passed, what failed and what cannot be told at the end. The command is traced for it, so that no debugger can attach to it.",
			"netjail says nothing where nothing goes wrong. The command's signals and its exit status are passed on; what it leaves running ends with it where the profile makes a new pid namespace.",
		},
		min: 1, max: 1, tail: tailRest, exits: exitsOfRun,
		examples: []example{
			{"netjail run offline make test", "build and test without a network"},
			{"netjail run --report audit.json ./ci.yaml -- ./build.sh", "with a full audit, kept as JSON"},
			{"netjail run --report audit.json --at exit ./ci.yaml -- ./build.sh", "and once more at its end, over everything that is still alive"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &runOptions{format: formChoice(), at: oneOf(atStart, atExit)}
			fs.StringVar(&o.report, "report", "", "make a full audit and write it to `FILE`, before the command's first instruction")
			fs.Var(o.format, "format", "`FORMAT` of the report: json, text, sarif, junit or markdown")
			fs.Var(o.at, "at", "`WHEN` to audit: start, or exit for both the start and the end")
			fs.BoolVar(&o.stage, "stage", false, "")
			o.runs = true
			o.declarePin(fs)
			o.declareAdditions(fs)
			return o.run
		},
	}
}

// profileWords says what a command takes for a profile.
const profileWords = "PROFILE is a file if it contains a slash or ends in .yaml. Any other word is a name: it is looked for in the project's .netjail, from the working directory up to the repository's root, in the user's directory, in /etc/netjail and among the built-in profiles. A name that stands in two of them is an error."

type runOptions struct {
	selection
	report     string
	format, at *choice
	stage      bool
}

// launcherOf is the launcher that the hidden flag --stage stands for.
func launcherOf(stage bool) runner.Launcher {
	if stage {
		return runner.LauncherStage
	}
	return runner.LauncherAuto
}

func (o *runOptions) run(c *call) status {
	defer c.abandon()
	if o.report == "-" {
		return c.misuse(exitFailed, &usageError{"run: --report needs a file: stdout belongs to the command", "write --report ./- for a file of that name"})
	}
	if o.report == "" && (o.at.value != atStart || o.format.set) {
		return c.misuse(exitFailed, &usageError{"run: --at and --format are about a report, and none is asked for", "add --report FILE"})
	}
	j, err := c.newJail(&o.selection, c.args[0], c.tail)
	if err != nil {
		return c.failed(err)
	}
	j.atExit = o.at.value == atExit
	j.launcher = launcherOf(o.stage)
	if c.begun == nil && o.report == "" && !o.stage {
		c.begun = begin(j.profile.Policy)
	}
	j.begun = c.begun
	find := j.search(j.argv[0])
	path, ok := find.next()
	if !ok {
		f, s := find.failed()
		c.explain(f)
		return s
	}
	if o.report == "" {
		return c.start(j, find, path)
	}
	return c.startReported(j, find, path, o)
}

// abandon ends a child that was begun and found no plan. It tells what goes wrong
// with that, which changes nothing of how the run ended.
func (c *call) abandon() {
	if err := c.begun.Abandon(); err != nil {
		c.explain(err)
	}
}

// startReported is start with a report: the file is open before anything
// starts, and written before the command's first instruction, so that a run
// whose report cannot be had never happens.
func (c *call) startReported(j *jail, find *search, path string, o *runOptions) status {
	out, err := openReport(o.report, o.format.value)
	if err != nil {
		return c.failed(&fault{message: "open the report: " + err.Error(), help: "the command never ran"})
	}
	defer out.abandon()
	if j.atExit && out.direct {
		return c.failed(&fault{message: o.report + " is no regular file, and --at exit writes the report twice", help: "write the report to a file; the command never ran"})
	}
	j.thorough = true
	j.gate = func() error {
		outcome := report.Started
		if j.refuses() {
			outcome = report.Refused
		}
		return out.write(j.report(outcome))
	}
	s := c.start(j, find, path)
	c.reportPlanted(j, out)
	s = c.reportEnd(j, out, s)
	if j.failed {
		if err := out.write(j.report(report.Failed)); err != nil {
			c.explain(err)
		}
	}
	return s
}

// start runs a command and tells how it ended.
func (c *call) start(j *jail, find *search, path string) status {
	result, err := j.start(find, path)
	j.failed = err != nil && result == nil && !isRefusal(err)
	var exec *runner.ExecError
	if errors.As(err, &exec) {
		return c.notExecuted(exec, j.blind())
	}
	c.tellPlanted(j.planted)
	c.tellAlone(j, result)
	j.keepEnd(result)
	return c.ended(result, err)
}

// start runs the first of the files found that the kernel will execute. Like
// execvp(3) it goes on with the next directory where it may not: what netjail
// may execute is not always what the command's user may.
func (j *jail) start(find *search, path string) (*runner.Result, error) {
	for {
		j.path = path
		result, err := j.run()
		var exec *runner.ExecError
		if !errors.As(err, &exec) {
			return result, err
		}
		next, more := find.next()
		if exec.Errno != unix.EACCES || !more {
			return result, err
		}
		path = next
	}
}

// ended tells how a run ended. With a result and an error the command ran, and
// what is wrong came behind it.
func (c *call) ended(result *runner.Result, err error) status {
	var lost *runner.LostError
	switch {
	case err == nil:
		return c.statusOfRun(result)
	case result == nil || errors.As(err, &lost):
		return c.failed(err)
	}
	c.explain(err)
	return c.statusOfRun(result)
}

// statusOfRun is the command's status, or 124 and a line that says why.
func (c *call) statusOfRun(result *runner.Result) status {
	if !result.TimedOut {
		return statusOf(result.Status)
	}
	message := "process.timeout is over: the command was ended by SIGTERM"
	if result.Killed {
		message = "process.timeout is over: the command did not end by SIGTERM, and was killed"
	}
	c.explain(&fault{message: message, bare: true})
	return exit(exitTimeout)
}

// failed is the end of a run that netjail could not make.
func (c *call) failed(err error) status {
	c.explain(err)
	return exit(exitFailed)
}

// notExecuted tells "not found" from "found and not executable". ENOENT for a
// file that exists is about the interpreter that its first line, or its program
// header, names.
func (c *call) notExecuted(e *runner.ExecError, blind bool) status {
	f := &fault{message: e.Path + ": " + e.Errno.Error(), bare: true}
	s := exit(exitNotExecutable)
	switch e.Errno {
	case unix.ENOENT, unix.ENOTDIR:
		if blind {
			f.message, s = e.Path+": not found, or its interpreter is not, in the mount namespace that is joined", exit(exitNotFound)
			break
		}
		if unix.Access(e.Path, unix.F_OK) != nil {
			f.message, s = e.Path+": not found", exit(exitNotFound)
			break
		}
		f.message = e.Path + ": its interpreter was not found"
		f.help = "look at the file's first line, or at `readelf -l`, for the interpreter's name"
		if name := interpreter(e.Path); name != "" {
			f.message = e.Path + ": its interpreter, " + name + ", was not found"
			f.help = "install it, or correct the name in the file"
			if unix.Access(name, unix.X_OK) == nil {
				f.message = e.Path + ": its interpreter, " + name + ", is not in the jail"
				f.help = "name it in " + mountOf(name)
			}
		}
	case unix.ENOEXEC:
		f.help = "a script begins with a line like #!/bin/sh"
	}
	c.explain(f)
	return s
}

// tellAlone says, of a command that ended as one does which does not find its
// libraries, that the jail has nothing of what lies beside it.
func (c *call) tellAlone(j *jail, result *runner.Result) {
	if result != nil && result.Status.Exited() && result.Status.ExitStatus() == exitNotFound && j.host.CommandAlone() {
		c.explain(&fault{message: j.path + " ended with 127: of its directory the jail has only this file", help: "where it needs what lies beside it, name that in " + mountOf(j.path), bare: true})
	}
}

func isRefusal(err error) bool {
	var refused *runner.RefusedError
	return errors.As(err, &refused)
}
