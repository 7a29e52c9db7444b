package cli

import (
	"errors"
	"strings"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
)

// jail is one start: what `run` and `audit` have in common.
type jail struct {
	profile *profile
	argv    []string
	env     []string
	// path is the file that is executed.
	path string
	// thorough makes the dear attempts and holds the command at its first
	// instruction.
	thorough bool
	// dry ends the command where it would be let go.
	dry      bool
	launcher runner.Launcher
	// gate, where it is not nil, sees the findings before they are acted upon.
	gate func() error
	// version is netjail's.
	version func() string
	// capget is the second source of a thorough audit.
	capget evidence.CapReader

	host     *plan.Host
	plan     *plan.Plan
	findings []audit.Finding
	used     string // the launcher, as the evidence names it
	failed   bool   // netjail could not do the work; a refusal is none of that
}

// newJail resolves the profile and the command's environment.
func (a *app) newJail(profileArg string, argv []string) (*jail, error) {
	p, err := a.loadProfile(profileArg)
	if err != nil {
		return nil, err
	}
	return &jail{profile: p, capget: a.readers.Capget, version: a.readers.Version, argv: argv, env: p.Policy.Process.Environment.Resolve(a.environ)}, nil
}

// run starts the jail and stays with the command until it ends. A start that was
// refused because the host's mounts are not those of the snapshot any more is made
// again, from a new one.
//
// Errors: those of host.Snapshot, plan.Build (as *refused) and runner.Run, where
// a *runner.RefusedError holds an *auditError.
func (j *jail) run() (result *runner.Result, err error) {
	const most = 5
	for range most {
		if result, err = j.once(); !j.overtaken(err) {
			break
		}
	}
	return result, err
}

// overtaken says whether mounts alone stand against a start. The host's may have
// changed a moment after netjail has read their table: a copy of the caller's tree
// then holds others, and a file system of the jail's own can get the number of one
// that is gone. Nothing is let through by trying again: every start is judged
// whole.
func (j *jail) overtaken(err error) bool {
	var refused *auditError
	if !errors.As(err, &refused) {
		return false
	}
	for i := range refused.findings {
		if !ofMounts(refused.findings[i].Check) {
			return false
		}
	}
	return len(refused.findings) > 0
}

// ofMounts says whether a check rests on the mount table alone.
func ofMounts(check string) bool {
	switch check {
	case "fs.setid-planting":
		return false
	case "proc.setuid", "proc.view", "ipc.posix-shm", "fd.cwd", "host.mounts":
		return true
	}
	return strings.HasPrefix(check, "fs.")
}

// once starts the jail once.
func (j *jail) once() (*runner.Result, error) {
	o := runner.Options{
		Judge: j.judge, Hold: j.thorough, Full: j.thorough, Dry: j.dry, Launcher: j.launcher,
	}
	if j.thorough {
		end, err := bait(&o)
		if err != nil {
			return nil, err
		}
		defer end()
		o.Capget = j.capget
	}
	if err := j.build(&o); err != nil {
		return nil, err
	}
	return runner.Run(j.plan, j.host, o)
}

// build takes the snapshot, once everything that stays open is open, and makes
// the plan.
func (j *jail) build(r *runner.Options) error {
	var err error
	if j.host, err = host.Snapshot(j.profile.Policy, j.path); err != nil {
		return err
	}
	j.host.NamedFDs = host.NamedFDs(j.argv)
	o := plan.Options{Full: j.thorough}
	if r.Canary != nil {
		o.Listener = r.Canary.Port()
	}
	if r.Lures != nil {
		o.Unix = r.Lures.Targets()
	}
	j.plan, err = plan.Build(j.profile.Policy, j.host, j.command(), o)
	if err != nil {
		return &refused{err, j.profile.Origins}
	}
	return nil
}

func (j *jail) command() *plan.Command {
	return &plan.Command{Path: j.file(), Argv: j.argv, Env: j.env}
}

// file is the path that is executed. One from the working directory would lead
// elsewhere where the command does not see that directory.
func (j *jail) file() string {
	if t := j.host.Tree; t != nil && t.Workdir == "/" && t.Command != "" {
		return t.Command
	}
	return j.path
}

// judge is asked at the gate.
func (j *jail) judge(e *evidence.Evidence) error {
	p := j.profile.Policy
	j.findings = audit.Evaluate(p, audit.NewExpect(p, j.host, j.plan), e)
	j.used = e.Launcher
	if j.gate != nil {
		if err := j.gate(); err != nil {
			return err
		}
	}
	if !j.dry && j.refuses() {
		return &auditError{audit.Refusing(j.findings)}
	}
	return nil
}

func (j *jail) refuses() bool { return audit.Refuses(j.profile.Policy, j.findings) }

// auditError says that the audit refused, and for which findings.
type auditError struct{ findings []audit.Finding }

// Error names the checks.
func (e *auditError) Error() string {
	text := "the checks are not complete"
	for i := range e.findings {
		if i == 0 {
			text = e.findings[i].Check
			continue
		}
		text += ", " + e.findings[i].Check
	}
	return text
}
