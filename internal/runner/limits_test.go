package runner_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// limited is a policy that sets limits and a mask, with or without a pid
// namespace.
func limited(t testing.TB, name string) *policy.Policy {
	p := bundled(t, name)
	p.Process.CoreDumps = policy.CoreDumpsDeny
	p.Process.Rlimits = []policy.Rlimit{{Type: policy.RlimitNoFile, Soft: 100, Hard: 200}, {Type: policy.RlimitType(unix.RLIMIT_FSIZE), Soft: 1 << 20, Hard: policy.Unlimited}}
	p.Process.Umask = policy.Umask{Own: true, Mask: 0o017}
	return p
}

// TestLimits: the command has exactly what the profile declares, by either
// launcher, and the audit has read it from both sides, and again after execve.
func TestLimits(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	const script = `[ "$(umask) $(ulimit -Sn) $(ulimit -Hn) $(ulimit -Sf) $(ulimit -Hf) $(ulimit -Sc) $(ulimit -Hc)" = "0017 100 200 2048 unlimited 0 0" ] &&
		grep -q "^Max core file size  *1  *1  *bytes" /proc/self/limits`
	for _, launcher := range launchers() {
		for _, name := range []string{"base", "minimal"} {
			for _, full := range []bool{false, true} {
				x := trial{policy: limited(t, name), argv: []string{"/bin/sh", "-c", script}, full: full, options: runner.Options{Launcher: launcher, Hold: full}}
				if err := x.run(t); err != nil || x.result.Status.ExitStatus() != 0 {
					t.Errorf("%s, %s, full %t: %v, %+v", launcher, name, full, err, x.result)
					continue
				}
				f := x.finding(t, "proc.rlimits")
				if f.Found != "RLIMIT_FSIZE 1048576:unlimited, RLIMIT_NOFILE 100:200, RLIMIT_CORE 1:1" && f.Found != "RLIMIT_NOFILE 100:200, RLIMIT_FSIZE 1048576:unlimited, RLIMIT_CORE 1:1" || full != strings.Contains(f.Source, "/proc/self/limits") {
					t.Errorf("%s, %s, full %t: %+v", launcher, name, full, f)
				}
				if f := x.finding(t, "proc.umask"); f.Found != "0017" {
					t.Errorf("%+v", f)
				}
			}
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestLimitsSpoilt leaves out each limit and each reading, or has it claim
// success.
func TestLimitsSpoilt(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	p := limited(t, "base")
	for _, op := range []string{"limit.nofile", "limit.fsize", "limit.core", "read.limit.nofile", "read.limit.fsize", "read.limit.core"} {
		for _, pretended := range []bool{false, true} {
			if got := spoilNamed(t, p, op, pretended); !slices.Contains(got.Checks, "proc.rlimits") {
				t.Errorf("%s, only claimed %t: %+v", op, pretended, got)
			}
		}
	}
	for _, pretended := range []bool{false, true} {
		if got := spoilNamed(t, p, "umask", pretended); got.Step != "umask.again" {
			t.Errorf("umask, only claimed %t: %+v", pretended, got)
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestLimitChanged: a limit that is not the one that was asked for is seen, whoever
// changed it.
func TestLimitChanged(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, op := range []string{"limit.core", "umask"} {
		got := spoil(t, limited(t, "base"), false, func(l *plan.Plan) *plan.Plan {
			i := l.Index(op)
			other := *l
			other.Ops = slices.Clone(l.Ops)
			switch op {
			case "limit.core":
				other.Ops[i].Args = slices.Clone(l.Ops[l.Index("limit.nofile")].Args)
				other.Ops[i].Args[1] = l.Ops[i].Args[1]
			case "umask":
				other.Ops = slices.Delete(other.Ops, i, i+2)
			}
			return &other
		})
		want := map[string]string{"limit.core": "proc.rlimits", "umask": "proc.umask"}[op]
		if !slices.Contains(got.Checks, want) {
			t.Errorf("%s: %+v", op, got)
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestLimitTooHigh: the refusal comes before anything is made.
func TestLimitTooHigh(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	x := trial{policy: bundled(t, "base"), argv: []string{"/bin/true"}}
	x.policy.Process.Rlimits = []policy.Rlimit{{Type: policy.RlimitNoFile, Soft: 1, Hard: policy.Unlimited}}
	err := x.run(t)
	var refusal *plan.Refusal
	if !errors.As(err, &refusal) || refusal.Key != "process.rlimits" {
		t.Errorf("%v", err)
	}
}
