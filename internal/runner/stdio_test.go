package runner_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// streamOp says whether an op is about 0 to 2 or the terminal.
func streamOp(name string) bool {
	return strings.HasPrefix(name, "stdio.") || strings.HasPrefix(name, "terminal.")
}

// spoilStreams spoils every op about the streams: none may go unnoticed.
func spoilStreams(t *testing.T, p *policy.Policy, want int) {
	t.Helper()
	base := &trial{policy: p, argv: []string{"/bin/true"}}
	if err := base.run(t); err != nil {
		t.Fatalf("the unspoilt plan: %v", err)
	}
	tried := 0
	for i, o := range base.plan.Ops {
		if !streamOp(o.Name) {
			continue
		}
		tried++
		for how, change := range map[string]func(*plan.Plan) *plan.Plan{
			"left out":       func(l *plan.Plan) *plan.Plan { return l.Without(i) },
			"claims success": func(l *plan.Plan) *plan.Plan { return l.Pretending(i) },
		} {
			if got := spoil(t, p, false, change); got.Ran {
				t.Errorf("%s %s, and the command starts", o.Name, how)
			}
		}
	}
	if tried != want {
		t.Errorf("%d ops are about the streams, want %d", tried, want)
	}
}

// place puts a descriptor at 0, 1 and 2 until the function that it gives is
// called.
func placeAll(t *testing.T, fd int) (back func()) {
	t.Helper()
	var kept [3]int
	for n := range kept {
		var err error
		if kept[n], err = unix.FcntlInt(uintptr(n), unix.F_DUPFD_CLOEXEC, 100); err != nil {
			t.Fatal(err)
		}
		if err := unix.Dup3(fd, n, 0); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		for n := range kept {
			unix.Dup3(kept[n], n, 0)
			unix.Close(kept[n])
		}
	}
}

// TestStreamsOfSockets: a start with sockets at 0 to 2 in which any of the steps
// is missing is refused, and leaves the caller's sockets where they are.
func TestStreamsOfSockets(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fds[0])
	defer unix.Close(fds[1])
	// A tree's end closes what the streams were made of; without one each has its op.
	for name, ops := range map[string]int{"plain": 6, "minimal": 9} {
		p := policyOf(t, name)
		back := placeAll(t, fds[0])
		// Descriptors are let go of where the command ran to its end: the audit's dry
		// start never gets there.
		x := &trial{policy: p, argv: []string{"/bin/true"}, options: runner.Options{Dry: true}}
		err := x.run(t)
		var st unix.Stat_t
		for n := range 3 {
			if unix.Fstat(n, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFSOCK {
				back()
				t.Fatalf("descriptor %d is no longer the socket: %v", n, err)
			}
		}
		back()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		func() {
			defer placeAll(t, fds[0])()
			dryStreams(t, p, ops)
		}()
	}
	jailtest.AlsoAsUser(t)
}

// dryStreams is spoilStreams for starts that end where the command would be let
// go.
func dryStreams(t *testing.T, p *policy.Policy, want int) {
	t.Helper()
	base := &trial{policy: p, argv: []string{"/bin/true"}, options: runner.Options{Dry: true}}
	if err := base.run(t); err != nil {
		t.Fatalf("the unspoilt plan: %v", err)
	}
	tried := 0
	for i, o := range base.plan.Ops {
		if !streamOp(o.Name) {
			continue
		}
		tried++
		for how, change := range map[string]func(*plan.Plan) *plan.Plan{
			"left out":       func(l *plan.Plan) *plan.Plan { return l.Without(i) },
			"claims success": func(l *plan.Plan) *plan.Plan { return l.Pretending(i) },
		} {
			x := &trial{policy: p, argv: []string{"/bin/true"}, mutate: change, options: runner.Options{Dry: true, Patience: 400 * time.Millisecond}}
			err := x.run(t)
			if err == nil {
				t.Errorf("%s %s, and the command would start", o.Name, how)
			}
		}
	}
	if tried != want {
		t.Errorf("%d ops are about the streams, want %d", tried, want)
	}
}

// terminalRole is the environment variable that makes TestTerminalHelper play its
// part.
const terminalRole = "NETJAIL_ON_TERMINAL"

// TestStreamsOfTerminal is TestStreamsOfSockets on a terminal, in a process of
// its own that leads the terminal's session.
func TestStreamsOfTerminal(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "pty")
	self := jailtest.CopySelf(t)
	jailtest.Each(t, func(t *testing.T, u jailtest.User) {
		x := u.Terminal(t, "/usr/bin/env", terminalRole+"=1", self, "-test.run", "^TestTerminalHelper$", "-test.v")
		if m := x.Await(`(?m)^(PASS|FAIL)\r?$`); m[1] != "PASS" {
			t.Error(x.Screen())
		}
	})
}

// TestTerminalHelper spoils the steps that make the command's terminal.
func TestTerminalHelper(t *testing.T) {
	if os.Getenv(terminalRole) == "" {
		return
	}
	// Without a new /proc there is no tree to make, and each stream closes for itself.
	for pid, ops := range map[policy.NamespaceMode]int{policy.NamespaceNew: 8, policy.NamespaceHost: 11} {
		p := plain(t)
		p.Namespaces[ns.PID] = pid
		spoilStreams(t, p, ops)
		checkTerminal(t, p)
	}
	// With a tree of its own the jail brings the terminal.
	p := policyOf(t, "offline-strict")
	spoilStreams(t, p, 14)
	checkTerminal(t, p)
}

// checkTerminal fails each step: the error names it, and nothing is left.
func checkTerminal(t *testing.T, p *policy.Policy) {
	t.Helper()
	base := &trial{policy: p, argv: []string{"/bin/true"}}
	if err := base.run(t); err != nil {
		t.Fatal(err)
	}
	for _, f := range base.findings {
		if (f.Check == "tty.session" || f.Check == "tty.background" || f.Check == "fd.terminal" || f.Check == "proc.group") && f.Verdict != audit.Pass {
			t.Errorf("%s is %s: %s, %s", f.Check, f.Verdict, f.Found, f.Note)
		}
	}
	before := jailtest.ReadState(t)
	for i, o := range base.plan.Ops {
		if !streamOp(o.Name) || o.Actor == plan.Parent {
			continue
		}
		x := &trial{policy: p, argv: []string{"/bin/true"}, mutate: func(l *plan.Plan) *plan.Plan {
			q := *l
			q.Ops = append([]plan.Op(nil), l.Ops...)
			faults[0].inject(&q.Ops[i])
			return &q
		}}
		err := x.run(t)
		var step *runner.StepError
		if !errors.As(err, &step) || step.Op.Name != o.Name {
			t.Errorf("%s: %v", o.Name, err)
		}
	}
	if after := jailtest.ReadState(t); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("netjail's own process is not as it was:\n%v\n%v", before, after)
	}
	jailtest.Childless(t)
}
