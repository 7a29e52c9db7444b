package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

// notWaivable are the checks of netjail's own work.
var notWaivable = []string{"evidence.disagree", "host.mounts", "host.unchanged", "ids.fsuid", "proc.reaper", "proc.signals", "profile.additions"}

// TestWaivable: package policy, which reads waivers, knows every rule that may be
// waived, and no other name.
func TestWaivable(t *testing.T) {
	names := policy.WaivableChecks()
	for _, r := range Rules() {
		if slices.Contains(names, r.ID) == slices.Contains(notWaivable, r.ID) {
			t.Errorf("%s: belongs either to policy.WaivableChecks or to the checks of netjail's own work", r.ID)
		}
	}
	for _, name := range names {
		if _, ok := Lookup(name); !ok {
			t.Errorf("%s is no rule", name)
		}
	}
	if !slices.IsSorted(names) {
		t.Error("the names are not sorted")
	}
}

func waived(checks ...string) func(*Case) {
	return func(c *Case) {
		for _, check := range checks {
			c.Policy.Audit.Waivers = append(c.Policy.Audit.Waivers, policy.Waiver{Check: check, Reason: "on purpose"})
		}
	}
}

func findingOf(t *testing.T, c *Case, check string) Finding {
	t.Helper()
	for _, f := range evaluate(c) {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("no finding of %s", check)
	return Finding{}
}

func TestWaiver(t *testing.T) {
	broken := func(c *Case) { c.Evidence.Inside.DeathSig = evidence.Known(0, "prctl(2)") }
	for _, row := range []struct {
		name    string
		check   string
		change  func(*Case)
		verdict Verdict
		waiver  string
		note    string
		refuses bool
	}{
		{"fails, and is not waived", "proc.parent-death", broken, Fail, "", "outlive", true},
		{"fails", "proc.parent-death", all(broken, waived("proc.parent-death")), Declared, "on purpose", "outlive", false},
		{"another fails", "proc.parent-death", all(broken, waived("proc.umask")), Fail, "", "outlive", true},
		{"holds", "proc.parent-death", waived("proc.parent-death"), Pass, "", "for nothing", false},
		{"unknown", "proc.parent-death", all(func(c *Case) { lost(&c.Evidence.Inside.DeathSig) }, waived("proc.parent-death")), Unknown, "", "failures alone", true},
		{"contradiction", "proc.no-new-privs", all(func(c *Case) { c.Evidence.Outside.NoNewPrivs.Value = false }, waived("proc.no-new-privs")), Fail, "", "no contradiction", true},
	} {
		c := healthy()
		row.change(c)
		f := findingOf(t, c, row.check)
		if f.Verdict != row.verdict || f.Waiver != row.waiver || !strings.Contains(f.Note, row.note) {
			t.Errorf("%s: %+v", row.name, f)
		}
		if got := Refuses(c.Policy, evaluate(c)); got != row.refuses {
			t.Errorf("%s: refuses: %v", row.name, got)
		}
	}
}

func TestUnusedWaivers(t *testing.T) {
	c := healthy()
	c.Evidence.Inside.DeathSig = evidence.Known(0, "prctl(2)")
	waived("proc.parent-death", "proc.umask")(c)
	if got := UnusedWaivers(evaluate(c), []string{"proc.parent-death", "proc.umask"}); !slices.Equal(got, []string{"proc.umask"}) {
		t.Errorf("unused: %v", got)
	}
}
