package audit

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

var procEnvironment = Rule{
	ID:       "proc.environment",
	Proves:   "The command is started with the variables that the profile passes or sets, with no other, and with none that looks like a secret unless the profile names it in full.",
	Evidence: "the argument that the child's execve(2) takes, read in its memory by netjail; /proc/PID/environ at the first instruction, where netjail holds the command there",
	Control:  "none needed: each name is judged by itself, and what the profile sets must be among them",
	Remedy:   "name the variable below process.environment.pass, or set it below process.environment.set",
	Key:      "process.environment.pass",
	Judge:    judgeEnvironment,
}

func judgeEnvironment(c *Case) Finding {
	e := &c.Policy.Process.Environment
	got := c.Evidence.Environment
	f := Finding{Side: SideOutside, Basis: BasisByRule, Source: got.Source, Expected: environmentText(e)}
	if why := missing(got); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	after := afterFact(c, func(p *evidence.Process) evidence.Fact[[]string] { return p.Environ })
	if after != nil && after.Known {
		f.Basis, f.Source = BasisAfterExec, joinSources(f.Source, after.Source)
		if !slices.Equal(got.Value, after.Value) {
			f.Found = "before exec: " + namesText(got.Value) + "; after: " + namesText(after.Value)
			return f.fail("execve(2) changed it")
		}
	}
	f.Found = namesText(got.Value)
	return judgeVariables(f, e, got.Value)
}

// judgeVariables looks at each variable by itself.
func judgeVariables(f Finding, e *policy.Environment, vars []string) Finding {
	seen := make(map[string]bool, len(vars))
	var secrets []string
	for _, entry := range vars {
		name, value, ok := strings.Cut(entry, "=")
		passed, set := e.Allows(name, value)
		switch {
		case !ok || seen[name]:
			return f.fail("an entry without a name, or a name that is there twice: " + name)
		case !passed && !set:
			return f.fail("not declared, or with another value: " + name)
		case passed && (policy.Secret(name) || policy.Handed(name)):
			secrets = append(secrets, name)
		}
		seen[name] = true
	}
	for i := range e.Set {
		if !seen[e.Set[i].Name] {
			return f.fail("declared and not there: " + e.Set[i].Name)
		}
	}
	switch {
	case len(secrets) > 0:
		return f.declared("process.environment.pass names in full what looks like a secret, or tells of what was handed over: " + list(secrets))
	case slices.Contains(e.Pass, "*"):
		return f.declared("process.environment.pass is *: everything but what looks like a secret")
	}
	return f.pass()
}

// environmentText is what may be there; values are never shown.
func environmentText(e *policy.Environment) string {
	names := slices.Clone(e.Pass)
	for i := range e.Set {
		names = append(names, e.Set[i].Name+"=…")
	}
	return list(names)
}

// namesText are the names of variables.
func namesText(entries []string) string {
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i], _, _ = strings.Cut(entry, "=")
	}
	return list(names)
}
