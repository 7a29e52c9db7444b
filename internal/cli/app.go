package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/netjail/netjail/internal/diag"
)

// app is one invocation of netjail.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string // "NAME=value"
	color          colorMode
	readers        Readers
	// begun is what was begun of a run before this; nil for nothing.
	begun *Begun
}

// main runs netjail with the arguments behind its name.
func (a *app) main(args []string) status {
	if len(args) == 0 {
		return a.misuse(exitUsage, &usageError{"no command given", "`netjail help` lists the commands"})
	}
	name := args[0]
	switch name {
	case "--help", "-help", "-h":
		name = "help"
	case "--version", "-version":
		name = "version"
	}
	cmd, ok := findCommand(name)
	if !ok {
		return a.misuse(exitUsage, unknownCommand(name))
	}
	return a.invoke(cmd, args[1:])
}

// invoke parses a command's arguments and runs it.
func (a *app) invoke(cmd *command, args []string) status {
	c, run, err := parse(a, cmd, args)
	var usage *usageError
	switch {
	case errors.Is(err, errHelp):
		return a.result(helpText(cmd))
	case errors.As(err, &usage):
		return a.misuse(cmd.usageExit(), usage)
	}
	return run(c)
}

// usageError says what is wrong with the arguments, and what to do.
type usageError struct{ message, help string }

func (e *usageError) Error() string { return e.message }

// misuse writes the two lines of a usage error.
func (a *app) misuse(code int, e *usageError) status {
	io.WriteString(a.stderr, "netjail: "+e.message+"\nnetjail: "+e.help+"\n")
	return exit(code)
}

func unknownCommand(name string) *usageError {
	e := &usageError{"unknown command " + diag.Quote(name), "`netjail help` lists the commands"}
	if near, ok := diag.Nearest(name, commandNames()); ok {
		e.help = "did you mean " + diag.Quote(near) + "? " + e.help
	}
	return e
}

// result writes what was asked for. A reader that is gone is not told: there is
// nobody left who could read it.
func (a *app) result(text []byte) status {
	if _, err := a.stdout.Write(text); err != nil {
		a.explain(fmt.Errorf("write the result: %w", err))
		return exit(exitUnable)
	}
	return exit(exitOK)
}
