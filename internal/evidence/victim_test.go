package evidence

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
)

// A try is refused by what it opens first, or by its own call; its control is the
// jailed process's, where there is one.
func TestTries(t *testing.T) {
	esrch := -int64(syscall.ESRCH)
	control := func(try plan.Try, result int64) plan.Reading { return answered(plan.FactTryControl(try), result) }
	for _, c := range []struct {
		name     string
		try      plan.Try
		readings []plan.Reading
		want     string
	}{
		{"refused", plan.TryKill, []plan.Reading{answered(plan.FactTry(plan.TryKill), esrch), control(plan.TryKill, 0)}, "{true false ESRCH}"},
		{"worked", plan.TryKill, []plan.Reading{answered(plan.FactTry(plan.TryKill), 0), control(plan.TryKill, 0)}, "{true true }"},
		{"read nothing", plan.TryVMRead, []plan.Reading{answered(plan.FactTry(plan.TryVMRead), 0), control(plan.TryVMRead, 8)}, "{true true }"},
		{"dead control", plan.TryKill, []plan.Reading{answered(plan.FactTry(plan.TryKill), esrch), control(plan.TryKill, eperm)}, "{false false ESRCH}"},
		{"no control", plan.TryKill, []plan.Reading{answered(plan.FactTry(plan.TryKill), esrch)}, "unknown: control: the plan has no such reading"},
		{"without a control of its own", plan.TryTrace, []plan.Reading{answered(plan.FactTry(plan.TryTrace), eperm)}, "{true false EPERM}"},
		{"not opened", plan.TryMem, []plan.Reading{answered(plan.FactTryOpen(plan.TryMem), enoent), answered(plan.FactTry(plan.TryMem), ebadf)}, "{true false ENOENT}"},
		{"opened", plan.TryMem, []plan.Reading{answered(plan.FactTryOpen(plan.TryMem), 7), answered(plan.FactTry(plan.TryMem), 8)}, "{true true }"},
		{"opened, and broken", plan.TryMem, []plan.Reading{answered(plan.FactTryOpen(plan.TryMem), 7), answered(plan.FactTry(plan.TryMem), ebadf)}, "{true false EBADF}"},
		{"the opening left out", plan.TryMem, []plan.Reading{answered(plan.FactTry(plan.TryMem), ebadf)}, "unknown: the plan has no such reading"},
		{"no pidfd", plan.TryGetfd, []plan.Reading{
			answered(plan.FactTryOpen(plan.TryPidfdSignal), esrch), answered(plan.FactTry(plan.TryGetfd), ebadf), control(plan.TryHandedGetfd, 9),
		}, "{true false ESRCH}"},
		{"several", plan.TrySetns, []plan.Reading{several(plan.FactTry(plan.TrySetns), eperm, eacces, eperm), several(plan.FactTryControl(plan.TrySetns), 0, 0, 0)}, "{true false EACCES, EPERM}"},
		{"one of several", plan.TrySetns, []plan.Reading{several(plan.FactTry(plan.TrySetns), eperm, 0, eperm), several(plan.FactTryControl(plan.TrySetns), 0, 0, 0)}, "{true true EPERM}"},
		{"the control of one of several", plan.TrySetns, []plan.Reading{several(plan.FactTry(plan.TrySetns), eperm, eperm), several(plan.FactTryControl(plan.TrySetns), 0, eperm)}, "{false false EPERM}"},
	} {
		got := FromReadings(c.readings, true).OnHost
		if len(got) != 1 || plain(got[c.try]) != c.want {
			t.Errorf("%s: got %s of %d, want %s", c.name, plain(got[c.try]), len(got), c.want)
		}
		if FromReadings(c.readings, false).OnHost != nil {
			t.Errorf("%s: decoded although it was no full audit", c.name)
		}
	}
	if got := FromReadings(nil, true).OnHost; got != nil {
		t.Errorf("without a try there are %v", got)
	}
}

// several is the answer to an op that is several calls.
func several(f plan.Fact, results ...int64) plan.Reading {
	r := answered(f, results[len(results)-1])
	r.Results = results
	return r
}

// What a process blocks and gets is pending.
func TestReadPending(t *testing.T) {
	c := exec.Command("sh", "-c", "kill -STOP $$; :")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Wait()
	defer c.Process.Kill()
	var status unix.WaitStatus
	if _, err := unix.Wait4(c.Process.Pid, &status, unix.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatal(status, err)
	}
	if err := c.Process.Signal(unix.SIGUSR1); err != nil { // a stopped process takes it when it goes on
		t.Fatal(err)
	}
	signals, tracer, err := ReadPending(c.Process.Pid)
	if want := uint64(1) << (unix.SIGUSR1 - 1); signals != want || tracer != 0 || err != nil {
		t.Errorf("%#x by %d, %v; want %#x", signals, tracer, err, want)
	}
	if signals, tracer, err = ReadPending(os.Getpid()); signals != 0 || tracer != 0 || err != nil {
		t.Errorf("of this process %#x by %d, %v", signals, tracer, err)
	}
	if _, _, err := ReadPending(1 << 30); err == nil {
		t.Error("a process that does not exist has a status")
	}
}

// Each trace is that of one attempt.
func TestReached(t *testing.T) {
	for _, c := range []struct {
		state VictimState
		want  string
	}{
		{VictimState{}, ""},
		{VictimState{Signals: 1 << (plan.SignalKill - 1)}, "kill"},
		{VictimState{Signals: 1 << (plan.SignalTgkill - 1)}, "tgkill"},
		{VictimState{Signals: 1 << (plan.SignalPidfd - 1)}, "pidfd_send_signal"},
		{VictimState{Signals: 1 << (plan.SignalHanded - 1)}, "pidfd_send_signal by a pidfd that was handed over"},
		{VictimState{Signals: 1 << (unix.SIGUSR1 - 1)}, ""},
		{VictimState{Marks: [2]bool{true, false}}, "process_vm_writev"},
		{VictimState{Marks: [2]bool{false, true}}, "/proc/PID/mem"},
		{VictimState{Limited: true}, "prlimit, writing"},
		{VictimState{Tracer: 5}, "ptrace"},
	} {
		var got []string
		for _, try := range allTries {
			if c.state.Reached(try) {
				got = append(got, string(try))
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%+v: %s", c.state, diff)
		}
	}
}
