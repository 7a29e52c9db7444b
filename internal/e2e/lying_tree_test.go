package e2e

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// treeLies are the calls of a set-up with a tree of files and a filter, beside
// those of lies.
var treeLies = []struct {
	name string
	call uint32
}{
	{"move_mount", unix.SYS_MOVE_MOUNT},
	{"mount_setattr", unix.SYS_MOUNT_SETATTR},
	{"open_tree", unix.SYS_OPEN_TREE},
	{"fsopen", unix.SYS_FSOPEN},
	{"fsconfig", unix.SYS_FSCONFIG},
	{"fsmount", unix.SYS_FSMOUNT},
	{"umount2", unix.SYS_UMOUNT2},
	{"pivot_root", unix.SYS_PIVOT_ROOT},
	{"mkdirat", unix.SYS_MKDIRAT},
	{"mknodat", unix.SYS_MKNODAT},
	{"symlinkat", unix.SYS_SYMLINKAT},
	{"openat2", unix.SYS_OPENAT2},
	{"statx", unix.SYS_STATX},
	{"fchmod", unix.SYS_FCHMOD},
	{"fchmodat", unix.SYS_FCHMODAT},
	{"fchmodat2", unix.SYS_FCHMODAT2},
	{"fchdir", unix.SYS_FCHDIR},
	{"chdir", unix.SYS_CHDIR},
	{"umask", unix.SYS_UMASK},
	{"socketpair", unix.SYS_SOCKETPAIR},
	{"getresgid", unix.SYS_GETRESGID},
	{"getgroups", unix.SYS_GETGROUPS},
	{"uname", unix.SYS_UNAME},
	{"getpgid", unix.SYS_GETPGID},
	{"getsid", unix.SYS_GETSID},
	{"getcwd", unix.SYS_GETCWD},
	{"io_uring_setup", unix.SYS_IO_URING_SETUP},
	{"io_uring_enter", unix.SYS_IO_URING_ENTER},
	{"add_key", unix.SYS_ADD_KEY},
	{"request_key", unix.SYS_REQUEST_KEY},
	{"keyctl", unix.SYS_KEYCTL},
	{"userfaultfd", unix.SYS_USERFAULTFD},
	{"open_by_handle_at", unix.SYS_OPEN_BY_HANDLE_AT},
	{"pidfd_getfd", unix.SYS_PIDFD_GETFD},
	{"perf_event_open", unix.SYS_PERF_EVENT_OPEN},
	{"seccomp", unix.SYS_SECCOMP},
	{"execveat", unix.SYS_EXECVEAT},
	{"kill", unix.SYS_KILL},
	{"landlock_create_ruleset", unix.SYS_LANDLOCK_CREATE_RULESET},
	{"landlock_restrict_self", unix.SYS_LANDLOCK_RESTRICT_SELF},
	{"ioprio_set", unix.SYS_IOPRIO_SET},
}

// withoutLie are words of a plan that are no lie's to tell, and why.
var withoutLie = map[string]string{
	"read":                "no program runs without it",
	"write":               "no program runs without it",
	"close":               "no program runs without it",
	"open":                "no program runs without it",
	"openat":              "no program runs without it",
	"ioctl":               "the descriptors of a Go program take it",
	"clone":               "a Go program's threads take it",
	"rt_sigprocmask":      "a Go program's threads take it",
	"execve":              "nobody would start netjail",
	"chmod":               "fchmodat answers for it",
	"creat":               "openat is what it does",
	"mknod":               "mknodat answers for it",
	"word":                "it compares what was read",
	"same-file":           "it compares what was read",
	"compare-namespaces":  "it compares what was read",
	"write-file":          "openat, write and close",
	"drop-groups":         "setgroups",
	"make-user-namespace": "clone3 and write-file",
	"audit":               "what netjail itself does at the gate",
	"audit-reaper":        "what netjail itself does at the gate",
}

// treeProfile asks for a tree of its own. Of a stranger's home directory nothing is
// known, and none is in it.
const treeProfile = "loopback: up\nsockets: {unix: isolated}\nfilesystem: {root: system, private: [/tmp, /run, /var/tmp]}\n"

// TestLyingKernelAboutTheTree is TestLyingKernel for the calls that make a tree of
// files and try the filter.
func TestLyingKernelAboutTheTree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.profile(t, "tree", treeProfile)
		for _, launcher := range []string{"--stage=false", "--stage"} {
			for _, lie := range treeLies {
				t.Run(launcher+"/"+lie.name, func(t *testing.T) {
					t.Parallel()
					filter := jailtest.Lying(lie.call)
					if launcher == "--stage" {
						filter = append(filter, jailtest.NoClone3()...)
					}
					c := w.in(filter.Under(w.victim, w.netjail, "run", launcher, p, "sleep", "1000"))
					w.holdsOrRefusesUnder(t, c, func(pid int) {
						w.holds(t, pid, true)
						for _, f := range w.observe(t, "--pid", strconv.Itoa(pid), p).Findings {
							if f.Verdict == "fail" {
								t.Errorf("the command runs, and %s fails: %s; %s", f.Check, f.Found, f.Note)
							}
						}
					})
				})
			}
		}
	})
}

// TestEveryCallIsLiedAbout: whatever the plan of a bundled profile calls is lied
// about, or there is a reason why not.
func TestEveryCallIsLiedAbout(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		told := map[string]bool{}
		for _, l := range lies {
			told[l.name] = true
		}
		for _, l := range treeLies {
			told[l.name] = true
		}
		profiles := []string{"offline", "offline-strict", "build", "agent", "base", "minimal"}
		if w.Credential() != nil {
			profiles = []string{"offline-strict", "base", "minimal"} // a stranger has no home directory
		}
		for _, profile := range profiles {
			var plan struct{ Operations []struct{ Call string } }
			if err := json.Unmarshal([]byte(must(t, w.in([]string{w.netjail, "plan", "--format", "json", profile}))), &plan); err != nil {
				t.Fatal(err)
			}
			var calls []string
			for _, o := range plan.Operations {
				if !told[o.Call] && withoutLie[o.Call] == "" && !slices.Contains(calls, o.Call) {
					calls = append(calls, o.Call)
				}
			}
			if len(calls) > 0 || len(plan.Operations) < 50 {
				t.Errorf("%s: of %d operations nobody lies about %v", filepath.Base(profile), len(plan.Operations), calls)
			}
		}
	})
}
