package runner_test

import (
	"testing"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// Where the step that shuts a way to host processes is left out, so that what is
// true is what a weaker profile declares, the strict profile's words are not: the
// checks say fail.
func TestVictimIsReached(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, c := range []struct {
		name, carriedOut string
		promised         ns.Kind
		checks           []string
	}{
		{"no pid namespace", "minimal", ns.PID, []string{"proc.kill", "proc.prlimit", "net.proc"}},
		{"no user namespace", "audit-only", ns.User, []string{"proc.ptrace", "proc.pidfd-getfd", "proc.links"}},
	} {
		for _, l := range []runner.Launcher{runner.LauncherLoop, runner.LauncherStage} {
			weak := bundled(t, c.carriedOut)
			x := trial{policy: weak, argv: []string{"/bin/true"}, full: true, options: runner.Options{Launcher: l}}
			if err := x.run(t); err != nil {
				t.Errorf("%s, %s: %v", c.name, l, err)
				continue
			}
			strict := *weak
			strict.Namespaces[c.promised] = policy.NamespaceNew
			x.findings = audit.Evaluate(&strict, audit.NewExpect(&strict, x.host, x.plan), x.evidence)
			for _, check := range c.checks {
				if f := x.finding(t, check); f.Verdict != audit.Fail {
					t.Errorf("%s, %s: %s: %+v", c.name, l, check, f)
				}
			}
			if x.evidence.Victim.UID != x.evidence.Outside.UIDs.Value.Effective {
				t.Errorf("%s: the victim's uid is %d, the command's %d", c.name, x.evidence.Victim.UID, x.evidence.Outside.UIDs.Value.Effective)
			}
			for try, why := range x.evidence.Victim.Controls {
				if why != "" {
					t.Errorf("%s: netjail's own %s: %s", c.name, try, why)
				}
			}
		}
	}
}

// A victim that has been ended tells nothing, and is ended once.
func TestPreyEnds(t *testing.T) {
	p, err := runner.NewPrey()
	if err != nil {
		t.Fatal(err)
	}
	if v := p.Result(); !v.State.Known || v.State.Value.Tracer != 0 || v.State.Value.Limited || v.State.Value.Marks != [2]bool{} {
		t.Errorf("before anything was tried: %+v", v.State)
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	if v := p.Result(); v.State.Known {
		t.Errorf("after its end: %+v", v.State)
	}
}
