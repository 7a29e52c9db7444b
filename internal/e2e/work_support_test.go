package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/jailtest"
)

// work is what somebody does on an ordinary day: a project that exists twice,
// for the control outside and for the jail.
//
// An ordinary user has it below the home that the password file names, which is
// what a profile means by home, and the variable HOME is a new directory in there.
// Nobody but root may enter root's home, and root's jail has other ids: root has
// the projects below /tmp, open to all, and a HOME in each.
type work struct {
	jailtest.User
	t               testing.TB
	netjail         string
	profile         string // that the jail runs under
	account         string // the home that the password file names
	dir             string // holds all that the test makes
	outside, inside string // the project, twice
	workdir         string // in the project
	env             []string
}

// workLimit bounds one command: generous, since one that takes longer hangs.
const workLimit = 4 * time.Minute

// newWork makes the directories. The words are what the test cannot do without.
func newWork(t *testing.T, words ...string) *work {
	t.Helper()
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	// What is in the test's own PATH may be nobody else's to execute.
	t.Setenv("PATH", jailtest.Path)
	jailtest.Require(t, append(words, "userns", "netns", "pidns")...)
	account, err := user.LookupId(strconv.Itoa(os.Getuid()))
	if err != nil {
		t.Fatal(err)
	}
	w := &work{
		User: jailtest.User{Name: account.Username, UID: os.Getuid()}, t: t,
		netjail: program, profile: "offline", account: account.HomeDir,
	}
	if w.UID == 0 {
		w.dir = jailtest.PublicDir(t)
	} else if w.dir, err = os.MkdirTemp(w.account, ".netjail-work-"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(w.dir) })
	w.outside, w.inside = filepath.Join(w.dir, "outside"), filepath.Join(w.dir, "inside")
	w.env = []string{"PATH=" + jailtest.Path, "USER=" + w.Name, "LOGNAME=" + w.Name, "SHELL=/bin/sh", "TERM=dumb", "LANG=C.UTF-8"}
	for _, project := range w.projects() {
		w.write(filepath.Join(w.home(project), "README"), []byte("A home.\n"))
		w.write(filepath.Join(project, "README"), []byte("A project.\n"))
	}
	return w
}

// home is the variable HOME in a project.
func (w *work) home(project string) string {
	if w.UID == 0 {
		return filepath.Join(project, ".home")
	}
	return w.dir
}

// projects are both of them.
func (w *work) projects() []string { return []string{w.outside, w.inside} }

// file writes a file into both projects.
func (w *work) file(name, text string) {
	w.t.Helper()
	for _, dir := range w.projects() {
		w.write(filepath.Join(dir, name), []byte(text))
	}
}

// write writes a file, and the directories above it.
func (w *work) write(path string, text []byte) {
	w.t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// command is a command in a project.
func (w *work) command(project string, argv ...string) *exec.Cmd {
	c := w.Command(argv[0], argv[1:]...)
	c.Dir, c.Env = filepath.Join(project, w.workdir), append(slices.Clone(w.env), "HOME="+w.home(project))
	return c
}

// jailed is a command line in the jail.
func (w *work) jailed(argv ...string) []string {
	return append([]string{w.netjail, "run", w.profile, "--"}, argv...)
}

// jail runs a command in the jail.
func (w *work) jail(argv ...string) ending {
	w.t.Helper()
	if w.UID == 0 {
		w.open(w.inside)
	}
	return w.end(w.command(w.inside, w.jailed(argv...)...))
}

// open lets everybody write in a directory, and in all below it.
func (w *work) open(dir string) {
	w.t.Helper()
	if e := w.end(w.Command("chmod", "-R", "a+rwX", dir)); !e.exited(0) {
		w.t.Fatalf("open %s: %s", dir, e)
	}
}

// end runs a command to its end, or kills it where there is none.
func (w *work) end(c *exec.Cmd) ending {
	w.t.Helper()
	var out, words bytes.Buffer
	c.Stdout, c.Stderr, c.WaitDelay = &out, &words, waitDelay
	if err := c.Start(); err != nil {
		w.t.Fatalf("%q: %v", c.Args, err)
	}
	limit := time.AfterFunc(workLimit, func() { c.Process.Kill() })
	defer limit.Stop()
	err := c.Wait()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		w.t.Fatalf("%q: %v: stdout %q, stderr %q", c.Args, err, out.String(), words.String())
	}
	return ending{out.String(), words.String(), c.ProcessState.Sys().(syscall.WaitStatus)}
}

// prepare runs a command outside in both projects, which must succeed. What the
// first run left in HOME the second one finds.
func (w *work) prepare(argv ...string) {
	w.t.Helper()
	w.prepareIn(w.outside, argv...)
	if home := w.home(w.inside); home != w.home(w.outside) {
		w.prepareIn(w.dir, "cp", "-a", w.home(w.outside)+"/.", home)
	}
	w.prepareIn(w.inside, argv...)
}

func (w *work) prepareIn(dir string, argv ...string) {
	w.t.Helper()
	if e := w.end(w.command(dir, argv...)); !e.exited(0) {
		w.t.Fatalf("prepare %q: %s", argv, e)
	}
}

// same runs a command outside and in the jail, and wants the same of both: how
// it ends and what it writes, but for what tells one run from another. The
// control must end with status and say want: work that fails outside too would
// show nothing.
func (w *work) same(status int, want string, argv ...string) {
	w.t.Helper()
	control := w.alike(w.end(w.command(w.outside, argv...)))
	if !control.exited(status) || !strings.Contains(control.out+control.err, want) {
		w.t.Fatalf("%q outside: %s, want exit status %d and %q", argv, control, status, want)
	}
	jailed := w.alike(w.jail(argv...))
	if diff := cmp.Diff(control.lines(), jailed.lines()); diff != "" {
		w.t.Errorf("%q: outside (-) and inside (+):\n%s", argv, diff)
	}
}

// lines is all of an ending, for a comparison.
func (e ending) lines() []string {
	text := fmt.Sprintf("status %#x\nstdout:\n%s\nstderr:\n%s", e.status, e.out, e.err)
	return strings.Split(text, "\n")
}

var duration = regexp.MustCompile(`\b\d+(\.\d+)?(m?s| seconds?)\b|\bduration_ms:? [0-9.]+`)

// alike takes out of what a command wrote how long it took and in which of the
// projects.
func (w *work) alike(e ending) ending {
	replace := func(text string) string {
		for _, dir := range w.projects() {
			text = strings.ReplaceAll(text, dir, "PROJECT")
		}
		return duration.ReplaceAllString(text, "TIME")
	}
	e.out, e.err = replace(e.out), replace(e.err)
	return e
}
