package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// lies are the calls of a set-up of which each is answered with success in the
// kernel's place, and never made.
var lies = []struct {
	name string
	call uint32
}{
	{"clone3", unix.SYS_CLONE3},
	{"mount", unix.SYS_MOUNT},
	{"prctl", unix.SYS_PRCTL},
	{"capset", unix.SYS_CAPSET},
	{"capget", unix.SYS_CAPGET},
	{"sethostname", unix.SYS_SETHOSTNAME},
	{"setresuid", unix.SYS_SETRESUID},
	{"setresgid", unix.SYS_SETRESGID},
	{"setgroups", unix.SYS_SETGROUPS},
	{"close_range", unix.SYS_CLOSE_RANGE},
	{"sendto", unix.SYS_SENDTO},
	{"recvfrom", unix.SYS_RECVFROM},
	{"setns", unix.SYS_SETNS},
	{"socket", unix.SYS_SOCKET},
	{"getresuid", unix.SYS_GETRESUID},
	{"readlinkat", unix.SYS_READLINKAT},
	{"prlimit64", unix.SYS_PRLIMIT64},
	{"dup3", unix.SYS_DUP3},
	{"pidfd_open", unix.SYS_PIDFD_OPEN},
	{"wait4", unix.SYS_WAIT4},
	{"unshare", unix.SYS_UNSHARE},
}

// lyingProfile asks for one thing of every kind.
const lyingProfile = "loopback: up\nprocess: {hostname: jailed}\n"

// Under a kernel that lies about one call, either netjail ends with 125 and the
// command never ran, or everything that the profile declares is true, as seen
// from here.
func TestLyingKernel(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.profile(t, "lying", lyingProfile)
		for _, profile := range []string{p, "minimal"} {
			for _, launcher := range []string{"--stage=false", "--stage"} {
				for _, lie := range lies {
					if lie.call == unix.SYS_SENDTO && (profile == p) == (launcher == "--stage") {
						continue // it takes netjail's whole patience: once for each profile
					}
					t.Run(filepath.Base(profile)+"/"+launcher+"/"+lie.name, func(t *testing.T) {
						t.Parallel() // a lie about waiting is found out by patience alone
						filter := jailtest.Lying(lie.call)
						if launcher == "--stage" && lie.call != unix.SYS_CLONE3 {
							filter = append(filter, jailtest.NoClone3()...)
						}
						c := w.in(filter.Under(w.victim, w.netjail, "run", launcher, profile, "sleep", "1000"))
						w.holdsOrRefuses(t, c, profile == p)
					})
				}
			}
		}
	})
}

// holdsOrRefuses starts the command and waits for one of the two.
func (w *world) holdsOrRefuses(t *testing.T, c *exec.Cmd, everything bool) {
	t.Helper()
	w.holdsOrRefusesUnder(t, c, func(pid int) { w.holds(t, pid, everything) })
}

// holdsOrRefusesUnder is the same with a look of the caller's at the command.
func (w *world) holdsOrRefusesUnder(t *testing.T, c *exec.Cmd, look func(pid int)) {
	t.Helper()
	var words strings.Builder
	c.Stderr, c.WaitDelay = &words, waitDelay
	c.SysProcAttr.Setsid = true
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	session := c.Process.Pid
	ended := make(chan struct{})
	go func() {
		c.Wait()
		close(ended)
	}()
	defer func() {
		for _, p := range jailtest.InSession(session) {
			unix.Kill(p.PID, unix.SIGKILL)
		}
		<-ended
	}()
	timeout := time.After(20 * time.Second)
	for {
		for _, p := range jailtest.InSession(session) {
			if p.Comm == "sleep" {
				look(p.PID)
				return
			}
		}
		select {
		case <-ended:
			// 126 is the kernel's refusal of the command's own execve(2), as where links
			// that lead to its interpreter are not there: it never ran either.
			if code := c.ProcessState.ExitCode(); code != 125 && code != 126 || words.Len() == 0 {
				t.Errorf("netjail ended with %d and %q", code, words.String())
			}
			return
		case <-timeout:
			t.Fatal("netjail neither started the command nor refused")
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// holds looks at a running command from outside.
func (w *world) holds(t *testing.T, pid int, everything bool) {
	t.Helper()
	kinds := []string{"user", "net"}
	if everything {
		kinds = []string{"user", "net", "mnt", "pid", "ipc", "uts", "cgroup"}
	}
	for _, kind := range kinds {
		if ns := jailtest.Namespace(pid, kind); ns == "" || ns == jailtest.Namespace(1, kind) || ns == jailtest.Namespace(unix.Getpid(), kind) {
			t.Errorf("the command runs in the %s namespace %q", kind, ns)
		}
	}
	for _, key := range []string{"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"} {
		if got := jailtest.StatusLine(pid, key); strings.Trim(got, "0") != "" {
			t.Errorf("the command runs with %s %s", key, got)
		}
	}
	if got := jailtest.StatusLine(pid, "NoNewPrivs"); got != "1" {
		t.Errorf("the command runs with NoNewPrivs %s", got)
	}
	if uid := strings.Fields(jailtest.StatusLine(pid, "Uid")); w.UID == 0 && (len(uid) != 4 || uid[0] == "0" || uid[1] == "0") {
		t.Errorf("root's command runs as %v", uid)
	}
	if groups := jailtest.StatusLine(pid, "Groups"); w.UID == 0 && groups != "" {
		t.Errorf("root's command has the groups %q", groups)
	}
}
