package cli

import (
	"flag"
	"strings"
)

func helpCommand() *command {
	return &command{
		name: "help", args: "[COMMAND]",
		brief: "say what netjail, or a command of it, does",
		text:  []string{"`--help` behind a command says the same."},
		min:   0, max: 1, exits: exitsOfRest,
		prepare: func(*flag.FlagSet) func(*call) status { return (*call).help },
	}
}

func (c *call) help() status {
	if len(c.args) == 0 {
		return c.result(overview())
	}
	cmd, ok := findCommand(c.args[0])
	if !ok {
		return c.misuse(exitUsage, unknownCommand(c.args[0]))
	}
	return c.result(helpText(cmd))
}

// tagline says in one sentence what netjail is.
const tagline = "netjail runs a command under a profile in new namespaces, and audits it from inside and outside before its first instruction."

// helpWidth is where lines of help are broken.
const helpWidth = 80

// overview lists the commands.
func overview() []byte {
	b := appendWrapped(nil, tagline, 0)
	b = append(b, "\nusage: netjail COMMAND [FLAG…] [ARGUMENT…]\n\n"...)
	for _, c := range commands() {
		b = appendWrapped(append(b, pad("  "+c.name, 11)...), c.brief, 11)
	}
	return append(b, "\n`netjail help COMMAND` says more about one of them.\n"...)
}

// helpText is everything about one command.
func helpText(cmd *command) []byte {
	b := appendWrapped(append([]byte(nil), "usage: netjail "...), strings.TrimSpace(cmd.name+" "+cmd.args), 15)
	for _, paragraph := range cmd.text {
		b = appendWrapped(append(b, '\n'), paragraph, 0)
	}
	b = append(b, "\nflags:\n"...)
	for _, f := range documentedFlags(cmd) {
		b = appendEntry(b, f.head, f.text)
	}
	b = append(b, "\nexit status:\n"...)
	for _, e := range cmd.exits() {
		b = appendEntry(b, e.code, e.meaning)
	}
	if len(cmd.examples) > 0 {
		b = append(b, "\nexamples:\n"...)
	}
	for _, e := range cmd.examples {
		b = append(b, "  "+e.line+"\n      "+e.purpose+"\n"...)
	}
	return b
}

// appendEntry appends a term and what it means.
func appendEntry(b []byte, term, meaning string) []byte {
	const column = 18
	head := pad("  "+term, column)
	if len(head) > column {
		b = append(b, head+"\n"...)
		head = pad("", column)
	}
	return appendWrapped(append(b, head...), meaning, column)
}

// appendWrapped appends text, broken into lines; the first goes behind what
// already stands there, indent columns wide, and the others below it.
func appendWrapped(b []byte, text string, indent int) []byte {
	column := indent
	for i, word := range strings.Fields(text) {
		width := len([]rune(word))
		switch {
		case i == 0:
		case column+1+width > helpWidth:
			b = append(append(b, '\n'), strings.Repeat(" ", indent)...)
			column = indent
		default:
			b = append(b, ' ')
			column++
		}
		b = append(b, word...)
		column += width
	}
	return append(b, '\n')
}

// flagDoc is a documented flag: "--report FILE" and what it does.
type flagDoc struct{ head, text string }

// documentedFlags are the flags of a command that have a usage text, by name.
func documentedFlags(cmd *command) []flagDoc {
	fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	cmd.prepare(fs)
	declareColor(fs, new(colorMode))
	var docs []flagDoc
	fs.VisitAll(func(f *flag.Flag) {
		if f.Usage == "" {
			return
		}
		value, text := flag.UnquoteUsage(f)
		docs = append(docs, flagDoc{strings.TrimSpace("--" + f.Name + " " + value), text})
	})
	return docs
}
