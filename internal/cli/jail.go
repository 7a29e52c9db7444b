package cli

import (
	"errors"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/internal/runner"
)

// jail is one start: what `run` and `audit` have in common.
type jail struct {
	profile *profile
	argv    []string
	env     []string
	// path is the file that is executed.
	path string
	// found is the search that led there.
	found *search
	// thorough makes the dear attempts and holds the command at its first
	// instruction.
	thorough bool
	// atExit looks once more when the command ends.
	atExit bool
	// dry ends the command where it would be let go.
	dry      bool
	launcher runner.Launcher
	// gate, where it is not nil, sees the findings before they are acted upon.
	gate func() error
	// version is netjail's.
	version func() string
	// capget is the second source of a thorough audit.
	capget evidence.CapReader

	// begun is what was begun before the plan; nil for nothing.
	begun    *Begun
	host     *plan.Host
	plan     *plan.Plan
	findings []audit.Finding
	used     string // the launcher, as the evidence names it
	failed   bool   // netjail could not do the work; a refusal is none of that
	// mounts tells of changes since the start was begun; nil where they make no
	// difference. again is true where a start that went wrong is made again, and
	// mayRepeat where it may be.
	mounts           *host.MountWatch
	again, mayRepeat bool
	// planted is what came into being while the command ran and the host obeys.
	planted []host.Planted
	// began are the namespaces that the command was in at its first instruction, and
	// end is what was said at its end; nil for nothing.
	began *audit.Namespaces
	end   *report.AtExit
}

// newJail resolves the profile and the command's environment.
func (a *app) newJail(s *selection, profileArg string, argv []string) (*jail, error) {
	p, err := s.load(a, profileArg)
	if err != nil {
		return nil, err
	}
	return &jail{profile: p, capget: a.readers.Capget, version: a.readers.Version, argv: argv, env: p.Policy.Process.Environment.Resolve(a.environ)}, nil
}

// mostStarts is how often a start is made where somebody mounts meanwhile each
// time.
const mostStarts = 20

// run starts the jail and stays with the command until it ends. What somebody
// mounts or unmounts while a jail is made of the mount table that was read before
// makes a start fail that nothing is wrong with: as long as the command has not
// run, it is made again, from the beginning.
//
// Errors: those of host.Snapshot, plan.Build (as *refused) and runner.Run, where
// a *runner.RefusedError holds an *auditError.
func (j *jail) run() (*runner.Result, error) {
	child, mounts := j.begun.take()
	for left := mostStarts - 1; ; left-- {
		if j.mounts = mounts; mounts == nil {
			j.mounts = watch(j.profile.Policy)
		}
		j.again, j.mayRepeat = false, left > 0
		result, err := j.once(child)
		var exec *runner.ExecError
		if err != nil && !ran(result, err) && !errors.As(err, &exec) && !j.again {
			j.again = j.mayRepeat && j.mounts.Changed()
		}
		j.mounts.Close()
		if !j.again {
			return result, err
		}
		child, mounts = nil, nil
	}
}

// once makes one start, with the child that was begun, if there is one.
func (j *jail) once(child *runner.Begun) (*runner.Result, error) {
	o := runner.Options{
		Judge: j.judge, Hold: j.thorough, AtEnd: j.atExit, Full: j.thorough, Dry: j.dry, Launcher: j.launcher, Begun: child,
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
	plants := host.NewPlants(j.host.Tree)
	result, err := runner.Run(j.plan, j.host, o)
	if ran(result, err) && !j.dry {
		j.planted = plants.Planted()
	}
	return result, err
}

// ran says whether the command was started, however it ended.
func ran(result *runner.Result, err error) bool {
	var lost *runner.LostError
	return result != nil || errors.As(err, &lost)
}

// build takes the snapshot, once everything that stays open is open, and makes
// the plan.
func (j *jail) build(r *runner.Options) error {
	var err error
	path := j.path
	if j.blind() {
		path = ""
	}
	if j.host, err = host.Snapshot(j.profile.Policy, path); err != nil {
		return err
	}
	j.host.NamedFDs = host.NamedFDs(j.argv)
	o := plan.Options{Full: j.thorough}
	if r.Canary != nil {
		o.Listener = r.Canary.Port()
	}
	if r.Lures != nil {
		o.Unix, o.Late = r.Lures.Targets(), true
	}
	if r.Baits != nil {
		o.Baits = r.Baits.Targets()
	}
	if r.Prey != nil {
		o.Victim, o.NetHandle = r.Prey.Target(), r.NetHandle.Handle()
	}
	j.plan, err = plan.Build(j.profile.Policy, j.host, j.command(), o)
	if err != nil {
		return &refused{err, j.profile.Origins}
	}
	return nil
}

func (j *jail) command() *plan.Command {
	if j.blind() && len(j.found.all) > 0 {
		last := len(j.found.all) - 1
		return &plan.Command{Path: j.found.all[last], Before: j.found.all[:last], Argv: j.argv, Env: j.env}
	}
	return &plan.Command{Path: j.file(), Argv: j.argv, Env: j.env}
}

// search looks for the command: among the caller's files, or blindly where the files
// are those of a mount namespace that is joined.
func (j *jail) search(name string) *search {
	j.found = newSearch(name, j.env)
	j.found.blind = j.profile.Policy.Namespaces[ns.Mount] == policy.NamespaceJoin
	return j.found
}

func (j *jail) blind() bool { return j.found != nil && j.found.blind }

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
	p := j.plan.Policy
	x := audit.NewExpect(p, j.host, j.plan)
	x.Named = j.profile.Policy
	if j.profile.named != nil {
		x.Named, x.Added = j.profile.named, j.profile.added
	}
	j.findings = audit.Evaluate(p, x, e)
	j.used = e.Launcher
	if e.AfterExec != nil {
		j.began = &e.AfterExec.Namespaces
	}
	if j.mayRepeat && len(audit.Refusing(j.findings)) > 0 && j.mounts.Changed() {
		j.again = true
		return &auditError{audit.Refusing(j.findings)}
	}
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

func (j *jail) refuses() bool { return audit.Refuses(j.plan.Policy, j.findings) }

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
