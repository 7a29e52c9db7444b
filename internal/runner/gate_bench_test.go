package runner_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// gateOps are the first words of the ops that do nothing but find out: readings,
// attempts with their controls, the filter's probes and what netjail reads at the
// gate.
var gateOps = []string{"read.", "attempt.", "probe.", "signal.", "audit", "pid1.audit"}

// unaudited is a plan without them. Only a benchmark can run one: the product has
// no way to switch the audit off.
func unaudited(l *plan.Plan) *plan.Plan {
	for i := len(l.Ops) - 1; i >= 0; i-- {
		name := l.Ops[i].Name
		if slices.ContainsFunc(gateOps, func(p string) bool { return strings.HasPrefix(name, p) }) {
			l = l.Without(i)
		}
	}
	return l
}

// cost is what a start takes.
type cost struct{ wall, cpu time.Duration }

// startOnce starts true(1) and says what that took, from the snapshot on.
func startOnce(b *testing.B, profile string, audited bool) cost {
	p := policyOf(b, profile)
	begin, before := time.Now(), spent(b)
	h, err := host.Snapshot(p, "/bin/true")
	if err != nil {
		b.Fatal(err)
	}
	l, err := plan.Build(p, h, &plan.Command{Path: "/bin/true", Argv: []string{"true"}, Env: p.Process.Environment.Resolve(callersEnvironment[:])}, plan.Options{})
	if err != nil {
		b.Fatal(err)
	}
	so := cost{time.Since(begin), spent(b) - before}
	bare := unaudited(l) // of which no start pays anything
	begin, before = time.Now(), spent(b)
	if audited {
		err = runAudited(p, h, l)
	} else {
		err = runner.RunUnread(bare, h)
	}
	if err != nil {
		b.Fatal(err)
	}
	return cost{so.wall + time.Since(begin), so.cpu + spent(b) - before}
}

func runAudited(p *policy.Policy, h *plan.Host, l *plan.Plan) error {
	expect := audit.NewExpect(p, h, l)
	_, err := runner.Run(l, h, runner.Options{Judge: func(e *evidence.Evidence) error {
		if findings := audit.Evaluate(p, expect, e); audit.Refuses(p, findings) {
			return fmt.Errorf("%+v", audit.Refusing(findings))
		}
		return nil
	}})
	return err
}

// spent is the processor time of this process and of those that have ended.
func spent(b *testing.B) time.Duration {
	var all time.Duration
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if err := unix.Getrusage(who, &u); err != nil {
			b.Fatal(err)
		}
		all += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return all
}

// BenchmarkGate starts with the audit and without, one behind the other in an
// order of chance, and reports the median of the ratios, and the ratio of the
// processor time, which tells something on a machine that others use as well: who
// waits there waits for them, and who reads meanwhile does not.
func BenchmarkGate(b *testing.B) {
	jailtest.Require(b, "userns", "netns", "pidns")
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, profile := range []string{"minimal", "plain", "offline-strict"} {
		b.Run(profile, func(b *testing.B) {
			var ratios []float64
			var cpu [2]time.Duration
			for range b.N {
				var took [2]cost
				for _, i := range rand.Perm(2) {
					time.Sleep(8 * time.Millisecond) // the last jail's teardown goes on in the background
					took[i] = startOnce(b, profile, i == 1)
					cpu[i] += took[i].cpu
				}
				ratios = append(ratios, float64(took[1].wall)/float64(took[0].wall))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "audited/unaudited")
			b.ReportMetric(float64(cpu[1])/float64(cpu[0]), "cpu-audited/unaudited")
		})
	}
}

// TestUnauditedReadsNothing: what the benchmark compares with has no reading left.
func TestUnauditedReadsNothing(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, profile := range []string{"minimal", "plain", "offline-strict"} {
		p := policyOf(t, profile)
		h, err := host.Snapshot(p, "/bin/true")
		if err != nil {
			t.Fatal(err)
		}
		l, err := plan.Build(p, h, &plan.Command{Path: "/bin/true", Argv: []string{"true"}}, plan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		bare := unaudited(l)
		for _, o := range bare.Ops {
			if o.Fact != "" && o.Name != "keyring.join" || o.Call == plan.DeedAudit {
				t.Errorf("%s: %s is left", profile, o.Name)
			}
		}
		if len(bare.Ops) >= len(l.Ops) {
			t.Errorf("%s: nothing was taken away", profile)
		}
	}
}
