package e2e

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/profiles"
)

// endReport is what a report says of the command's end.
type endReport struct {
	Outcome string
	AtExit  struct {
		Verdict, Why, Moving, Ended string
		Vanished                    int
		Processes                   []endProcess
	}
}

type endProcess struct {
	PID, Threads       int
	Name, Program, Why string
	Command            bool
	CannotTell         []string
	Findings           []struct {
		Check, Verdict, Found, Note string
		Thread                      int
	}
}

// judged are the checks of a process with this verdict.
func (p *endProcess) judged(verdict string) (checks []string) {
	for _, f := range p.Findings {
		if f.Verdict == verdict {
			checks = append(checks, f.Check)
		}
	}
	return checks
}

// named are the processes of that name, the command or not.
func (r *endReport) named(name string, command bool) (found []endProcess) {
	for _, p := range r.AtExit.Processes {
		if p.Name == name && p.Command == command {
			found = append(found, p)
		}
	}
	return found
}

// atExit runs a command under a profile to its end, and reads what is said of it.
// What it left running where there is no pid namespace ends with the test.
func (w *world) atExit(t *testing.T, profile string, argv ...string) (*endReport, ending) {
	t.Helper()
	path := filepath.Join(w.dir, "end.json")
	e := finish(t, w.jail(append([]string{"--report", path, "--at", "exit", profile}, argv...)...))
	return w.readEnd(t, path), e
}

func (w *world) readEnd(t *testing.T, path string) *endReport {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := new(endReport)
	if err := json.Unmarshal(text, r); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, p := range r.AtExit.Processes {
			if now, ok := jailtest.Stat(p.PID); ok && now.Comm == p.Name {
				unix.Kill(p.PID, unix.SIGKILL)
			}
		}
	})
	return r
}

// leaver leaves a daemon and a stopped process, and ends with 5. None of them holds
// its streams.
const leaver = `exec 2>/dev/null; setsid sleep 1000 >/dev/null 2>&1 </dev/null & p=$!; sh -c 'kill -STOP $$; :' >/dev/null </dev/null &
until grep -q "^State:.T" /proc/$!/status; do :; done; until grep -q sleep /proc/$p/comm; do :; done; exit 5`

// Under every bundled profile an honest command and what it leaves pass at its end;
// audit-only says what it says at the start. The command's status is its own.
func TestAtExitHonest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, name := range profiles.Names() {
			if w.Credential() != nil && !slices.Contains([]string{"offline-strict", "base", "minimal", "audit-only"}, name) {
				continue // a stranger has no home directory: an ordinary user's own run does this
			}
			r, e := w.atExit(t, name, "sh", "-c", leaver)
			if !e.exited(5) || e.err != "" || r.Outcome != "started" || r.AtExit.Ended != "exit 5" {
				t.Errorf("%s: %s; %+v", name, e, r)
			}
			allowed := name == "audit-only" && w.UID == 0
			if r.AtExit.Verdict != "pass" && !(allowed && r.AtExit.Verdict == "fail") {
				t.Errorf("%s: %+v", name, r.AtExit)
			}
			held := !slices.Contains([]string{"minimal", "audit-only"}, name)
			if (r.AtExit.Moving == "") != held {
				t.Errorf("%s: moving: %q", name, r.AtExit.Moving)
			}
			if len(r.named("sleep", false)) != 1 || len(r.named("sh", false)) != 1 || len(r.named("sh", true)) != 1 {
				t.Errorf("%s: %+v", name, r.AtExit.Processes)
			}
			for _, p := range r.AtExit.Processes {
				if fails := p.judged("fail"); len(fails) > 0 && !(allowed && slices.Equal(fails, []string{"ids.host-root"})) || len(p.judged("pass")) < 5 || len(p.CannotTell) < 10 {
					t.Errorf("%s: process %s: %+v", name, p.Name, p)
				}
			}
		}
	})
}

// What a command leaves without a pid namespace goes on as it was: what ran runs,
// what was stopped is stopped.
func TestAtExitLeavesOthersAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, _ := w.atExit(t, "minimal", "sh", "-c", leaver)
		for name, state := range map[string]string{"sleep": "S", "sh": "T"} {
			for _, p := range r.named(name, false) {
				if got := jailtest.StatusLine(p.PID, "State"); !strings.HasPrefix(got, state) {
					t.Errorf("%s is %q", name, got)
				}
			}
		}
	})
}

// raiser is a profile under which a command may raise one set, and raise is the
// program that does.
const (
	raiser = "capabilities: {bounding: [CAP_SETPCAP, CAP_NET_RAW], permitted: [CAP_SETPCAP], effective: [CAP_SETPCAP], inheritable: [CAP_SETPCAP], ambient: [CAP_SETPCAP]}\n"
	raise  = `import ctypes, os, struct, sys, threading
libc, done = ctypes.CDLL(None), threading.Event()
def go():
    head, data = struct.pack("Ii", 0x20080522, 0), ctypes.create_string_buffer(24)
    libc.capget(head, data)
    sets = list(struct.unpack("6I", data.raw))
    sets[2] |= 1 << 13
    if libc.capset(head, struct.pack("6I", *sets)): os._exit(9)
    done.set()
    if sys.argv[1] == "thread": threading.Event().wait()
if sys.argv[1] == "thread": threading.Thread(target=go, daemon=True).start()
else: go()
done.wait()
os._exit(int(sys.argv[2]))`
)

// A command that has raised a capability set beyond the declared one fails at its
// end, and one whose second thread has: the thread is named. The command's status
// stays what it is, unless it says that all is well.
func TestAtExitRaised(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jailtest.Require(t, "python3")
		profile := w.profile(t, "raiser", raiser)
		for _, which := range []string{"process", "thread"} {
			for _, code := range []int{0, 7} {
				r, e := w.atExit(t, profile, "python3", "-c", raise, which, strconv.Itoa(code))
				want := code
				if code == 0 {
					want = 123
				}
				if !e.exited(want) || !strings.HasPrefix(e.err, "netjail: at the command's end process ") || !strings.Contains(e.err, "caps.inheritable") {
					t.Fatalf("%s: %s", which, e)
				}
				if r.AtExit.Verdict != "fail" || len(r.AtExit.Processes) != 1 || !slices.Equal(r.AtExit.Processes[0].judged("fail"), []string{"caps.inheritable"}) {
					t.Fatalf("%s: %+v", which, r.AtExit)
				}
				for _, f := range r.AtExit.Processes[0].Findings {
					if f.Verdict == "fail" && (f.Thread != 0) != (which == "thread") {
						t.Errorf("%s: %+v", which, f)
					}
				}
			}
		}
		// The same where the audit only reports.
		_, e := w.atExit(t, w.profile(t, "lax", raiser+"audit: {mode: report}\n"), "python3", "-c", raise, "process", "0")
		if !e.exited(0) || e.err != "" {
			t.Error(e)
		}
	})
}

// What is in a namespace of the command's own making is told as declared where the
// profile lets it make some, and found wherever it went.
func TestAtExitNested(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jailtest.Require(t, "unshare")
		for name, profile := range map[string]string{"pid": w.profile(t, "nest", "nestedUserNamespaces: allow\n"), "no pid": "minimal"} {
			r, e := w.atExit(t, profile, "sh", "-c", `exec 2>/dev/null
unshare -U -n setsid --wait sh -c 'sleep 1000 & until grep -q sleep /proc/$!/comm; do :; done' >/dev/null </dev/null`)
			left := r.named("sleep", false)
			if !e.exited(0) || e.err != "" || r.AtExit.Verdict != "pass" || len(left) != 1 {
				t.Fatalf("%s: %s: %+v", name, e, r.AtExit)
			}
			for _, check := range []string{"ns.user", "ns.network", "caps.effective"} {
				if check != "caps.effective" && !slices.Contains(left[0].judged("declared"), check) {
					t.Errorf("%s: %s: %+v", name, check, left[0])
				}
			}
		}
	})
}

// However a command ends, it is read at its end.
func TestAtExitWays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jailtest.Require(t, "python3")
		const outlives = `import ctypes, os, threading, time
def go():
    while open("/proc/self/stat").read().split(") ")[1][0] != "Z": time.sleep(0.001)
    os._exit(4)
threading.Thread(target=go).start()
ctypes.CDLL(None).syscall(60, 0)`
		for _, profile := range withAndWithoutPID() {
			for _, way := range []struct {
				argv  []string
				ended string
				code  int
			}{
				{[]string{"sh", "-c", "kill -KILL $$"}, "killed by SIGKILL", 128 + 9},
				{[]string{"sh", "-c", "kill -TERM $$"}, "killed by SIGTERM", 128 + 15},
				{[]string{"sh", "-c", "exec sh -c 'exit 3'"}, "exit 3", 3},
				{[]string{"python3", "-c", outlives}, "exit 4", 4},
				{[]string{"python3", "-c", "import os, threading\nt = [threading.Thread(target=lambda: None) for i in range(50)]\n[x.start() for x in t]\n[x.join() for x in t]\nos.execvp('sh', ['sh', '-c', 'exit 6'])"}, "exit 6", 6},
				{[]string{"python3", "-c", "import os, threading\nt = threading.Thread(target=lambda: os.execvp('sh', ['sh', '-c', 'exit 8']))\nt.start()\nt.join()"}, "exit 8", 8},
			} {
				r, e := w.atExit(t, profile, way.argv...)
				if !e.exited(way.code) || e.err != "" || r.AtExit.Ended != way.ended || r.AtExit.Verdict != "pass" || len(r.AtExit.Processes) != 1 {
					t.Errorf("%s, %q: %s: %+v", profile, way.argv, e, r.AtExit)
				}
			}
		}
	})
}

// A command whose time is over is read before the rest of its jail goes.
func TestAtExitTimeout(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, pid := range []bool{true, false} {
			r, e := w.atExit(t, w.timed(t, pid, ""), "sh", "-c", "sleep 1000 >/dev/null 2>&1 & exec sleep 999")
			if !e.exited(124) || r.AtExit.Ended != "killed by SIGTERM, its time was over" || r.AtExit.Verdict != "pass" || len(r.AtExit.Processes) != 2 {
				t.Errorf("pid namespace %t: %s: %+v", pid, e, r.AtExit)
			}
		}
	})
}

// A command that stops and goes on does so while it is followed: netjail stops with
// it.
func TestAtExitStops(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		c := w.jail("--report", filepath.Join(w.dir, "end.json"), "--at", "exit", profile, "sh", "-c", "kill -TSTP $$; exit 4")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		jailtest.Eventually(t, "netjail stops with its command", func() bool {
			return strings.HasPrefix(jailtest.StatusLine(c.Process.Pid, "State"), "T")
		})
		if err := c.Process.Signal(unix.SIGCONT); err != nil {
			t.Fatal(err)
		}
		c.Wait()
		if code := c.ProcessState.ExitCode(); code != 4 {
			t.Errorf("exit status %d", code)
		}
		if r := w.readEnd(t, filepath.Join(w.dir, "end.json")); r.AtExit.Verdict != "pass" {
			t.Errorf("%+v", r.AtExit)
		}
	})
}

// Whenever netjail is killed, nothing of the jail is left, and the report says that
// nobody looked at the end, or holds all of it.
func TestAtExitKilled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var sessions []int
		for range 40 {
			path := filepath.Join(w.dir, "killed.json")
			os.Remove(path)
			c := w.jail("--report", path, "--at", "exit", "base", "sh", "-c", "sleep 1000 & sleep 1000 & :")
			c.SysProcAttr.Setsid = true
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			jailtest.Eventually(t, "the report is written, or netjail ends", func() bool {
				_, alive := jailtest.Stat(c.Process.Pid)
				return exists(path) || !alive
			})
			time.Sleep(time.Duration(rand.IntN(25000)) * time.Microsecond) // the point at which it is killed is what varies
			c.Process.Kill()
			c.Wait()
			sessions = append(sessions, c.Process.Pid)
			if r := w.readEnd(t, path); r.AtExit.Verdict != "not made" && r.AtExit.Verdict != "pass" {
				t.Errorf("%+v", r.AtExit)
			}
		}
		jailtest.Eventually(t, "no process of killed netjails is left", func() bool { return len(inSessions(sessions)) == 0 })
	})
}

// Every form of the report carries the end. What is no regular file, and so read by
// somebody when the first is written, takes none.
func TestAtExitForms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for format, word := range map[string]string{"json": `"atExit":{"verdict":"pass"`, "text": "at exit: pass", "sarif": "at exit, process ", "junit": `testsuite name="at exit"`, "markdown": "#### At exit: pass"} {
			path := filepath.Join(w.dir, "end."+format)
			e := finish(t, w.jail("--report", path, "--format", format, "--at", "exit", "offline-strict", "true"))
			text, err := os.ReadFile(path)
			if err != nil || !e.exited(0) || e.err != "" || !strings.Contains(string(text), word) {
				t.Errorf("%s: %s, %v\n%s", format, e, err, text)
			}
		}
		if e := finish(t, w.jail("--report", "/dev/null", "--at", "exit", "offline-strict", "true")); !e.exited(125) || !strings.Contains(e.err, "no regular file") {
			t.Error(e)
		}
	})
}
