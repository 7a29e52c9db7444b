package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// needScopes skips a test where the kernel's Landlock has no scopes: the word for
// NETJAIL_REQUIRE is landlock.
func needScopes(t *testing.T) {
	t.Helper()
	why := ""
	if abi := sys.LandlockABI(); abi < plan.ScopesABI {
		why = fmt.Sprintf("its version is %d, and scopes came with %d", abi, plan.ScopesABI)
	}
	jailtest.Demand(t, "landlock", why)
}

// group is a shell that leads a process group and netjail in it, whose command
// signals the group. The shell says "outsider" where that has reached it.
const group = `trap 'echo outsider' USR1; "$@" sh -c 'trap : USR1; kill -USR1 0; kill -USR1 1 2>/dev/null && echo pid 1; echo sent'; echo over`

func (w *world) group(t *testing.T, argv ...string) string {
	t.Helper()
	c := w.in(append([]string{"sh", "-c", group, "sh"}, argv...))
	c.SysProcAttr.Setpgid = true
	return must(t, c)
}

// hidesLandlock is a filter as of a container that does not know Landlock.
func hidesLandlock() jailtest.Filter {
	return jailtest.Filter{{Call: unix.SYS_LANDLOCK_CREATE_RULESET, Errno: uint32(unix.ENOSYS)}}
}

// A signal to the process group, which is the caller's, stays in the jail. Where
// the kernel has no Landlock it does not, and the report says so.
func TestSignalsStayInside(t *testing.T) {
	needScopes(t)
	eachOf(t, []string{"base", "build"}, func(t *testing.T, w *world, profile string) {
		report := filepath.Join(w.dir, "report.json")
		for _, launcher := range []string{"--stage=false", "--stage"} {
			if out := w.group(t, w.netjail, "run", launcher, "--report", report, profile); out != "sent\nover\n" {
				t.Errorf("%s: %q", launcher, out)
			}
			if f := readReport(t, report).found(t, "proc.signal"); f != "refused, EPERM" {
				t.Errorf("%s: proc.signal found %q", launcher, f)
			}
		}
		for _, open := range [][]string{
			hidesLandlock().Under(w.victim, w.netjail, "run", "--report", report, profile),
			{w.netjail, "run", "minimal"},
		} {
			out := w.group(t, open...)
			if w.UID == 0 {
				continue // the ids of root's jail are nobody's outside, and may signal nobody
			}
			if !strings.Contains(out, "outsider\n") {
				t.Errorf("the control, %s: %q", open, out)
			}
		}
		for _, f := range readReport(t, report).Findings {
			if f.Check == "proc.signal" && f.Verdict != "declared" {
				t.Errorf("without Landlock proc.signal is %s: %s", f.Verdict, f.Found)
			}
		}
	})
}

// given connects a socket of the host's that it was given, and one of its own, to
// an abstract name of the host's.
const given = `import os, socket, subprocess, sys
name = "\0netjail-test-%d" % os.getpid()
at = socket.socket(socket.AF_UNIX); at.bind(name); at.listen()
s = socket.socket(socket.AF_UNIX)
os.dup2(s.fileno(), 9, inheritable=True)
inside = """import socket, sys
try:
    socket.socket(fileno=9).connect("\\0" + sys.argv[1])
    print("connected")
except OSError as e:
    print(e.strerror)
"""
subprocess.run(sys.argv[1:] + ["python3", "-c", inside, name[1:]], pass_fds=[9], check=True)
`

// A unix socket that the command was given leads to no abstract name of the host
// unless the profile leaves it the host's.
func TestGivenSocketReachesNoAbstractName(t *testing.T) {
	needScopes(t)
	jailtest.Require(t, "python3")
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ unix, want string }{
			{"deny", "Operation not permitted\n"},
			{"host", "connected\n"},
		} {
			p := w.profile(t, "given-"+c.unix, "sockets: {unix: "+c.unix+"}\nprocess: {inheritFds: [0, 1, 2, 9]}\n")
			if out := must(t, w.in([]string{"env", "python3", "-c", given, w.netjail, "run", p})); out != c.want {
				t.Errorf("unix: %s: %q, want %q", c.unix, out, c.want)
			}
		}
	})
}

// Ordinary work with signals, tracing and files goes on in a domain: jobs of a
// shell, children, a debugger's child, a move between directories.
func TestWorkInScope(t *testing.T) {
	needScopes(t)
	jailtest.Require(t, "python3")
	const work = `set -e; trap : TERM
sleep 1000 & kill $!; wait $! || test $? = 143
sh -c 'trap "exit 7" TERM; kill -TERM $$; sleep 1' || test $? = 7
(sleep 1000 & sleep 1000 & trap : TERM; kill -TERM 0; wait) || test $? = 143
timeout 0.1 sleep 1000 || test $? = 124
mkdir a b; echo x > a/f; mv a/f b/f; ln b/f a/g; rm -r a b
echo done`
	eachOf(t, []string{"base", "build"}, func(t *testing.T, w *world, profile string) {
		if out := must(t, w.jail(profile, "bash", "-c", work)); out != "done\n" {
			t.Errorf("%q", out)
		}
		// A domain with rules about files would forbid mounts.
		const mounts = "mount -t tmpfs none /tmp && stat -f -c %T /tmp && ls /tmp"
		if w.UID != 0 { // to map an id 0 takes a capability that no jail has
			if out := must(t, w.jail(w.nesting(t, profile), "unshare", "-Urm", "sh", "-c", mounts)); out != "tmpfs\n" {
				t.Errorf("a mount in a user namespace of the command's: %q", out)
			}
		}
		if _, err := exec.LookPath("strace"); err == nil {
			if e := finish(t, w.jail(profile, "strace", "-f", "-o", "/dev/null", "sh", "-c", "true; exit 3")); !e.exited(3) {
				t.Errorf("strace: %s", e)
			}
		}
	})
}
