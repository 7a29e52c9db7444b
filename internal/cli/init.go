package cli

import (
	"errors"
	"flag"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/catalog"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

func initCommand() *command {
	return &command{
		name: "init", args: "[--from PROFILE] [--tool TOOL] NAME",
		brief: "write a profile to begin with",
		text: []string{
			"Writes .netjail/NAME.yaml in the root of the project: every key with its value, and above it what it means. Nothing is overwritten. `-` instead of NAME writes to standard output.",
			"The values are those of the profile that --from names, or of the one that fits the tool; without either, those of `offline`. The profile is the project's, so that it runs by its name once `netjail trust` has accepted it.",
		},
		min: 1, max: 1, exits: exitsOfRest,
		examples: []example{
			{"netjail init --tool go test", "for the Go tests of this project: .netjail/test.yaml"},
			{"netjail init --from agent -", "look at it first"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &initOptions{tool: oneOf(append([]string{""}, toolNames()...)...)}
			fs.StringVar(&o.from, "from", "", "begin with the values of `PROFILE`, a name or a file")
			fs.Var(o.tool, "tool", "fit it to `TOOL`: npm, pip, go, cargo, make or agent")
			return o.run
		},
	}
}

type initOptions struct {
	from string
	tool *choice
}

// startingPoint is what a profile begins with where nothing is said.
const startingPoint = "offline"

func (o *initOptions) run(c *call) status {
	name := c.args[0]
	switch {
	case o.from != "" && o.tool.value != "":
		return c.misuse(exitUsage, &usageError{"init: --tool names what to begin with, and so does --from", "write one of the two"})
	case name != "-" && !catalog.Named(name):
		return c.misuse(exitUsage, &usageError{"init: " + diag.Quote(name) + " is not a profile's name", "use letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit"})
	}
	text, err := o.text(c.app, name)
	if err != nil {
		return c.unable(err)
	}
	if name == "-" {
		return c.result(text)
	}
	path, err := c.plant(name, text)
	if err != nil {
		return c.unable(err)
	}
	io.WriteString(c.stderr, "netjail: wrote "+oneLine(path)+"\nnetjail: read it, then `netjail trust "+oneLine(pasteable(path))+"`, then `netjail run "+name+" CMD`\n")
	return exit(exitOK)
}

// text is the profile as it is written.
func (o *initOptions) text(a *app, name string) ([]byte, error) {
	from, t := o.from, toolOf(o.tool.value)
	switch {
	case t != nil:
		from = t.from
	case from == "":
		from = startingPoint
	}
	base, err := a.loadProfile(from)
	if err != nil {
		return nil, err
	}
	p := *base.Policy
	if t != nil {
		t.fit(&p)
	}
	if p.Name = name; name == "-" {
		p.Name = ""
	}
	head := "# yaml-language-server: $schema=" + policy.SchemaID + "\n#\n" +
		"# It began with the values of " + oneLine(base.name) + ". `netjail explain KEY` says more about a key,\n" +
		"# `netjail check` what is wrong, `netjail diff " + oneLine(from) + " FILE` what has changed since.\n\n"
	return append([]byte(head), policy.Template(&p)...), nil
}

// plant writes a new file into the project's .netjail, and makes that.
func (a *app) plant(name string, text []byte) (path string, err error) {
	root := a.where().Root()
	if root == "" {
		return "", &fault{message: "the working directory has no path: it was removed", help: "go to another directory"}
	}
	if found, err := a.catalog().Find(name); err == nil {
		return "", &fault{message: "the name " + diag.Quote(name) + " is taken: " + found.Path + " (" + found.Place.String() + ")", help: "choose another one: a name that stands in two places is an error"}
	} else if unknown := (*catalog.UnknownError)(nil); !errors.As(err, &unknown) {
		return "", findFault(name, err)
	}
	dir := strings.TrimSuffix(root, "/") + "/" + catalog.ProjectDir
	path = dir + "/" + name + ".yaml"
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, os.ErrExist) {
		return "", &fault{message: "make " + dir + ": " + err.Error()}
	}
	if err := writeNew(dir, name+".yaml", text); err != nil {
		return "", &fault{message: "write " + path + ": " + err.Error(), help: "nothing was overwritten"}
	}
	return path, nil
}

// writeNew writes a file that is not there into a directory that is no link.
func writeNew(dir, name string, text []byte) error {
	at, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(at)
	fd, err := unix.Openat(at, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o666)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), name)
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		unix.Unlinkat(at, name, 0)
	}
	return err
}
