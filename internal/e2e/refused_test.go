package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// refusedWith demands status 125, one error with cause and help, and that the
// command did not run.
func (w *world) refusedWith(t *testing.T, c *exec.Cmd, marker string, words ...string) {
	t.Helper()
	e := finish(t, c)
	if !e.exited(125) || e.out != "" || exists(marker) {
		t.Errorf("%s; the command ran: %t", e, exists(marker))
	}
	lines := strings.Split(strings.TrimSuffix(e.err, "\n"), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "netjail: error: ") ||
		!strings.HasPrefix(lines[1], "  = cause: ") || !strings.HasPrefix(lines[2], "  = help: ") {
		t.Errorf("not one error with its cause and help:\n%s", e.err)
	}
	for _, word := range words {
		if !strings.Contains(e.err, word) {
			t.Errorf("the error does not say %q:\n%s", word, e.err)
		}
	}
}

// A host that allows no user namespaces is named, and so is the way to allow
// them.
func TestNoUserNamespaces(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, launcher := range []string{"--stage=false", "--stage"} {
			marker := filepath.Join(w.dir, "started")
			c := w.in(jailtest.WithoutUserNamespaces(w.victim, w.netjail, "run", launcher, profile, "touch", marker))
			c.SysProcAttr = w.InUserNamespace()
			w.refusedWith(t, c, marker, "user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces=")
		}
		// The control: the same user namespace without the limit.
		c := w.jail(profile, "true")
		c.SysProcAttr = w.InUserNamespace()
		c.SysProcAttr.AmbientCaps = nil
		must(t, c)
	})
}

// In a container whose filter forbids user namespaces, the filter is named.
func TestContainerFilter(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		marker := filepath.Join(w.dir, "started")
		c := w.in(jailtest.Container().Under(w.victim, w.netjail, "run", profile, "touch", marker))
		w.refusedWith(t, c, marker, "seccomp filter of this container forbids new user namespaces", "--security-opt seccomp=")
	})
}

// Where only clone3 is missing, the stage does the work, and the report says so.
func TestWithoutClone3(t *testing.T) {
	eachOf(t, []string{"base", "minimal"}, func(t *testing.T, w *world, profile string) {
		file := filepath.Join(w.dir, "audit.json")
		under := func(argv ...string) *exec.Cmd {
			return w.in(jailtest.NoClone3().Under(w.victim, append([]string{w.netjail}, argv...)...))
		}
		must(t, under("run", "--report", file, profile, "true"))
		if r := readReport(t, file); r.Launcher != "stage" || r.Outcome != "started" {
			t.Errorf("the report says launcher %q, outcome %q", r.Launcher, r.Outcome)
		}
		if e := finish(t, under("run", profile, "sh", "-c", "exit 7")); !e.exited(7) || e.err != "" {
			t.Errorf("netjail run: %s", e)
		}
		must(t, w.jail("--report", file, profile, "true"))
		if r := readReport(t, file); r.Launcher != "loop" {
			t.Errorf("without the filter the report says launcher %q", r.Launcher)
		}
	})
}

// A filter that allows everything is what most containers have: the command
// finds itself under it, and netjail is content.
func TestUnderAnHonestFilter(t *testing.T) {
	honest := jailtest.Filter{{Call: unix.SYS_KEXEC_LOAD, Errno: uint32(unix.EPERM)}}
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		out := must(t, w.in(honest.Under(w.victim, w.netjail, "run", profile, "grep", "Seccomp:", "/proc/self/status")))
		if strings.Join(strings.Fields(out), " ") != "Seccomp: 2" {
			t.Errorf("the command reads %q", out)
		}
	})
}
