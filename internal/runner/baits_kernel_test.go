package runner_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
)

// without is a plan that lacks the ops of these names, or whose names begin so.
func without(l *plan.Plan, names ...string) *plan.Plan {
	other := *l
	other.Ops = slices.DeleteFunc(slices.Clone(l.Ops), func(o plan.Op) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			head, glob := strings.CutSuffix(name, "*")
			return o.Name == name || glob && strings.HasPrefix(o.Name, head)
		})
	})
	return &other
}

// sharing is a plan whose child stays in namespaces of netjail's.
func sharing(l *plan.Plan, flag uintptr) *plan.Plan {
	other := *l
	other.Flags &^= flag
	return &other
}

// TestBaitsAreReached leaves out what shuts each bait away: its check fails, on
// the word of what arrived.
func TestBaitsAreReached(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, c := range []struct {
		name, profile string
		change        func(*plan.Plan) *plan.Plan
		checks        []string
	}{
		{"ipc namespace", "offline-strict", func(l *plan.Plan) *plan.Plan { return sharing(l, unix.CLONE_NEWIPC) }, []string{"ipc.sysv", "ipc.mqueue"}},
		{"network namespace", "offline-strict", func(l *plan.Plan) *plan.Plan {
			return without(sharing(l, unix.CLONE_NEWNET), "loopback.*")
		}, []string{"net.loopback-services"}},
		{"new root", "offline-strict", func(l *plan.Plan) *plan.Plan { return without(l, "mount.root.pivot") }, []string{"escape.fifo", "ipc.posix-shm"}},
		{"session keyring", "base", func(l *plan.Plan) *plan.Plan { return without(l, plan.JoinOp) }, []string{"keys.request"}},
		{"filter", "base", func(l *plan.Plan) *plan.Plan { return without(l, "filter") }, []string{"sockets.families", "keys.request"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := trial{policy: bundled(t, c.profile), argv: []string{"/bin/true"}, full: true}
			if err := x.run(t); err != nil {
				t.Fatalf("nothing left out: %v", err)
			}
			for _, check := range c.checks {
				if f := x.finding(t, check); f.Verdict != audit.Pass && f.Verdict != audit.Declared {
					t.Errorf("nothing left out: %+v", f)
				}
			}
			x.mutate = c.change
			if err := x.run(t); err == nil {
				t.Error("the command started")
			}
			for _, check := range c.checks {
				if f := x.finding(t, check); f.Verdict != audit.Fail {
					t.Errorf("%+v", f)
				}
			}
		})
	}
	jailtest.AlsoAsUser(t)
}
