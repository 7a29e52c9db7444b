package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// TestScripts runs what needs nothing of the kernel.
func TestScripts(t *testing.T) { runScripts(t, "testdata", false) }

// TestJailScripts makes jails, as whoever runs the test.
func TestJailScripts(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	runScripts(t, "testdata/jail", false)
}

// TestJailScriptsAsUser makes the same jails as an ordinary user, where the test
// is run by root.
func TestJailScriptsAsUser(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	runScripts(t, "testdata/jail", true)
}

func runScripts(t *testing.T, dir string, asUser bool) {
	bin := programs(t)
	testscript.Run(t, testscript.Params{
		Dir: dir, WorkdirRoot: jailtest.PublicDir(t), UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+":/usr/local/bin:/usr/bin:/bin")
			own := e.WorkDir + "-own" // beside the directory, which a jail may share for writing
			e.Setenv("XDG_CONFIG_HOME", own+"/config")
			e.Setenv("XDG_DATA_HOME", own+"/data")
			if err := os.MkdirAll(own, 0o755); err != nil {
				return err
			}
			if err := os.Chmod(own, 0o777); err != nil {
				return err
			}
			if asUser {
				e.Setenv("WHO", "as-user")
			}
			return errors.Join(os.Chmod(e.WorkDir, 0o777), os.Chmod(e.Getenv("TMPDIR"), 0o777))
		},
		Condition: func(word string) (bool, error) {
			if word != "root" {
				return false, errors.New("unknown condition " + word)
			}
			return os.Getuid() == 0 && !asUser, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "dies": dies},
	})
}

// programs is a directory in which the test's own program stands as netjail and
// as the way to become an ordinary user.
func programs(t *testing.T) string {
	self := jailtest.CopySelf(t)
	for _, name := range []string{"netjail", "as-user"} {
		if err := os.Symlink(self, filepath.Join(filepath.Dir(self), name)); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Dir(self)
}

// exits runs a command and demands its exit status: exits 125 netjail run …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS CMD…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := execute(ts, args[1:]); got.Signaled() || got.ExitStatus() != want {
		ts.Fatalf("%s: %s, expected exit status %d", strings.Join(args[1:], " "), describe(got), want)
	}
}

// dies runs a command and demands the signal that kills it: dies INT netjail …
func dies(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: dies SIGNAL CMD…")
	}
	if got := execute(ts, args[1:]); !got.Signaled() || got.Signal() != unix.SignalNum("SIG"+args[0]) {
		ts.Fatalf("%s: %s, expected death by %s", strings.Join(args[1:], " "), describe(got), args[0])
	}
}

func execute(ts *testscript.TestScript, args []string) syscall.WaitStatus {
	if who := ts.Getenv("WHO"); who != "" {
		args = append([]string{who}, args...)
	}
	err := ts.Exec(args[0], args[1:]...)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%s: %v", args[0], err)
	}
	if exit == nil {
		return 0
	}
	return exit.Sys().(syscall.WaitStatus)
}

func describe(s syscall.WaitStatus) string {
	if s.Signaled() {
		return "killed by " + unix.SignalName(s.Signal())
	}
	return "exit status " + strconv.Itoa(s.ExitStatus())
}
