package audit

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

func evaluate(c *Case) []Finding { return Evaluate(c.Policy, c.Expect, c.Evidence) }

func TestEvaluateAsksEveryRuleOnce(t *testing.T) {
	findings := evaluate(healthy())
	var got, want []string
	for _, f := range findings {
		got = append(got, f.Check)
	}
	for _, r := range Rules() {
		want = append(want, r.ID)
	}
	for _, c := range Channels() {
		want = append(want, c.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestIDsAreUniqueAndDotted(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	check := func(id string) {
		if !form.MatchString(id) || seen[id] {
			t.Errorf("bad or repeated id %q", id)
		}
		seen[id] = true
	}
	for _, r := range Rules() {
		check(r.ID)
	}
	for _, c := range Channels() {
		check(c.ID)
	}
}

func TestRulesAreDocumented(t *testing.T) {
	for _, r := range Rules() {
		for _, text := range []string{r.Proves, r.Evidence, r.Control, r.Remedy, r.Key} {
			if text == "" {
				t.Errorf("%s: a field of the documentation is empty", r.ID)
			}
		}
		if !strings.HasSuffix(r.Proves, ".") {
			t.Errorf("%s: Proves is no sentence: %q", r.ID, r.Proves)
		}
	}
	for _, c := range Channels() {
		if c.Title == "" || c.Reason == "" || strings.Contains(c.Reason, "\n") {
			t.Errorf("%s: a channel needs a title and a reason of one line", c.ID)
		}
	}
}

func TestHealthyStartDoesNotRefuse(t *testing.T) {
	for name, change := range map[string]func(*Case){"ordinary": same, "root": asRoot, "held": held, "full": full} {
		c := healthy()
		change(c)
		findings := evaluate(c)
		if Refuses(c.Policy, findings) {
			t.Errorf("%s: refused by %+v", name, Refusing(findings))
		}
	}
}

// TestNothingSeenRefuses is the property that matters: where nobody looked,
// nothing passes.
func TestNothingSeenRefuses(t *testing.T) {
	p := &policy.Policy{}
	findings := Evaluate(p, nil, &evidence.Evidence{})
	for _, f := range findings {
		if f.Verdict == Pass || f.Verdict == Declared {
			t.Errorf("%s: %v without evidence", f.Check, f.Verdict)
		}
	}
	if !Refuses(p, findings) {
		t.Error("a start of which nothing was seen must be refused")
	}
}

func TestFindingRefuses(t *testing.T) {
	for _, c := range []struct {
		finding Finding
		want    bool
	}{
		{Finding{}, true},
		{Finding{Verdict: Unknown, Scope: Examined}, true},
		{Finding{Verdict: Unknown, Scope: NotAttempted}, false},
		{Finding{Verdict: Unknown, Scope: NotExamined}, false},
		{Finding{Verdict: Fail}, true},
		{Finding{Verdict: Fail, Scope: NotAttempted}, true},
		{Finding{Verdict: Pass}, false},
		{Finding{Verdict: Declared}, false},
		{Finding{Verdict: NotApplicable}, false},
		{Finding{Verdict: verdicts}, true},
	} {
		if got := c.finding.Refuses(); got != c.want {
			t.Errorf("%+v: %v", c.finding, got)
		}
	}
}

func TestGate(t *testing.T) {
	c := healthy()
	findings := evaluate(c)
	if Refuses(c.Policy, findings) || len(Refusing(findings)) != 0 {
		t.Fatalf("refused: %+v", Refusing(findings))
	}
	for name, change := range map[string]func([]Finding) []Finding{
		"failed":      func(f []Finding) []Finding { f[3].Verdict = Fail; return f },
		"unknown":     func(f []Finding) []Finding { f[3].Verdict = Unknown; return f },
		"not asked":   func(f []Finding) []Finding { return slices.Delete(f, 3, 4) },
		"out of step": func(f []Finding) []Finding { f[3], f[4] = f[4], f[3]; return f },
		"none":        func([]Finding) []Finding { return nil },
	} {
		bad := change(slices.Clone(findings))
		if stands := len(Refusing(bad)); (stands == 1) != (name == "failed" || name == "unknown") {
			t.Errorf("%s: %d findings stand against the start", name, stands)
		}
		if !Refuses(c.Policy, bad) {
			t.Errorf("%s: not refused under enforce", name)
		}
		lax := *c.Policy
		lax.Audit.Mode = policy.AuditReport
		if Refuses(&lax, bad) {
			t.Errorf("%s: refused under report", name)
		}
	}
}

func TestNames(t *testing.T) {
	for _, v := range Verdicts() {
		if v.String() == "" {
			t.Errorf("verdict %d has no name", v)
		}
	}
	if NotApplicable.String() != "not applicable" || SideBoth.String() != "both" || NotExamined.String() != "not examined" {
		t.Error("a name has changed")
	}
	for _, basis := range []string{"", BasisAfterExec, BasisByRule, BasisBeforeExec} {
		if !slices.Contains(Bases(), basis) {
			t.Errorf("basis %q is not listed", basis)
		}
	}
	if len(Verdicts()) != int(verdicts) || len(Sides()) != int(sides) || len(Scopes()) != int(scopes) {
		t.Error("a list is not whole")
	}
}

func TestLookup(t *testing.T) {
	if r, ok := Lookup("caps.bounding"); !ok || r.ID != "caps.bounding" {
		t.Error("a rule is not found")
	}
	if _, ok := Lookup("caps.nonsense"); ok {
		t.Error("a rule is found that is none")
	}
	for _, want := range Channels() {
		if c, ok := LookupChannel(want.ID); !ok || c != want {
			t.Errorf("%s is not found", want.ID)
		}
	}
	if _, ok := LookupChannel("caps.bounding"); ok {
		t.Error("a rule is not a channel")
	}
}

func TestReference(t *testing.T) {
	page := string(Reference([]StepRow{{Step: "clone | all", Key: "namespaces", LeftOut: "`ns.user`, `ns.owner`", Pretended: "nothing"}}))
	for _, want := range []string{"### caps.bounding\n", "### proc.enter\n", `clone \| all`, "`ns.user`, `ns.owner`"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if strings.Contains(string(Reference(nil)), "notices which step") {
		t.Error("a table without rows")
	}
}

func BenchmarkEvaluate(b *testing.B) {
	c := healthy()
	b.ReportAllocs()
	for b.Loop() {
		if Refuses(c.Policy, evaluate(c)) {
			b.Fatal("refused")
		}
	}
}
