package cli

import (
	"flag"
	"strings"

	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/plan"
)

func planCommand() *command {
	return &command{
		name: "plan", args: "[--format text|json] [--full] [--digest SHA256] [--writable PATH]… [--env NAME]… [--fd N]… PROFILE [-- CMD [ARG…]]",
		brief: "print the operations that a profile comes to on this host",
		text: []string{
			"Lists, in order, what `run` would do: each operation with its number, who carries it out (netjail itself as parent, the child that becomes the command, or pid 1 of a new pid namespace), the call with the results that it accepts, the profile key that asked for it, the privilege that it takes and what it is for. Nothing is run.",
			"Operations that differ in one argument are one line. The numbers are those that errors and reports cite.",
		},
		min: 1, max: 1, tail: tailDashed, exits: exitsOfRest,
		examples: []example{
			{"netjail plan offline", "what `netjail run offline` does"},
			{"netjail plan --format json ./ci.yaml -- make", "each operation by itself, as JSON"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &planOptions{format: oneOf("text", "json")}
			fs.Var(o.format, "format", "`FORMAT` of the result: text or json")
			fs.BoolVar(&o.full, "full", false, "with the attempts that only `audit` and `run --report` make")
			o.declarePin(fs)
			o.declareAdditions(fs)
			return o.run
		},
	}
}

type planOptions struct {
	selection
	format *choice
	full   bool
}

// What is known only when a jail starts stands in a printed plan as a word. The
// numbers are ones that no process id and no chosen port has.
const (
	noPID       = 0
	noPort      = 1
	noLure      = "<lure>"
	pidText     = `"/proc/0/`
	pidWord     = `"/proc/<netjail>/`
	portText    = "127.0.0.1:1"
	portWord    = "127.0.0.1:<port>"
	commandWord = "<command>"
)

// printed is an op's call as it is printed.
func printed(o *plan.Op) string {
	text := strings.ReplaceAll(o.String(), pidText, pidWord)
	if o.Call == "connect" {
		text = strings.ReplaceAll(text, portText, portWord)
	}
	return text
}

func (o *planOptions) run(c *call) status {
	argv := c.tail
	if argv == nil {
		argv = []string{commandWord}
	}
	j, err := c.newJail(&o.selection, c.args[0], argv)
	if err != nil {
		return c.unable(err)
	}
	j.path = commandWord
	if c.tail != nil {
		find := j.search(argv[0])
		var ok bool
		if j.path, ok = find.next(); !ok {
			f, _ := find.failed()
			return c.unable(f)
		}
	}
	if err := o.build(j); err != nil {
		return c.unable(err)
	}
	if o.format.value == "json" {
		return c.result(planJSON(j))
	}
	return c.result(planText(j, c.colored(c.stdout)))
}

// executed is the file that the tree must hold; without a command there is none.
func (o *planOptions) executed(j *jail) string {
	if j.path == commandWord {
		return ""
	}
	return j.path
}

// build makes the plan that is printed.
func (o *planOptions) build(j *jail) error {
	var err error
	if j.host, err = host.Snapshot(j.profile.Policy, o.executed(j)); err != nil {
		return err
	}
	j.host.NamedFDs = host.NamedFDs(j.argv)
	j.host.PID = noPID
	options := plan.Options{Full: o.full}
	if o.full {
		options.Listener = noPort
		options.Unix = []plan.UnixTarget{{Name: noLure, Abstract: true}, {Name: "/tmp/" + noLure}}
	}
	j.plan, err = plan.Build(j.profile.Policy, j.host, j.command(), options)
	if err != nil {
		return &refused{err, j.profile.Origins}
	}
	return nil
}
