package runner_test

import (
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
)

// TestTimeoutSpoilt: a timer that was not started is noticed.
func TestTimeoutSpoilt(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	p := bundled(t, "base")
	p.Process.Timeout = 600
	for _, pretended := range []bool{false, true} {
		if got := spoilNamed(t, p, plan.TimeoutOp, pretended); !slices.Contains(got.Checks, "proc.timeout") {
			t.Errorf("only claimed %t: %+v", pretended, got)
		}
	}
	shorter := func(l *plan.Plan) *plan.Plan {
		other := *l
		other.Ops = slices.Clone(l.Ops)
		o := &other.Ops[l.Index(plan.TimeoutOp)]
		o.Args = []plan.Arg{{Value: 60}}
		return &other
	}
	if got := spoil(t, p, false, shorter); !slices.Contains(got.Checks, "proc.timeout") {
		t.Errorf("another length: %+v", got)
	}
	jailtest.AlsoAsUser(t)
}

// TestTimeoutEnds: by either launcher, with and without a pid namespace, stopped or
// not, and how the command ended is told.
func TestTimeoutEnds(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, launcher := range launchers() {
		for _, name := range []string{"base", "minimal"} {
			for script, killed := range map[string]bool{
				"exec sleep 60":                             false,
				"kill -STOP $$; exec sleep 60":              false,
				"trap '' TERM; while :; do sleep 0.1; done": true,
				"trap '' TERM; kill -STOP $$; kill -STOP $$; while :; do kill -STOP $$; done": true,
			} {
				p := bundled(t, name)
				p.Process.Timeout = 1
				x := trial{policy: p, argv: []string{"/bin/sh", "-c", script}, options: runner.Options{Launcher: launcher, Grace: 300 * time.Millisecond}}
				begin := time.Now()
				err := x.run(t)
				if err != nil || !x.result.TimedOut || x.result.Killed != killed || time.Since(begin) < time.Second {
					t.Errorf("%s, %s, %s: %v, %+v", launcher, name, script, err, x.result)
					continue
				}
				if want := map[bool]unix.Signal{false: unix.SIGTERM, true: unix.SIGKILL}[killed]; x.result.Status.Signal() != want {
					t.Errorf("%s, %s, %s: ended by %v", launcher, name, script, x.result.Status.Signal())
				}
			}
		}
	}
	jailtest.AlsoAsUser(t)
}
