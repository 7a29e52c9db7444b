package cli

import "flag"

// command is one row of the table that feeds dispatch, help and the manual
// page.
type command struct {
	name string
	// args are the arguments as the usage line writes them.
	args string
	// brief is one line, lower case, without a period.
	brief string
	// text are the paragraphs of the help.
	text []string
	// min and max bound the arguments before "--"; max is -1 for any number.
	min, max int
	// tail says what may follow the arguments.
	tail tail
	// examples are invocations with what they are for.
	examples []example
	// exits are the codes that the command ends with.
	exits func() []exitMeaning
	// prepare declares the flags and returns what to run once they are parsed.
	// A flag without a usage text is not documented.
	prepare func(*flag.FlagSet) func(*call) status
}

// tail says what stands behind a command's own arguments.
type tail uint8

// The tails.
const (
	tailNone   tail = iota
	tailDashed      // a command, behind "--"
	tailRest        // a command: everything behind the first argument, untouched
)

type example struct{ line, purpose string }

// call is one invocation of a command.
type call struct {
	*app
	args []string
	// tail is the command to run; nil where there is none.
	tail []string
}

// usageExit is the code of a usage error. Behind `run` a 2 would be taken for
// the command's own, so it is 125 there, as it is with env(1) and timeout(1).
func (c *command) usageExit() int {
	if c.tail == tailRest {
		return exitFailed
	}
	return exitUsage
}

// commands is the table, in the order of help. It is a function because help
// itself is in it, and nothing is built before it is needed.
func commands() []*command {
	return []*command{
		runCommand(), checkCommand(), planCommand(), auditCommand(), testCommand(),
		showCommand(), diffCommand(), explainCommand(), listCommand(), trustCommand(), initCommand(), schemaCommand(), versionCommand(), helpCommand(),
	}
}

// findCommand looks a command up by its name. `run` is asked for first: it is
// the one whose start is waited for.
func findCommand(name string) (*command, bool) {
	if name == "run" {
		return runCommand(), true
	}
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return nil, false
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}
