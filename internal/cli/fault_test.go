package cli

import (
	"bytes"
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
)

func explained(err error, color colorMode) string {
	var words bytes.Buffer
	a := app{stderr: &words, color: color}
	a.explain(err)
	return words.String()
}

func TestExplain(t *testing.T) {
	op := &plan.Op{Name: "mount.proc", Call: "mount", Key: "namespaces.pid", Why: "a fresh /proc"}
	bare := &plan.Op{Name: "gate", Call: "read", Key: "-", Why: "the gate"}
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"fault", &fault{message: "m", cause: "c", help: "h"}, "netjail: error: m\n  = cause: c\n  = help: h\n"},
		{"plain", errors.New("read it: no"), "netjail: error: read it: no\n"},
		{"joined in the runner", errors.Join(errors.New("a"), errors.New("b")), "netjail: error: a; b\n"},
		{"bare", &fault{message: "x: not found", bare: true}, "netjail: x: not found\n"},
		{"joined", errors.Join(&fault{message: "m"}, nil), "netjail: error: m\n"},
		{
			"clone", errors.Join(&runner.CloneError{Errno: unix.EAGAIN}),
			"netjail: error: make the jail's first process: resource temporarily unavailable\n" +
				"  = cause: the limit on processes is reached (RLIMIT_NPROC, or a pids control group)\n" +
				"  = help: end some processes, or raise `ulimit -u`\n",
		},
		{
			"step that host explains", &runner.StepError{Op: op, Errno: unix.EPERM},
			"netjail: error: " + (&runner.StepError{Op: op, Errno: unix.EPERM}).Error() + "\n" +
				"  = cause: the kernel mounts a new /proc only in a new pid namespace, and only where the old one is fully visible: a container that masks parts of /proc stands against it\n" +
				"  = help: run the container with an unmasked /proc (Docker: --security-opt systempaths=unconfined); with the host's root, `pid: host` does without\n",
		},
		{
			"step that nobody explains", &runner.StepError{Op: op, Errno: unix.EIO},
			"netjail: error: " + (&runner.StepError{Op: op, Errno: unix.EIO}).Error() + "\n  = cause: namespaces.pid: a fresh /proc\n",
		},
		{
			"step that no key asked for", &runner.StepError{Op: bare, Errno: unix.EIO},
			"netjail: error: " + (&runner.StepError{Op: bare, Errno: unix.EIO}).Error() + "\n  = cause: the gate\n",
		},
	} {
		if got := explained(tt.err, colorNever); got != tt.want {
			t.Errorf("%s:\n%swant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestExplainInColour(t *testing.T) {
	want := "netjail: \x1b[1;31merror:\x1b[0m m\n  \x1b[1;34m= \x1b[0m\x1b[1mhelp:\x1b[0m h\n"
	if got := explained(&fault{message: "m", help: "h"}, colorAlways); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		`./a "quoted" \ name`:     `./a "quoted" \ name`,
		"a\nnetjail: all is well": `a\nnetjail: all is well`,
		"\x1b[2J":                 `\u001b[2J`,
		"a\u202eb":                `a\u202eb`,
		`both " and` + "\n":       `both " and\n`,
	} {
		if got := oneLine(in); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", in, got, want)
		}
	}
}
