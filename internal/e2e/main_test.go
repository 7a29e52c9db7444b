package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/archtest"
	"github.com/netjail/netjail/internal/jailtest"
)

// programDir holds the programs that any user may execute.
var programDir string

func TestMain(m *testing.M) {
	if code, played := channelRole(os.Args); played {
		os.Exit(code)
	}
	if code, played := jailtest.Role(os.Args, os.Stdin, os.Stdout); played {
		os.Exit(code)
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if programDir, err = os.MkdirTemp("/tmp", "netjail-e2e-"); err == nil {
		defer os.RemoveAll(programDir)
		err = os.Chmod(programDir, 0o755)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// netjail is the program under test, built once; victim is a copy of the test's
// own program, which can be one of jailtest's roles.
var (
	netjail = sync.OnceValues(func() (string, error) {
		from, err := archtest.Binary(programDir)
		return filepath.Join(programDir, "netjail"), errors.Join(err, install(from, "netjail"))
	})
	victim = sync.OnceValues(func() (string, error) {
		return filepath.Join(programDir, "victim"), install("/proc/self/exe", "victim")
	})
)

// install copies a program to programDir, unless it is there already.
func install(from, name string) error {
	to := filepath.Join(programDir, name)
	if from == "" || from == to {
		return os.Chmod(to, 0o755)
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o755)
}

// world is one user with a directory of his own and netjail.
type world struct {
	jailtest.User
	dir             string
	netjail, victim string
	// relays says that the profile gives the command a terminal of its own.
	relays bool
}

// each runs f as whoever runs the test and, for root, as an ordinary user too.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	jailtest.Require(t, "userns", "netns", "pidns")
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	other, err := victim()
	if err != nil {
		t.Fatal(err)
	}
	jailtest.Each(t, func(t *testing.T, u jailtest.User) {
		f(t, &world{User: u, dir: u.Dir(t), netjail: program, victim: other})
	})
}

// eachOf is each for several profiles: one with a new pid namespace, one
// without.
func eachOf(t *testing.T, profiles []string, f func(t *testing.T, w *world, profile string)) {
	t.Helper()
	each(t, func(t *testing.T, w *world) {
		for _, p := range profiles {
			t.Run(p, func(t *testing.T) { f(t, w, p) })
		}
	})
}

// withAndWithoutPID are the bundled profiles with and without a pid namespace.
func withAndWithoutPID() []string { return []string{"base", "minimal"} }

// jail is `netjail run` with these arguments.
func (w *world) jail(args ...string) *exec.Cmd {
	return w.in(append([]string{w.netjail, "run"}, args...))
}

// in is a command line of w's in its directory.
func (w *world) in(argv []string) *exec.Cmd {
	c := w.Command(argv[0], argv[1:]...)
	c.Dir = w.dir
	return c
}

// profile writes a profile that states only what text does.
func (w *world) profile(t testing.TB, name, text string) string {
	t.Helper()
	if !strings.Contains(text, "filesystem:") {
		text = "filesystem: host\n" + text
	}
	return jailtest.File(t, w.dir, name+".yaml", "apiVersion: netjail/v1\n"+text, false)
}

// waitDelay is how long the streams of an ended command are waited for: what
// still holds them open has outlived it.
const waitDelay = 10 * time.Second

// ending is how a command ended and what it wrote.
type ending struct {
	out, err string
	status   syscall.WaitStatus
}

func (e ending) String() string {
	s := fmt.Sprintf("exit status %d", e.status.ExitStatus())
	if e.status.Signaled() {
		s = "killed by " + unix.SignalName(e.status.Signal())
	}
	return fmt.Sprintf("%s, stdout %q, stderr %q", s, e.out, e.err)
}

// exited says whether it ended by itself with this code.
func (e ending) exited(code int) bool { return e.status.Exited() && e.status.ExitStatus() == code }

// finish runs a command to its end.
func finish(t testing.TB, c *exec.Cmd) ending {
	t.Helper()
	var out, words bytes.Buffer
	c.Stdout, c.Stderr, c.WaitDelay = &out, &words, waitDelay
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", strings.Join(c.Args, " "), err)
	}
	return ending{out.String(), words.String(), c.ProcessState.Sys().(syscall.WaitStatus)}
}

// must runs a command that is to succeed without a word on stderr.
func must(t testing.TB, c *exec.Cmd) string {
	t.Helper()
	e := finish(t, c)
	if !e.exited(0) || e.err != "" {
		t.Fatalf("%s: %s", strings.Join(c.Args, " "), e)
	}
	return e.out
}

// report is the part of a JSON report that tests look at.
type report struct {
	Launcher, Outcome string
	Findings          []struct{ Check, Verdict, Basis, Expected, Found, Note string }
}

// readReport reads a report file.
func readReport(t testing.TB, path string) *report {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := new(report)
	if err := json.Unmarshal(text, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// found is what the report says of one check.
func (r *report) found(t testing.TB, check string) string {
	t.Helper()
	for _, f := range r.Findings {
		if f.Check == check {
			return f.Found
		}
	}
	t.Fatalf("the report has no check %q", check)
	return ""
}

// failed are the checks that failed, in the report's order.
func (r *report) failed() []string {
	var checks []string
	for _, f := range r.Findings {
		if f.Verdict == "fail" {
			checks = append(checks, f.Check)
		}
	}
	return checks
}

// exists says whether a file does.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
