package runner_test

import (
	"testing"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// TestWaiverLetsGo starts a command that would outlive netjail: the check fails
// and refuses the start and, where the profile waives it under enforce, says why
// the command runs.
func TestWaiverLetsGo(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	outliving := func(l *plan.Plan) *plan.Plan {
		for _, op := range []string{"parent-death", "parent-death.again"} {
			if i := l.Index(op); i >= 0 {
				l = l.Without(i)
			}
		}
		return l
	}
	p := plain(t)
	refused := trial{policy: p, argv: []string{"/bin/true"}, mutate: outliving}
	if err := refused.run(t); err == nil {
		t.Fatal("without a waiver the command ran")
	}
	p.Audit.Waivers = []policy.Waiver{{Check: "proc.parent-death", Reason: "the test wants it"}}
	waived := trial{policy: p, argv: []string{"/bin/true"}, mutate: outliving}
	if err := waived.run(t); err != nil {
		t.Fatalf("with a waiver: %v", err)
	}
	for _, f := range waived.findings {
		if f.Check == "proc.parent-death" && (f.Verdict != audit.Declared || f.Waiver != "the test wants it") {
			t.Errorf("the finding is %+v", f)
		}
	}
}
