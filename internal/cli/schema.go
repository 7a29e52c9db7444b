package cli

import (
	"flag"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/internal/trial"
)

func schemaCommand() *command {
	return &command{
		name: "schema", args: "[profile|report|drift|list|test]",
		brief: "print the JSON Schema of profiles, reports, their comparison, lists or test results",
		text: []string{
			"An editor that is given the schema of profiles completes keys and marks what it knows to be wrong; `netjail check` knows more. Without an argument it is the schema of profiles.",
		},
		min: 0, max: 1, exits: exitsOfRest,
		examples: []example{{"netjail schema report > report.schema.json", "the schema of `--format json`"}},
		prepare: func(*flag.FlagSet) func(*call) status {
			return (*call).schema
		},
	}
}

func (c *call) schema() status {
	what := "profile"
	if len(c.args) > 0 {
		what = c.args[0]
	}
	switch what {
	case "profile":
		return c.result(policy.Schema(c.readers.Parse))
	case "report":
		return c.result(report.Schema())
	case "drift":
		return c.result(report.DriftSchema())
	case "list":
		return c.result(report.ListSchema())
	case "test":
		return c.result([]byte(trial.Schema))
	}
	return c.misuse(exitUsage, &usageError{"schema: there is no schema of " + diag.Quote(what), "expected profile, report, drift, list or test"})
}
