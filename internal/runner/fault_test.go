package runner_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
)

// faults are the ways in which an op can fail.
var faults = []struct {
	name   string
	inject func(*plan.Op)
}{
	{"errno", func(o *plan.Op) {
		// EBADF is no answer that any op accepts.
		o.Call, o.Number, o.Args, o.Each, o.Expect = "close", 0, []plan.Arg{{Value: ^uint64(0)}}, nil, plan.Expect{}
	}},
	{"result", func(o *plan.Op) { o.Expect = plan.Expect{Mode: plan.ExpectEqual, Want: 0x7ead} }},
}

// TestFaults makes every op of the plan fail: the error names it, the command
// never ran, and nothing of the start is left.
func TestFaults(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, c := range []struct {
		profile  string
		launcher runner.Launcher
	}{{"plain", runner.LauncherAuto}, {"minimal", runner.LauncherAuto}, {"minimal", runner.LauncherStage}} {
		t.Run(c.profile+"/"+c.launcher.String(), func(t *testing.T) {
			f := newFaults(t, c.profile, c.launcher)
			for i := range f.base.Ops {
				o := &f.base.Ops[i]
				if o.Actor == plan.Parent || o.Name == plan.ExecOp {
					continue
				}
				for _, fault := range faults {
					if o.Name == "pid1.exec" && fault.name == "result" {
						continue // a success has no result
					}
					f.fail(t, i, fault.name, fault.inject)
				}
			}
		})
	}
	jailtest.AlsoAsUser(t)
}

// TestFaultsOfTheParent is TestFaults for what netjail does itself. Groups have a
// test of their own; the look at pid 1 cannot fail, it can only be missing, which
// the mutations show.
func TestFaultsOfTheParent(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, profile := range []string{"plain", "minimal"} {
		f := newFaults(t, profile, runner.LauncherAuto)
		for i := range f.base.Ops {
			if o := &f.base.Ops[i]; o.Actor == plan.Parent && o.Call != plan.DeedDropGroups && o.Call != plan.DeedAuditReaper {
				f.fail(t, i, "unknown deed", func(o *plan.Op) { o.Call = "no-such-deed" })
			}
			if f.base.Ops[i].Call == plan.DeedWriteFile {
				f.fail(t, i, "no such file", func(o *plan.Op) { o.Args[0].Name = "/proc/<child>/no-such-file" })
				f.fail(t, i, "refused text", func(o *plan.Op) { o.Args[1].Block = &plan.Block{Data: []byte("nonsense\n")} })
			}
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestFaultOfGroups takes from the thread what dropping groups needs.
func TestFaultOfGroups(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	runtime.LockOSThread() // for good: the thread ends with the test
	x := &trial{policy: bundled(t, "minimal"), argv: []string{"/bin/true"}}
	if err := x.run(t); err != nil {
		t.Fatal(err)
	}
	before := jailtest.ReadState(t)
	x.mutate = func(l *plan.Plan) *plan.Plan {
		withoutCapability(t, unix.CAP_SETGID)
		return l
	}
	var step *runner.StepError
	if err := x.run(t); !errors.As(err, &step) || step.Op.Name != "ids.groups" || step.Errno != unix.EPERM {
		t.Errorf("without CAP_SETGID the error is %v", err)
	}
	if diff := cmp.Diff(before, jailtest.ReadState(t)); diff != "" {
		t.Errorf("netjail's own process is not as it was:\n%s", diff)
	}
	jailtest.Childless(t)
}

// withoutCapability takes one from the thread's effective set.
func withoutCapability(t *testing.T, c uint) {
	t.Helper()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	err := unix.Capget(&header, &data[0])
	if err == nil {
		data[c/32].Effective &^= 1 << (c % 32)
		err = unix.Capset(&header, &data[0])
	}
	if err != nil {
		t.Fatal(err)
	}
}

// faultTest is a profile whose plan is made to fail.
type faultTest struct {
	trial  trial
	base   *plan.Plan
	marker string
	state  jailtest.State
	// actions are the dispositions of all signals.
	actions [64]sigaction
	// keeps says that the test itself keeps processes, all of them called sleep.
	keeps bool
}

// newFaults runs the profile once without a fault, which also opens whatever
// the Go runtime opens once and for all.
func newFaults(t *testing.T, profile string, l runner.Launcher) *faultTest {
	t.Helper()
	runtime.LockOSThread() // ReadState is about a thread
	t.Cleanup(runtime.UnlockOSThread)
	dir := jailtest.PublicDir(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	f := &faultTest{marker: filepath.Join(dir, "started")}
	f.trial = trial{policy: policyOf(t, profile), argv: []string{"/usr/bin/touch", f.marker}, options: runner.Options{Launcher: l}}
	if err := f.trial.run(t); err != nil {
		t.Fatal(err)
	}
	if os.Remove(f.marker) != nil {
		t.Fatal("without a fault the command did not run")
	}
	f.base, f.state, f.actions = f.trial.plan, jailtest.ReadState(t), dispositions()
	return f
}

// fail runs the plan with op i changed.
func (f *faultTest) fail(t *testing.T, i int, fault string, inject func(*plan.Op)) {
	t.Helper()
	name := f.base.Ops[i].Name
	x := f.trial
	x.mutate = func(l *plan.Plan) *plan.Plan {
		q := *l
		q.Ops = slices.Clone(l.Ops)
		q.Ops[i].Args = slices.Clone(l.Ops[i].Args)
		inject(&q.Ops[i])
		return &q
	}
	err := x.run(t)
	var step *runner.StepError
	switch {
	case err == nil:
		t.Errorf("%s, %s: the command ran", name, fault)
	case errors.As(err, &step):
		if step.Index != i || step.Op.Name != name || !strings.Contains(step.Error(), name) {
			t.Errorf("%s, %s: the error is about another step: %v", name, fault, err)
		}
		if fault == "errno" && step.Errno != unix.EBADF || fault == "result" && step.Errno == unix.EBADF && step.Result == 0x7ead {
			t.Errorf("%s, %s: the error is %v", name, fault, err)
		}
	case !strings.Contains(err.Error(), name):
		t.Errorf("%s, %s: the error does not name the step: %v", name, fault, err)
	}
	f.clean(t, name+", "+fault)
}

// clean demands that nothing is left of a start.
func (f *faultTest) clean(t *testing.T, what string) {
	t.Helper()
	if os.Remove(f.marker) == nil {
		t.Errorf("%s: the command ran", what)
	}
	if diff := cmp.Diff(f.state, jailtest.ReadState(t)); diff != "" {
		t.Errorf("%s: netjail's own process is not as it was:\n%s", what, diff)
	}
	if dispositions() != f.actions {
		t.Errorf("%s: the signals' dispositions are not as they were", what)
	}
	if f.keeps {
		noneLeft(t)
		return
	}
	jailtest.Childless(t)
}

// TestFaultOfExecve: what the kernel does not execute is told as such.
func TestFaultOfExecve(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, profile := range []string{"plain", "minimal"} {
		for _, hold := range []bool{false, true} {
			f := newFaults(t, profile, runner.LauncherAuto)
			x := f.trial
			x.argv, x.options.Hold = []string{"/no/such/program"}, hold
			var exec *runner.ExecError
			if err := x.run(t); !errors.As(err, &exec) || exec.Errno != unix.ENOENT || exec.Path != "/no/such/program" {
				t.Errorf("%s, held %t: the error is %v", profile, hold, err)
			}
			f.clean(t, "execve")
		}
	}
	jailtest.AlsoAsUser(t)
}

// sigaction is struct kernel_sigaction.
type sigaction [4]uint64

// dispositions reads those of all signals.
func dispositions() (all [64]sigaction) {
	for s := 1; s < 64; s++ {
		unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), 0, uintptr(unsafe.Pointer(&all[s])), 8, 0, 0)
	}
	return all
}
