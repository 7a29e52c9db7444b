package runner_test

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/caps/library"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/sys"
	"github.com/netjail/netjail/profiles"
)

// TestMain lets the test binary be what netjail is to the stage and to the
// reaper in Go: the program that they execute again.
func TestMain(m *testing.M) {
	switch os.Args[0] {
	case nothing:
		os.Exit(0)
	case beginning:
		begin()
	case plan.ReaperArgv0:
		sys.Reap(os.Args)
		os.Exit(0)
	case runner.VictimArgv0:
		if runner.Victim() != nil {
			os.Exit(125)
		}
		os.Exit(0)
	case runner.StageArgv0:
		runtime.LockOSThread()
		fmt.Fprintln(os.Stderr, runner.Stage(os.Args))
		os.Exit(125)
	}
	os.Exit(m.Run())
}

// nothing is the argv[0] by which the test binary does nothing.
const nothing = "nothing"

// callersEnvironment is that of every trial.
var callersEnvironment = [...]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "GITHUB_TOKEN=x"}

// trial is one start of a command under a policy, on this kernel.
type trial struct {
	policy  *policy.Policy
	argv    []string
	path    string // of the command; empty for argv[0]
	options runner.Options
	full    bool
	// mutate changes the plan before it runs.
	mutate func(*plan.Plan) *plan.Plan
	// meanwhile is called with the command's process while it waits at its last gate,
	// and again where it is held.
	meanwhile func(pid int)
	// lay changes what the command is to see as its files.
	lay func(*plan.Host)
	// judged is called while the command waits at the last gate, judged.
	judged func(*evidence.Evidence)

	host     *plan.Host
	plan     *plan.Plan
	evidence *evidence.Evidence
	findings []audit.Finding
	result   *runner.Result
}

// bundled is a bundled profile's policy.
func bundled(t testing.TB, name string) *policy.Policy {
	t.Helper()
	r, ok := profiles.Lookup(name)
	if !ok {
		t.Fatalf("no bundled profile %q", name)
	}
	p := *r.Policy
	return &p
}

// plain is offline with the caller's files: trees have tests of their own.
func plain(t testing.TB) *policy.Policy {
	p := bundled(t, "offline")
	p.Filesystem, p.Sockets.Unix = bundled(t, "base").Filesystem, policy.UnixDeny
	return p
}

// policyOf is a bundled profile, or plain.
func policyOf(t testing.TB, name string) *policy.Policy {
	if name == "plain" {
		return plain(t)
	}
	return bundled(t, name)
}

// run carries the trial out. The calling goroutine's thread is its own from then
// on.
func (x *trial) run(t testing.TB) error {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var err error
	if x.host, err = host.Snapshot(x.policy, x.argv[0]); err != nil {
		t.Fatal(err)
	}
	if x.lay != nil {
		x.lay(x.host)
	}
	var options plan.Options
	if x.full {
		x.options.Full, options.Full, x.options.Capget = true, true, library.OfProcess
		if x.options.Canary, err = runner.NewCanary(); err != nil {
			t.Fatal(err)
		}
		defer x.options.Canary.Close()
		options.Listener = x.options.Canary.Port()
		if x.options.Lures, err = runner.NewLures([]string{"/tmp"}); err != nil {
			t.Fatal(err)
		}
		defer x.options.Lures.Close()
		options.Unix, options.Late = x.options.Lures.Targets(), true
		if x.options.Baits, err = runner.NewBaits([]string{"/tmp"}); err != nil {
			t.Fatal(err)
		}
		defer x.options.Baits.Close()
		options.Baits = x.options.Baits.Targets()
		if x.options.Prey, err = runner.NewPrey(); err != nil {
			t.Fatal(err)
		}
		defer x.options.Prey.Close()
		x.options.NetHandle = runner.NewNetHandle()
		options.Victim, options.NetHandle = x.options.Prey.Target(), x.options.NetHandle.Handle()
	}
	if x.meanwhile != nil {
		x.options.Capget = func(pid int) (caps.Sets, error) {
			x.meanwhile(pid)
			return library.OfProcess(pid)
		}
	}
	command := &plan.Command{Path: cmp.Or(x.path, x.argv[0]), Argv: x.argv, Env: x.policy.Process.Environment.Resolve(callersEnvironment[:])}
	if x.plan, err = plan.Build(x.policy, x.host, command, options); err != nil {
		return err
	}
	expect := audit.NewExpect(x.policy, x.host, x.plan)
	if x.mutate != nil {
		x.plan = x.mutate(x.plan)
	}
	x.options.Judge = func(e *evidence.Evidence) error {
		x.evidence = e
		x.findings = audit.Evaluate(x.policy, expect, e)
		if x.judged != nil {
			x.judged(e)
		}
		if audit.Refuses(x.policy, x.findings) {
			return fmt.Errorf("%v", x.refusing())
		}
		return nil
	}
	x.result, err = runner.Run(x.plan, x.host, x.options)
	return err
}

// finding is what one check found.
func (x *trial) finding(t testing.TB, check string) audit.Finding {
	t.Helper()
	for _, f := range x.findings {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("nobody asked for %s", check)
	return audit.Finding{}
}

// refusing are the checks that stand against the start.
func (x *trial) refusing() []string {
	var ids []string
	for _, f := range audit.Refusing(x.findings) {
		ids = append(ids, f.Check)
	}
	return ids
}
