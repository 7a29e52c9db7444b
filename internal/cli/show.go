package cli

import (
	"flag"

	"github.com/netjail/netjail/internal/policy"
)

func showCommand() *command {
	return &command{
		name: "show", args: "[--format yaml|json] [--writable PATH]… [--env NAME]… [--fd N]… PROFILE",
		brief: "print a profile with every default filled in",
		text: []string{
			"Each value carries the file and line that it came from, or `default`. The digest is over the resolved form: it does not change with comments, with the order of keys or with tests.",
		},
		min: 1, max: 1, exits: exitsOfRest,
		examples: []example{{"netjail show offline", "what `offline` means, in full"}},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			format := oneOf("yaml", "json")
			fs.Var(format, "format", "`FORMAT` of the result: yaml or json")
			s := &selection{written: true}
			s.declareAdditions(fs)
			return func(c *call) status { return c.show(s, format.value) }
		},
	}
}

func (c *call) show(s *selection, format string) status {
	p, err := s.load(c.app, c.args[0])
	if err != nil {
		return c.unable(err)
	}
	if format == "json" {
		return c.result(policy.PrintJSON(p.Resolved))
	}
	return c.result(policy.Print(p.Resolved))
}
