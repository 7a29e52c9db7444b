package runner_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
)

// TestEnvironmentSeen: what the child passes to execve is what the audit names,
// by either launcher, and what the command then has.
func TestEnvironmentSeen(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, launcher := range launchers() {
		for _, full := range []bool{false, true} {
			x := trial{policy: bundled(t, "base"), argv: []string{"/bin/sh", "-c", `[ "$LC_ALL" = C ] && [ -z "${GITHUB_TOKEN+x}" ]`}, full: full, options: runner.Options{Launcher: launcher, Hold: full}}
			if err := x.run(t); err != nil || x.result.Status.ExitStatus() != 0 {
				t.Fatalf("%v, %+v", err, x.result)
			}
			f := x.finding(t, "proc.environment")
			if f.Found != "PATH, LC_ALL" || full != strings.Contains(f.Source, "/environ") || full != (f.Basis == "read after exec") {
				t.Errorf("%s, full %t: %+v", launcher, full, f)
			}
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestEnvironmentSpoilt puts a variable into the plan that the profile does not
// pass, as whoever builds the plan might by mistake.
func TestEnvironmentSpoilt(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	more := func(words []plan.Arg, entry string) []plan.Arg {
		return slices.Insert(slices.Clone(words), 0, plan.Arg{Kind: plan.ArgString, Name: entry})
	}
	for name, change := range map[string]func([]plan.Arg) []plan.Arg{
		"one more": func(words []plan.Arg) []plan.Arg { return more(words, "GITHUB_TOKEN=x") },
		"twice":    func(words []plan.Arg) []plan.Arg { return more(words, "PATH=/tmp") },
	} {
		got := spoil(t, bundled(t, "base"), false, func(l *plan.Plan) *plan.Plan {
			other := *l
			other.Ops = slices.Clone(l.Ops)
			o := &other.Ops[l.Index(plan.ExecOp)]
			o.Args = slices.Clone(o.Args)
			block := *o.Args[2].Block
			block.Words = change(block.Words)
			o.Args[2].Block = &block
			return &other
		})
		if !slices.Contains(got.Checks, "proc.environment") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	jailtest.AlsoAsUser(t)
}
