package runner_test

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/sys"
)

// TestDoomed: under the filter the calls of other tables end who makes them, and a
// user namespace is refused in earnest. Without the filter the same processes get
// what netjail's own get outside, and the audit says so.
func TestDoomed(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	killed := evidence.Death{Signal: "SIGSYS"}
	for _, l := range launchers() {
		t.Run(l.String(), func(t *testing.T) {
			x := trial{policy: plain(t), argv: []string{"/bin/true"}, full: true, options: runner.Options{Launcher: l}}
			if err := x.run(t); err != nil {
				t.Fatal(err)
			}
			tries := x.evidence.Inside.Tries
			if sys.HasCompat {
				if tries.Compat.Value != killed || tries.X32.Value != killed {
					t.Errorf("under the filter int 0x80 ended by %+v, x32 by %+v", tries.Compat, tries.X32)
				}
				x.wants(t, "seccomp.i386", audit.Pass, "")
			}
			x.wants(t, "ns.nested", audit.Pass, "in earnest: EPERM")
			x.mutate = func(l *plan.Plan) *plan.Plan { return without(l, "filter") }
			if err := x.run(t); err == nil {
				t.Error("without the filter the command started")
			}
			x.asOutside(t)
			x.wants(t, "ns.nested", audit.Fail, "")
			if tries := x.evidence.Inside.Tries; tries.Nested.Value != (evidence.Death{}) {
				t.Errorf("without the filter a user namespace was refused: %+v", tries.Nested)
			}
		})
	}
	jailtest.AlsoAsUser(t)
}

// TestDoomedUnfiltered: a profile without a filter leaves both tables open on
// purpose, and the report says what answers.
func TestDoomedUnfiltered(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, l := range launchers() {
		x := trial{policy: bundled(t, "minimal"), argv: []string{"/bin/true"}, full: true, options: runner.Options{Launcher: l}}
		if err := x.run(t); err != nil {
			t.Fatal(err)
		}
		x.asOutside(t)
		x.wants(t, "seccomp.i386", audit.Declared, "outside")
		if f := x.finding(t, "ns.nested"); f.Verdict != audit.Declared || x.plan.Index("attempt.doomed.nested") >= 0 {
			t.Errorf("%s: nobody shuts user namespaces, and yet one was tried: %+v", l, f)
		}
	}
	jailtest.AlsoAsUser(t)
}

// asOutside wants what a doomed process got to be what netjail's own got.
func (x *trial) asOutside(t *testing.T) {
	t.Helper()
	if !sys.HasCompat {
		return
	}
	tries, own := x.evidence.Inside.Tries, x.evidence.Baits.Compat
	if tries.Compat.Value != own.I386.Value || !own.I386.Known {
		t.Errorf("int 0x80: %+v, outside %+v", tries.Compat, own.I386)
	}
	if tries.X32.Value != own.X32.Value || !own.X32.Known {
		t.Errorf("x32: %+v, outside %+v", tries.X32, own.X32)
	}
}

// wants is what a check is to find.
func (x *trial) wants(t *testing.T, check string, v audit.Verdict, found string) {
	t.Helper()
	if f := x.finding(t, check); f.Verdict != v || !strings.Contains(f.Found, found) {
		t.Errorf("%s: %+v", check, f)
	}
}

// TestDoomedFullOnly: a run that is no full audit makes no such process.
func TestDoomedFullOnly(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	x := trial{policy: plain(t), argv: []string{"/bin/true"}}
	if err := x.run(t); err != nil {
		t.Fatal(err)
	}
	for i := range x.plan.Ops {
		if x.plan.Ops[i].Actor == plan.Doomed || plan.MakesAside(x.plan.Ops[i].Name) {
			t.Errorf("the plan has %s", x.plan.Ops[i].Name)
		}
	}
	if f := x.finding(t, "seccomp.i386"); f.Scope != audit.NotAttempted || f.Refuses() {
		t.Errorf("%+v", f)
	}
}

// TestDoomedLeavesNoSignal: the command of a caller who blocks SIGCHLD finds none
// pending, although its process has had children that ended.
func TestDoomedLeavesNoSignal(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	const look = `while read key value; do case $key in SigPnd:|ShdPnd:) [ $value = 0000000000000000 ] || exit 9;; esac; done </proc/self/status`
	for _, l := range launchers() {
		x := trial{
			policy: plain(t), argv: []string{"/bin/sh", "-c", look}, full: true, options: runner.Options{Launcher: l},
			lay: func(h *plan.Host) { h.Blocked |= 1 << (unix.SIGCHLD - 1) },
		}
		if err := x.run(t); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		if x.result.Status != 0 {
			t.Errorf("%s: the command ended with %#x", l, x.result.Status)
		}
	}
	jailtest.AlsoAsUser(t)
}
