package runner_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// hostile is what lives in a jail, with every capability of its user namespace. For
// each line it tries on every process that it sees what would give it that process,
// or what that has open; the first is a child of its own, the control.
const hostile = `
import ctypes, json, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
if libc.mount(b"proc", b"/proc", b"proc", 0, None) != 0:
    sys.exit("mount: errno %d" % ctypes.get_errno())
def seize(pid):
    if libc.ptrace(SEIZE, pid, 0, 0) != 0:
        return False
    libc.ptrace(INTERRUPT, pid, 0, 0); os.waitpid(pid, 0x40000000); libc.ptrace(DETACH, pid, 0, 0)
    return True
def works(do):
    try:
        do()
        return True
    except OSError:
        return False
def tries(pid):
    d = "/proc/%d/" % pid
    found = {"ptrace": seize(pid)}
    for name in "exe", "root", "cwd", "mem", "environ":
        found[name] = works(lambda: os.close(os.open(d + name, os.O_RDONLY)))
    found["fd"] = works(lambda: os.listdir(d + "fd"))
    found["fd/0"] = works(lambda: os.readlink(d + "fd/0"))
    found["ns"] = works(lambda: os.readlink(d + "ns/mnt"))
    found["kill"] = works(lambda: os.kill(pid, 0))
    return found
for line in sys.stdin:
    if line.startswith("kill"):
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) not in (1, os.getpid()):
                os.kill(int(name), signal.SIGKILL)
        print("{}", flush=True)
        continue
    child = os.fork()
    if child == 0:
        signal.pause()
    own = tries(child)
    os.kill(child, signal.SIGKILL); os.waitpid(child, 0)
    seen = {n: tries(int(n)) for n in os.listdir("/proc") if n.isdigit() and int(n) not in (1, os.getpid())}
    print(json.dumps({"own": own, "seen": seen}), flush=True)
`

// attacker is the hostile process.
type attacker struct {
	dir string // of its namespaces
	in  io.Writer
	out *bufio.Scanner
}

// newAttacker starts one, as pid 1 of a jail.
func newAttacker(t *testing.T) *attacker {
	t.Helper()
	const python = "/usr/bin/python3" // the first of root's PATH may be where nobody else may go
	if _, err := os.Stat(python); err != nil {
		jailtest.Demand(t, "python3", err.Error())
	}
	c := exec.Command(python, "-c", hostile)
	c.SysProcAttr = inNewUser(syscall.CLONE_NEWPID | syscall.CLONE_NEWNS)
	if os.Getuid() == 0 {
		c.SysProcAttr.Credential = &syscall.Credential{} // that namespace's root, as what root starts in a jail is
	}
	for n := range 41 {
		c.SysProcAttr.AmbientCaps = append(c.SysProcAttr.AmbientCaps, uintptr(n))
	}
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	a := &attacker{fmt.Sprintf("/proc/%d/ns", c.Process.Pid), in, bufio.NewScanner(out)}
	a.ask(t, "ready") // its /proc is there
	return a
}

// ask has it try once.
func (a *attacker) ask(t *testing.T, line string) (found struct {
	Own  map[string]bool
	Seen map[string]map[string]bool
},
) {
	t.Helper()
	fmt.Fprintln(a.in, line)
	if !a.out.Scan() {
		t.Fatalf("the hostile process has ended: %v", a.out.Err())
	}
	if err := json.Unmarshal(a.out.Bytes(), &found); err != nil {
		t.Fatalf("%s: %v", a.out.Bytes(), err)
	}
	return found
}

// policyFor joins the hostile process's user and pid namespace.
func (a *attacker) policyFor(t *testing.T) *policy.Policy {
	p := join(plain(t), a.dir, ns.User, ns.PID)
	p.Loopback = policy.Loopback{}
	return p
}

// TestJoinedPIDIsGuarded: who lives in a pid namespace, with every capability of the
// user namespace, sees the command before its first instruction, may signal it, and
// gets nothing else of it: neither the process nor netjail's program.
func TestJoinedPIDIsGuarded(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	a := newAttacker(t)
	for _, hold := range []bool{false, true} {
		asked := false
		x := &trial{policy: a.policyFor(t), argv: []string{"/bin/true"}}
		x.options.Hold = hold
		x.judged = func(e *evidence.Evidence) {
			asked = true
			found := a.ask(t, "try")
			for what, ok := range found.Own {
				if !ok {
					t.Errorf("%s does not work on its own child: the attempt shows nothing", what)
				}
			}
			if hold {
				return // the command itself: it is theirs as much as any process of the jail
			}
			if len(found.Seen) != 1 {
				t.Errorf("it sees %d processes beside its own, want the command's", len(found.Seen))
			}
			for pid, all := range found.Seen {
				for what, ok := range all {
					if ok != (what == "kill") {
						t.Errorf("process %s: %s works: %t", pid, what, ok)
					}
				}
			}
			if os.Getuid() == 0 {
				guardsProgram(t, e.Entered.PID)
			}
		}
		if err := x.run(t); err != nil || x.result.Status != 0 || !asked {
			t.Errorf("%v, %+v", err, x.result)
		}
		if f := x.finding(t, "ns.pid"); f.Verdict != audit.Declared {
			t.Errorf("%+v", f)
		}
	}
	noneLeft2(t, a)
	jailtest.AlsoAsUser(t)
}

// guardsProgram wants the program of a process to be a copy that nobody can write to.
func guardsProgram(t *testing.T, pid int) {
	t.Helper()
	path := fmt.Sprintf("/proc/%d/exe", pid)
	link, err := os.Readlink(path)
	if err != nil || !strings.HasPrefix(link, "/memfd:netjail") {
		t.Errorf("before its execve the command is %q, %v", link, err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const all = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE
	if seals, err := unix.FcntlInt(f.Fd(), unix.F_GET_SEALS, 0); err != nil || seals != all {
		t.Errorf("its seals are %#x, %v", seals, err)
	}
	if w, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
		if _, err := w.WriteString("x"); err == nil {
			t.Error("it can be written")
		}
		w.Close()
	}
}

// TestJoinedPIDIsKilled: who lives there can end the command before it has begun.
// Then it has not run, and netjail says so.
func TestJoinedPIDIsKilled(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	a := newAttacker(t)
	marker := filepath.Join(openDir(t), "ran")
	x := &trial{policy: a.policyFor(t), argv: []string{"/bin/touch", marker}}
	x.judged = func(*evidence.Evidence) { a.ask(t, "kill") }
	err := x.run(t)
	var setup *runner.SetupError
	if x.result != nil && x.result.Status.Signaled() {
		err = nil // the kernel tells it as the command's end
	} else if !errors.As(err, &setup) {
		t.Errorf("%v, %+v", err, x.result)
	}
	if _, err := os.Stat(marker); err == nil {
		t.Error("the command has run")
	}
	noneLeft2(t, a)
	jailtest.AlsoAsUser(t)
}

// noneLeft2 is noneLeft beside an attacker.
func noneLeft2(t *testing.T, a *attacker) {
	t.Helper()
	for _, p := range jailtest.Descendants(os.Getpid()) {
		if dir := fmt.Sprintf("/proc/%d/ns", p.PID); dir != a.dir {
			t.Errorf("a process is left: %s", p)
		}
	}
}

// TestJoinPIDIsNoticed spoils every op by which a pid namespace is joined.
func TestJoinPIDIsNoticed(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	kinds := []ns.Kind{ns.User, ns.PID}
	p := join(plain(t), firstJail(t, kinds...), kinds...)
	p.Loopback = policy.Loopback{}
	base := &trial{policy: p, argv: []string{"/bin/true"}}
	if err := base.run(t); err != nil {
		t.Fatalf("the unspoilt plan: %v", err)
	}
	spoilt := 0
	for i, o := range base.plan.Ops {
		about := false
		for _, head := range []string{"join.", "pid.", "proc.", "enter.", "mount.proc", "look", "audit", "parent-death.entered"} {
			about = about || strings.HasPrefix(o.Name, head)
		}
		looks := strings.HasSuffix(o.Name, ".same") || strings.HasSuffix(o.Name, ".check") || o.Name == "enter.answer"
		if !about || looks || strings.HasPrefix(o.Name, "join.") && strings.HasSuffix(o.Name, ".close") || o.Name == "proc.open.close" { // the tree closes these as well
			continue
		}
		spoilt++
		if spoil(t, p, false, func(l *plan.Plan) *plan.Plan { return l.Without(i) }).Ran {
			t.Errorf("op %s can be left out, and the command starts", o.Name)
		}
		if spoil(t, p, false, func(l *plan.Plan) *plan.Plan { return l.Pretending(i) }).Ran {
			t.Errorf("op %s can claim success and do nothing, and the command starts", o.Name)
		}
		noneLeft(t)
	}
	if spoilt < 24 {
		t.Errorf("%d ops were spoilt", spoilt)
	}
	jailtest.AlsoAsUser(t)
}
