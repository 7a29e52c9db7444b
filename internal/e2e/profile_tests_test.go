package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/profiles"
)

// secrets are what the bundled profiles hide of a home directory.
var secrets = []string{".ssh/id_ed25519", ".netrc", ".npmrc", ".bash_history"}

// homeWithKeys makes a home of u's.
func homeWithKeys(t *testing.T, u jailtest.User) string {
	home := filepath.Join(u.Dir(t), "home")
	for _, name := range secrets {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("secret\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"", ".ssh", ".ssh/id_ed25519", ".netrc", ".npmrc", ".bash_history"} {
		if err := os.Chown(filepath.Join(home, path), u.UID, u.UID); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// passwdWithHome is the password file in which a user has this home.
func passwdWithHome(t *testing.T, u jailtest.User, home string) string {
	t.Helper()
	text := jailtest.StrangersTables(t, "", "")["passwd"]
	var lines []string
	for line := range strings.Lines(text) {
		fields := strings.Split(line, ":")
		if len(fields) == 7 && fields[2] == strconv.Itoa(u.UID) {
			fields[5] = home
		}
		lines = append(lines, strings.Join(fields, ":"))
	}
	return strings.Join(lines, "")
}

// TestBundledProfilesTests runs what the bundled profiles say of themselves. Run
// by root it is made as root and as an ordinary user, both with a home that has
// keys in it, and nothing may be skipped. An ordinary user's own home may have
// none.
func TestBundledProfilesTests(t *testing.T) {
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	jailtest.Require(t, "userns", "netns", "pidns", "git")
	if os.Getuid() != 0 {
		out, err := exec.Command(program, "test", "--verbose", "--timeout", "3m").CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	jailtest.Each(t, func(t *testing.T, u jailtest.User) {
		tables := jailtest.Tables{"passwd": passwdWithHome(t, u, homeWithKeys(t, u))}
		c := tables.Command(t, u, program, "test", "--strict", "--verbose", "--timeout", "3m")
		c.Env = append(c.Env, "TMPDIR="+u.Dir(t))
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		for _, name := range profiles.Names() {
			if !strings.Contains("\n"+string(out), "\n"+name+"\n") {
				t.Errorf("%s has no tests", name)
			}
		}
		for _, want := range []string{"read ~/.ssh", "connect host", "write .git/hooks"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("nothing tries %q:\n%s", want, out)
			}
		}
	})
}

// TestTestsEndWithASignal: nothing is left of what netjail has started, neither
// processes nor directories, and it dies by the signal.
func TestTestsEndWithASignal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		host, err := os.Readlink("/proc/self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		// The second command fails inside at once, and waits outside, as the control.
		profile := w.profile(t, "slow", `namespaces: {pid: host, mount: host}
sockets: {unix: host}
tests:
  - {name: inside, run: [sh, -c, "setsid sleep 4711 & sleep 4712"], expect: allowed}
  - {name: outside, run: [sh, -c, "setsid sleep 4713 & test $(readlink /proc/self/ns/net) = '`+host+`' && sleep 4714"], expect: blocked}
`)
		for _, signal := range []syscall.Signal{unix.SIGINT, unix.SIGTERM} {
			tmp := w.Dir(t)
			c := w.in([]string{w.netjail, "test", profile})
			c.Env = append(c.Env, "TMPDIR="+tmp)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			var all []jailtest.Process
			jailtest.Eventually(t, "the commands run on both sides", func() bool {
				all = jailtest.Descendants(c.Process.Pid)
				sleeping := 0
				for _, p := range all {
					if p.Comm == "sleep" {
						sleeping++
					}
				}
				return sleeping >= 4
			})
			c.Process.Signal(signal)
			err := c.Wait()
			if status := c.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != signal {
				t.Errorf("%v: %v", signal, err)
			}
			for _, p := range all {
				if p.Alive() {
					t.Errorf("%v: %s is left", signal, p)
				}
			}
			if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
				t.Errorf("%v: left behind: %v %v", signal, left, err)
			}
		}
	})
}

// TestProgressOnATerminal: people see how far it is, and what is not for them is
// not written where nobody looks.
func TestProgressOnATerminal(t *testing.T) {
	jailtest.Require(t, "pty")
	each(t, func(t *testing.T, w *world) {
		profile := w.profile(t, "quick", "tests:\n  - {name: it works, run: [\"true\"], expect: allowed}\n")
		x := w.Terminal(t, w.netjail, "test", profile)
		x.Await(`1 of 1: .*: it works`)
		x.Await(`1 test of 1 profile: 1 passed`)
		c := w.in([]string{w.netjail, "test", profile})
		c.WaitDelay = time.Second
		out, err := c.CombinedOutput()
		if err != nil || strings.Contains(string(out), "1 of 1") || strings.Contains(string(out), "\x1b") {
			t.Errorf("%v: %q", err, out)
		}
	})
}

// TestBundledTestsNotice loosens `offline` by one key at a time, and wants its own
// tests to fail for that: a test that passes whatever the profile says shows
// nothing.
func TestBundledTestsNotice(t *testing.T) {
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	// As it is resolved: what it has from the profiles it extends is to be changed too.
	text, err := exec.Command(program, "show", "offline").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, test string }{
		{"loopback: up", "loopback: down", "a server of its own can be reached"},
		{"  writable: [project]", "  writable: none", "the project can be written"},
		{"  protected: standard", "  protected: none", "git's hooks cannot be planted"},
		{"  protected: standard", "  protected: none", "git's settings cannot be changed"},
		{"  protected: standard", "  protected: none", "the profiles that guard the project cannot be changed"},
		{"  hidden: standard", "  hidden: none", "SSH keys cannot be read"},
		{"  hidden: standard", "  hidden: none", "passwords of machines cannot be read"},
		{"  hidden: standard", "  hidden: none", "what was typed cannot be read"},
		{"  home: ephemeral", "  home: readonly", "the home directory can be written and is discarded"},
		{"nestedUserNamespaces: deny", "nestedUserNamespaces: allow", "no user namespace can be made"},
		{"capabilities: none", "capabilities: {bounding: [CAP_KILL]}", "it has no capability, and gets none"},
	} {
		t.Run(c.test, func(t *testing.T) {
			jailtest.Each(t, func(t *testing.T, u jailtest.User) {
				dir := u.Dir(t)
				begin, rest, found := strings.Cut(string(text), c.from)
				if !found {
					t.Fatalf("the profile has no %q", c.from)
				}
				profile := jailtest.File(t, dir, "loose.yaml", begin+c.to+rest, false)
				tables := jailtest.Tables{"passwd": passwdWithHome(t, u, homeWithKeys(t, u))}
				run := tables.Command(t, u, program, "test", "--strict", "--run", c.test, profile)
				run.Env = append(run.Env, "TMPDIR="+dir)
				out, _ := run.CombinedOutput()
				if run.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "  fail   "+c.test) {
					t.Errorf("%s: %s\n%s", c.to, run.ProcessState, out)
				}
			})
		})
	}
}

// TestAHostWithoutANetworkShowsNothing: on a host that has no way out itself, a
// jail in the host's own network is refused by the kernel as well, and where the
// host's loopback is down the client does not work at all. Neither is a pass; with
// a network of the jail's own, beside a loopback that works, it is one.
func TestAHostWithoutANetworkShowsNothing(t *testing.T) {
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	const test = "tests:\n  - {name: out, connect: \"192.0.2.1:443\", expect: blocked}\n"
	for _, c := range []struct {
		name, prepare, profile, want string
		status                       int
	}{
		{"shared", "ip link set lo up", "namespaces: {network: host, mount: host, pid: host}\nfilesystem: host\nsockets: {unix: host}\n", "ENETUNREACH, but connected to 127.0.0.1:", 3},
		{"dead", "true", "", "the probe does not reach netjail's own listener", 3},
		{"own", "ip link set lo up", "", "  pass   out", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			jailtest.Each(t, func(t *testing.T, u jailtest.User) {
				dir := u.Dir(t)
				profile := jailtest.File(t, dir, "p.yaml", "apiVersion: netjail/v1\nname: p\n"+c.profile+test, false)
				id := strconv.Itoa(u.UID)
				run := exec.Command("unshare", "--net", "sh", "-c", c.prepare+` && exec setpriv --reuid `+id+` --regid `+id+` --clear-groups "$@"`, "sh", program, "test", profile)
				run.Dir = dir
				run.Env = []string{"PATH=" + jailtest.Path, "TMPDIR=" + dir, "LC_ALL=C"}
				out, _ := run.CombinedOutput()
				if run.ProcessState.ExitCode() != c.status || !strings.Contains(string(out), c.want) {
					t.Errorf("%s\n%s", run.ProcessState, out)
				}
			})
		})
	}
}
