package cli

import (
	"flag"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/markup"
	"github.com/netjail/netjail/internal/policy"
)

func diffCommand() *command {
	return &command{
		name: "diff", args: "[--format text|json|markdown] [--allow-looser] A B",
		brief: "say what changed in meaning between two profiles",
		text: []string{
			"Each line is a key whose value means something else: tighter, where the command may do less; looser, where it may do more; incomparable, where it may do other things, which nobody can call tighter; neutral, where it makes no difference to what the command may do. Comments, the order of keys and a default that is written out are no change.",
			"A and B are profiles as for `run`, or REV:PATH for a file as git has it in a revision, such as HEAD:profiles/ci.yaml. The exit status is 1 where a change is looser or incomparable.",
		},
		min: 2, max: 2, exits: exitsOfRest,
		examples: []example{
			{"netjail diff base offline", "what `offline` allows beyond `base`"},
			{"netjail diff --format markdown origin/main:ci.yaml ./ci.yaml", "for a pull request's comment"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &diffOptions{format: oneOf("text", "json", "markdown")}
			fs.Var(o.format, "format", "`FORMAT` of the result: text, json or markdown")
			fs.BoolVar(&o.allow, "allow-looser", false, "end with 0 also where a change is looser")
			return o.run
		},
	}
}

type diffOptions struct {
	format *choice
	allow  bool
}

func (o *diffOptions) run(c *call) status {
	var sides [2]*profile
	for i, arg := range c.args {
		p, err := c.loadRevision(arg)
		if err != nil {
			return c.unable(err)
		}
		sides[i] = p
	}
	changes := policy.Diff(sides[0].Policy, sides[1].Policy)
	s := c.result(o.write(sides, changes))
	if s.code == exitOK && policy.Loosens(changes) && !o.allow {
		return exit(exitFindings)
	}
	return s
}

func (o *diffOptions) write(sides [2]*profile, changes []policy.Change) []byte {
	switch o.format.value {
	case "json":
		return diffJSON(sides, changes)
	case "markdown":
		return diffMarkdown(changes)
	}
	return diffText(changes)
}

// noChange is the result where two profiles mean the same.
const noChange = "no change in meaning\n"

func diffText(changes []policy.Change) []byte {
	const keyColumn, valueColumn = 14, 42
	if len(changes) == 0 {
		return []byte(noChange)
	}
	var b []byte
	for i := range changes {
		c := &changes[i]
		head := pad(pad(c.Direction.String(), keyColumn)+c.Key, valueColumn)
		b = append(b, head+shown(c.From)+" → "+shown(c.To)+"\n"...)
		if c.Means != "" {
			b = append(b, pad("", valueColumn)+c.Means+"\n"...)
		}
	}
	return b
}

// shown is a value, or a word for a key that means nothing beside the others.
func shown(value string) string {
	if value == "" {
		return "(no meaning)"
	}
	return markup.Visible(value)
}

func diffMarkdown(changes []policy.Change) []byte {
	if len(changes) == 0 {
		return []byte(noChange)
	}
	b := []byte("| direction | key | from | to | means |\n| --- | --- | --- | --- | --- |\n")
	for i := range changes {
		c := &changes[i]
		direction := c.Direction.String()
		if c.Direction.Loosens() {
			direction = "**" + direction + "**"
		}
		cells := []string{direction, markup.Code(c.Key), markup.Code(shown(c.From)), markup.Code(shown(c.To)), markup.Cell(c.Means)}
		b = append(b, "| "+strings.Join(cells, " | ")+" |\n"...)
	}
	return b
}

func diffJSON(sides [2]*profile, changes []policy.Change) []byte {
	b := []byte(`{"version":1`)
	for i, p := range sides {
		b = append(b, `,"`+string(rune('a'+i))+`":{"name":`...)
		b = append(diag.AppendQuote(b, p.name), `,"source":`...)
		b = append(diag.AppendQuote(b, p.source), `,"digest":`...)
		b = append(diag.AppendQuote(b, p.Digest), '}')
	}
	b = append(b, `,"looser":`+strconv.FormatBool(policy.Loosens(changes))+`,"changes":[`...)
	for i := range changes {
		c := &changes[i]
		if i > 0 {
			b = append(b, ',')
		}
		for j, m := range [...]struct{ name, value string }{
			{"key", c.Key}, {"direction", c.Direction.String()}, {"from", c.From}, {"to", c.To}, {"means", c.Means},
		} {
			b = append(b, []string{"\n  {", ","}[min(j, 1)]+`"`+m.name+`":`...)
			b = diag.AppendQuote(b, m.value)
		}
		b = append(b, '}')
	}
	return append(b, "]}\n"...)
}
