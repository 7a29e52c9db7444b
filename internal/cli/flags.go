package cli

import (
	"errors"
	"flag"
	"io"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// errHelp says that the arguments ask for help.
var errHelp = flag.ErrHelp

// parse reads the arguments of cmd. Flags may stand anywhere before "--" or,
// where everything behind the first argument is the command's own, before that.
//
// Errors: errHelp, *usageError.
func parse(a *app, cmd *command, args []string) (*call, func(*call) status, error) {
	fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	run := cmd.prepare(fs)
	declareColor(fs, &a.color)
	c := &call{app: a}
	var err error
	if cmd.tail == tailRest {
		err = c.parseRest(fs, args)
	} else {
		err = c.parseAnywhere(fs, args)
	}
	if err == nil {
		err = c.count(cmd)
	}
	return c, run, flagError(cmd, fs, err)
}

// declareColor adds the flag that every command has.
func declareColor(fs *flag.FlagSet, m *colorMode) {
	fs.Var(m, "color", "`WHEN` to use colours: auto, always or never")
}

// parseRest takes flags, one argument and leaves the rest alone.
func (c *call) parseRest(fs *flag.FlagSet, args []string) error {
	if err := fs.Parse(args); err != nil || fs.NArg() == 0 {
		return err
	}
	c.args, c.tail = fs.Args()[:1], fs.Args()[1:]
	if len(c.tail) > 0 && c.tail[0] == "--" {
		c.tail = c.tail[1:]
	}
	return nil
}

// parseAnywhere takes flags and arguments in any order up to "--".
func (c *call) parseAnywhere(fs *flag.FlagSet, args []string) error {
	for i, arg := range args {
		if arg == "--" {
			args, c.tail = args[:i], args[i+1:]
			break
		}
	}
	for {
		if err := fs.Parse(args); err != nil || fs.NArg() == 0 {
			return err
		}
		c.args = append(c.args, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// count holds the number of arguments against the table.
func (c *call) count(cmd *command) error {
	switch {
	case len(c.args) < cmd.min:
		return &usageError{message: "an argument is missing"}
	case cmd.max >= 0 && len(c.args) > cmd.max:
		return &usageError{message: "unexpected argument " + diag.Quote(c.args[cmd.max])}
	case cmd.tail == tailRest && len(c.tail) == 0:
		return &usageError{message: "no command to run is given"}
	case cmd.tail == tailDashed && c.tail != nil && len(c.tail) == 0:
		return &usageError{message: "no command follows \"--\""}
	case cmd.tail == tailNone && len(c.tail) > 0:
		return &usageError{message: "unexpected argument " + diag.Quote(c.tail[0])}
	}
	return nil
}

// flagError completes what package flag, or count, found wrong.
func flagError(cmd *command, fs *flag.FlagSet, err error) error {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	help := "usage: netjail " + cmd.name + " " + cmd.args
	message := err.Error()
	if name, ok := strings.CutPrefix(message, "flag provided but not defined: -"); ok {
		message = "unknown flag --" + name
		if near, ok := diag.Nearest(name, flagNames(fs)); ok {
			help = "did you mean --" + near + "? " + help
		}
	} else if name, ok := strings.CutPrefix(message, "flag needs an argument: -"); ok {
		message = "--" + name + " needs a value"
	}
	return &usageError{cmd.name + ": " + message, help}
}

func flagNames(fs *flag.FlagSet) []string {
	var names []string
	fs.VisitAll(func(f *flag.Flag) {
		if f.Usage != "" {
			names = append(names, f.Name)
		}
	})
	return names
}

// choice is a flag that takes one of a few words; the first is the default.
type choice struct {
	value string
	words []string
	set   bool // somebody chose
}

func oneOf(words ...string) *choice { return &choice{value: words[0], words: words} }

// String is the word chosen.
func (c *choice) String() string { return c.value }

// Set takes one of the words.
func (c *choice) Set(s string) error {
	for _, w := range c.words {
		if w == s {
			c.value, c.set = s, true
			return nil
		}
	}
	return errors.New("expected " + orList(c.words))
}

// orList is "a, b or c".
func orList(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
