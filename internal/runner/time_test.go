package runner_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// TestTime gives the command a time namespace of its own, by each launcher, with
// and without a new pid namespace, judged before its execve and behind it. The
// command itself says that it is in another than this test.
func TestTime(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "timens")
	script := fmt.Sprintf(`test "$(readlink /proc/self/ns/time)" != '%s'`, jailtest.Namespace(os.Getpid(), "time"))
	for _, pid := range []policy.NamespaceMode{policy.NamespaceNew, policy.NamespaceHost} {
		for _, l := range []runner.Launcher{runner.LauncherLoop, runner.LauncherStage} {
			for _, hold := range []bool{false, true} {
				name := fmt.Sprintf("pid %d, %s, held %t", pid, l, hold)
				p := plain(t)
				p.Namespaces[ns.Time], p.Namespaces[ns.PID] = policy.NamespaceNew, pid
				x := &trial{policy: p, argv: []string{"/bin/sh", "-c", script}, options: runner.Options{Launcher: l, Hold: hold}}
				if err := x.run(t); err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				if x.result.Status != 0 {
					t.Errorf("%s: the command is in this test's time namespace", name)
				}
				want := audit.BasisByRule
				if hold {
					want = audit.BasisAfterExec
				}
				if f := x.finding(t, "ns.time"); f.Verdict != audit.Pass || f.Basis != want {
					t.Errorf("%s: %+v, want a pass %s", name, f, want)
				}
			}
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestTimeIsNoticed leaves the step out, or has it do nothing.
func TestTimeIsNoticed(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "timens")
	p := bundled(t, "minimal")
	p.Namespaces[ns.Time] = policy.NamespaceNew
	for _, pretended := range []bool{false, true} {
		if got := spoilNamed(t, p, "time", pretended); !slices.Contains(got.Checks, "ns.time") {
			t.Errorf("claiming success: %t: %+v", pretended, got)
		}
	}
	jailtest.AlsoAsUser(t)
}
