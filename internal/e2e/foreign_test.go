package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// sandbox is a way to start a command that is not netjail's, but for one.
type sandbox struct {
	name  string // of its column in the document
	needs string // what jailtest.Require asks for
	// argv is a command line of which the command is `sleep` for so many seconds.
	argv func(t *testing.T, w *world, seconds string) []string
}

// sandboxes are those of the security model's measurements.
var sandboxes = []sandbox{
	{"unshare -Urn", "unshare", words("unshare -Urn")},
	{"bwrap, network", "bwrap", words("bwrap --dev-bind / / --unshare-net")},
	{"bwrap, all", "bwrap", words("bwrap --unshare-all --die-with-parent --new-session --ro-bind / / --dev /dev --proc /proc --tmpfs /tmp --tmpfs /run")},
	{"bwrap, strict", "bwrap", words("bwrap --unshare-user --unshare-all --disable-userns --cap-drop ALL --die-with-parent --new-session --clearenv" +
		" --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 --dev /dev --proc /proc --tmpfs /tmp")},
	{"firejail", "firejail", words("firejail --quiet --noprofile --net=none")},
	{"crun", "crun", crun},
	{"netjail", "", func(_ *testing.T, w *world, seconds string) []string {
		return []string{w.netjail, "run", "offline-strict", "sleep", seconds}
	}},
}

func words(line string) func(*testing.T, *world, string) []string {
	return func(_ *testing.T, _ *world, seconds string) []string {
		return append(strings.Fields(line), "sleep", seconds)
	}
}

// foreignTable is the document that says, written by hand from the security
// model, what each of them leaves open.
const foreignTable = "../../docs/runbooks/audit-a-running-process.md"

// TestForeignSandboxes holds `netjail audit --pid` to the table.
func TestForeignSandboxes(t *testing.T) {
	tables := readTables(t, foreignTable)
	each(t, func(t *testing.T, w *world) {
		table := tables[w.Name]
		if len(table) < 20 {
			t.Fatalf("the document's table for %s has %d rows", w.Name, len(table))
		}
		for i, s := range sandboxes {
			t.Run(s.name, func(t *testing.T) {
				if s.name == "firejail" && w.Credential() != nil {
					return // it wants a line in /etc/passwd: an ordinary user's own run does this
				}
				if s.needs != "" {
					jailtest.Require(t, s.needs)
				}
				seconds := strconv.Itoa(880000 + 10*i + w.UID%10)
				pid := w.inside(t, s.argv(t, w, seconds), seconds)
				got := w.observe(t, "--pid", strconv.Itoa(pid))
				for _, row := range table {
					want, ok := row.cells[s.name]
					if !ok {
						t.Fatalf("the document has no column %q", s.name)
					}
					if verdict := got.verdict(row.check); verdict != want {
						t.Errorf("%s: %s, and the document says %s (%s)", row.check, verdict, want, got.found(t, row.check))
					}
				}
			})
		}
	})
}

// tableRow is one check, with what each sandbox makes of it.
type tableRow struct {
	check string
	cells map[string]string
}

// readTables reads the tables below the headings "As an ordinary user" and "As
// root".
func readTables(t *testing.T, path string) map[string][]tableRow {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][]tableRow{}
	user := ""
	var columns []string
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		switch {
		case line == "### As an ordinary user":
			user = "user"
		case line == "### As root":
			user = "root"
		case strings.HasPrefix(line, "#"):
			user = ""
		case user == "" || !strings.HasPrefix(line, "| "):
		case strings.HasPrefix(line, "| check |"):
			columns = cells
		case !strings.HasPrefix(line, "| ---"):
			row := tableRow{strings.Trim(cells[0], "`"), map[string]string{}}
			for i := 1; i < len(columns); i++ {
				row.cells[columns[i]] = cells[i]
			}
			tables[user] = append(tables[user], row)
		}
	}
	return tables
}

// inside starts a command line and gives the process that sleeps for so many
// seconds in it, which ends with the test.
func (w *world) inside(t *testing.T, argv []string, seconds string) int {
	t.Helper()
	c := w.in(argv)
	c.Env = append(c.Env, "XDG_RUNTIME_DIR="+w.dir)
	var said bytes.Buffer
	c.Stdout, c.Stderr, c.WaitDelay = &said, &said, waitDelay
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	want := "sleep\x00" + seconds + "\x00"
	ended := make(chan struct{})
	go func() {
		c.Wait()
		close(ended)
	}()
	pid := 0
	t.Cleanup(func() {
		if pid > 0 {
			unix.Kill(pid, unix.SIGKILL)
		}
		c.Process.Kill()
		<-ended
	})
	jailtest.Eventually(t, "the command runs: "+strings.Join(argv, " "), func() bool {
		select {
		case <-ended:
			t.Fatalf("%s: it ended, and said %q", strings.Join(argv, " "), said.String())
		default:
		}
		pid = withCommand(want)
		return pid > 0
	})
	return pid
}

// withCommand is the process with this command line, 0 where there is none.
func withCommand(want string) int {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil && string(text) == want {
			pid, _ := strconv.Atoi(strings.Split(f, "/")[2])
			return pid
		}
	}
	return 0
}

// observed is the part of a report on a running process that tests look at.
type observed struct {
	Process  []struct{ Name, Value string }
	Findings []struct{ Check, Verdict, Scope, Found, Note string }
}

// observe is `netjail audit --format json` with these arguments.
func (w *world) observe(t *testing.T, args ...string) *observed {
	t.Helper()
	e := finish(t, w.in(append([]string{w.netjail, "audit", "--format", "json"}, args...)))
	if e.err != "" || !e.exited(0) && !e.exited(1) {
		t.Fatalf("audit %v: %s", args, e)
	}
	o := new(observed)
	if err := json.Unmarshal([]byte(e.out), o); err != nil {
		t.Fatal(err)
	}
	return o
}

// verdict is the answer of one check.
func (o *observed) verdict(check string) string {
	for _, f := range o.Findings {
		if f.Check == check {
			return f.Verdict
		}
	}
	return "no such check"
}

func (o *observed) found(t *testing.T, check string) string {
	t.Helper()
	i := slices.IndexFunc(o.Findings, func(f struct{ Check, Verdict, Scope, Found, Note string }) bool { return f.Check == check })
	if i < 0 {
		t.Fatalf("the report has no check %q", check)
	}
	return o.Findings[i].Found + "; " + o.Findings[i].Note
}

// crun makes a bundle as `crun spec` describes it, with the host's programs.
func crun(t *testing.T, w *world, seconds string) []string {
	t.Helper()
	bundle := filepath.Join(w.dir, "bundle")
	must(t, w.in([]string{"mkdir", "-p", filepath.Join(bundle, "rootfs")}))
	spec := w.in([]string{"crun", "spec"})
	if w.UID != 0 {
		spec = w.in([]string{"crun", "spec", "--rootless"})
	}
	spec.Dir = bundle
	must(t, spec)
	path := filepath.Join(bundle, "config.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var config map[string]any
	if err := json.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	process := config["process"].(map[string]any)
	process["terminal"], process["args"] = false, []string{"sleep", seconds}
	mounts := config["mounts"].([]any)
	for _, dir := range []string{"/usr", "/bin", "/lib", "/lib64"} {
		mounts = append(mounts, map[string]any{"destination": dir, "source": dir, "type": "bind", "options": []string{"bind", "ro", "nosuid", "nodev"}})
	}
	config["mounts"] = mounts
	if text, err = json.Marshal(config); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	// crun takes the unified cgroup hierarchy alone, which this mount namespace has
	// whatever the host's is.
	const unified = `umount -R /sys/fs/cgroup 2>/dev/null; mount -t tmpfs none /sys/fs/cgroup 2>/dev/null; mount -t cgroup2 none /sys/fs/cgroup && exec "$@"`
	before := []string{"unshare", "-m", "--propagation", "private", "sh", "-c", unified, "sh"}
	if w.UID != 0 {
		before[1] = "-UrmC"
	}
	line := fmt.Sprintf("crun --cgroup-manager=disabled --root %s run --no-new-keyring --bundle %s netjail-test-%d", filepath.Join(w.dir, "state"), bundle, os.Getpid())
	return append(before, strings.Fields(line)...)
}
