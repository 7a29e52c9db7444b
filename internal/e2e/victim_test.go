package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// The checks that rest on a process of netjail's own outside the jail.
var victimChecks = []string{
	"net.proc", "proc.kill", "proc.ptrace", "proc.pidfd-getfd", "proc.links", "proc.prlimit",
	"escape.pidfd", "escape.nsfs-handle", "escape.siocgskns",
}

// reported are the verdicts of one full audit, by check.
func (w *world) reported(t *testing.T, argv ...string) map[string]string {
	t.Helper()
	file := w.dir + "/verdicts.json"
	defer os.Remove(file)
	finish(t, w.jail(append(append([]string{"--report", file}, argv...), "true")...))
	all := map[string]string{}
	for _, f := range readReport(t, file).Findings {
		all[f.Check] = f.Verdict
	}
	return all
}

// Of what reaches a host process nothing is open under a strict profile; each is
// where a key shares what shuts it, and the report says so.
func TestVictimOfAnAudit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const shared = "filesystem: host\nnoNewPrivileges: true\nsockets: {families: host, unix: host}\nnestedUserNamespaces: allow\n" +
			"process: {terminal: host}\n"
		for _, c := range []struct {
			name, profile string
			open          []string
			verdict       string
			rootOnly      bool
		}{
			{"a tree of its own", w.own(t, "strict", "isolated"), nil, "", false},
			{"the host's tree", "base", nil, "", false},
			{"minimal", "minimal", []string{"net.proc", "proc.kill", "proc.prlimit"}, "declared", false},
			{"nothing new", "audit-only", victimChecks, "declared", false},
			{
				"root's own namespaces", w.profile(t, "rooted", shared+"acceptsHostRoot: true\nnamespaces: {user: host, pid: host, mount: host}\naudit: {mode: report}\n"),
				[]string{"escape.pidfd", "escape.nsfs-handle", "escape.siocgskns"},
				"fail", true,
			},
		} {
			if c.rootOnly && w.UID != 0 {
				continue
			}
			for _, launcher := range []string{"--stage=false", "--stage"} {
				got := w.reported(t, launcher, c.profile)
				for _, check := range victimChecks {
					want := "pass"
					for _, open := range c.open {
						if open == check {
							want = c.verdict
						}
					}
					if c.rootOnly && want == "pass" {
						continue // the key that opens it is the last case's
					}
					if got[check] != want && !(check == "escape.nsfs-handle" && got[check] == "not applicable") {
						t.Errorf("%s, %s: %s is %q, want %q", c.name, launcher, check, got[check], want)
					}
				}
			}
		}
	})
}

// A plain run makes no such process and tries nothing of the kind.
func TestNoVictimOfARun(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		out := must(t, w.in([]string{w.netjail, "plan", "base", "--", "true"}))
		for _, name := range []string{"attempt.victim.", "attempt.handed."} {
			if strings.Contains(out, name) {
				t.Errorf("the plan of a run holds %s", name)
			}
		}
	})
}

// However early netjail is killed in an audit, its victim is gone as well.
func TestKilledAuditLeavesNoVictim(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var sessions []int
		for range killRounds / 2 {
			c := w.in([]string{w.netjail, "audit", "base"})
			c.SysProcAttr.Setsid = true
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(rand.IntN(30000)) * time.Microsecond) // the point at which it is killed is what varies
			c.Process.Kill()
			c.Wait()
			sessions = append(sessions, c.Process.Pid)
		}
		jailtest.Eventually(t, "no process of killed netjails is left", func() bool { return len(inSessions(sessions)) == 0 })
	})
}

// Where the kernel only claims that an attempt or its control worked, no check that
// rests on it passes.
func TestVictimUnderLies(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, lie := range []struct {
			check string
			call  uint32
		}{
			{"proc.ptrace", unix.SYS_PTRACE},
			{"proc.ptrace", unix.SYS_PROCESS_VM_READV},
			{"proc.ptrace", unix.SYS_PROCESS_VM_WRITEV},
			{"proc.ptrace", unix.SYS_PWRITE64},
			{"proc.kill", unix.SYS_KILL},
			{"proc.kill", unix.SYS_TGKILL},
			{"proc.kill", unix.SYS_PIDFD_SEND_SIGNAL},
			{"proc.pidfd-getfd", unix.SYS_PIDFD_GETFD},
			{"proc.prlimit", unix.SYS_PRLIMIT64},
			{"proc.links", unix.SYS_READLINKAT},
			{"escape.pidfd", unix.SYS_SETNS},
			{"escape.nsfs-handle", unix.SYS_OPEN_BY_HANDLE_AT},
			{"escape.siocgskns", unix.SYS_IOCTL},
		} {
			t.Run(fmt.Sprintf("%s/%d", lie.check, lie.call), func(t *testing.T) {
				t.Parallel() // some lies are found out by patience alone
				filter := jailtest.Lying(lie.call)
				e := finish(t, w.in(filter.Under(w.victim, w.netjail, "audit", "--format", "json", "base")))
				if strings.Contains(e.out, `"check":"`+lie.check+`","verdict":"pass"`) || e.exited(0) {
					t.Errorf("%s", e)
				}
			})
		}
	})
}
