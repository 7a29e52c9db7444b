package runner_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/sys"
	"github.com/netjail/netjail/profiles"
)

// changing is what differs from start to start: the numbers of processes, of
// namespaces and of the canary's port.
var changing = regexp.MustCompile(`\d+`)

// judged is a finding without what differs between launchers and starts.
type judged struct{ Check, Verdict, Scope, Side, Expected, Found string }

func judgedOf(findings []audit.Finding) []judged {
	var all []judged
	for _, f := range findings {
		found := changing.ReplaceAllString(f.Found, "N")
		if f.Check == "proc.threads" || f.Check == "proc.reaper" {
			found = "" // the stage, and its reaper, have what a Go runtime has
		}
		all = append(all, judged{f.Check, f.Verdict.String(), f.Scope.String(), f.Side.String(), changing.ReplaceAllString(f.Expected, "N"), found})
	}
	return all
}

// TestLaunchersAgree runs every bundled profile and the one with everything by
// both launchers: the audit finds the same.
func TestLaunchersAgree(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	if !sys.HasLoop {
		t.Skip("this architecture has one launcher")
	}
	policies := map[string]*policy.Policy{"everything": everything(t)}
	policies["everything"].Namespaces[ns.Time] = policy.NamespaceHost // which not every kernel has new: see TestTime
	for _, name := range profiles.Names() {
		policies[name] = bundled(t, name)
		if f := &policies[name].Filesystem; f.Home == policy.HomeEphemeral && os.Getuid() == jailtest.Stranger {
			f.Home = policy.HomeHidden // a stranger has no line in the password file, and so no home
		}
	}
	for name, p := range policies {
		for _, full := range []bool{false, true} {
			by := func(l runner.Launcher) []judged {
				x := &trial{policy: p, argv: []string{"/bin/true"}, full: full, options: runner.Options{Launcher: l, Hold: full}}
				if err := x.run(t); err != nil {
					t.Fatalf("%s by the %s: %v", name, l, err)
				}
				if x.result.Launcher != l || x.evidence.Launcher != l.String() || x.result.Status != 0 {
					t.Errorf("%s: launcher %s, in the evidence %s, want %s; status %#x", name, x.result.Launcher, x.evidence.Launcher, l, x.result.Status)
				}
				return judgedOf(x.findings)
			}
			if diff := cmp.Diff(by(runner.LauncherLoop), by(runner.LauncherStage)); diff != "" {
				t.Errorf("%s, full %t: the loop's and the stage's findings differ:\n%s", name, full, diff)
			}
		}
	}
	jailtest.AlsoAsUser(t)
}
