package runner_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// join lets a policy join the namespace of each kind whose file is in dir.
func join(p *policy.Policy, dir string, kinds ...ns.Kind) *policy.Policy {
	for _, k := range kinds {
		p.Namespaces[k], p.Joined[k] = policy.NamespaceJoin, filepath.Join(dir, k.Link())
	}
	return p
}

// inNewUser starts a process in a new user namespace and in those of flags. Its
// only ids are the caller's, under the same numbers; root gives it a range, from 0
// on.
func inNewUser(flags uintptr) *syscall.SysProcAttr {
	id, first, size := os.Getuid(), os.Getuid(), 1
	if id == 0 {
		first, size = 0x70000000, 65536
	}
	line := []syscall.SysProcIDMap{{ContainerID: id, HostID: first, Size: size}}
	return &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | flags, UidMappings: line, GidMappings: line}
}

// firstJail is a process in namespaces of its own that are to be joined, until the
// test ends.
func firstJail(t *testing.T, kinds ...ns.Kind) (dir string) {
	t.Helper()
	attr := &syscall.SysProcAttr{}
	if slices.Contains(kinds, ns.User) {
		attr = inNewUser(0)
	}
	for _, k := range kinds {
		attr.Cloneflags |= k.CloneFlag()
	}
	c := exec.Command("/bin/sleep", "1000")
	c.SysProcAttr = attr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	return fmt.Sprintf("/proc/%d/ns", c.Process.Pid)
}

// linkOf is a namespace as the link of a process names it.
func linkOf(t testing.TB, dir string, k ns.Kind) string {
	t.Helper()
	text, err := os.Readlink(filepath.Join(dir, k.Link()))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sees is a command that succeeds where its namespaces are those of dir.
func sees(t testing.TB, dir string, kinds ...ns.Kind) []string {
	script := "true"
	for _, k := range kinds {
		script += fmt.Sprintf(` && test "$(readlink /proc/self/ns/%s)" = '%s'`, k.Link(), linkOf(t, dir, k))
	}
	return []string{"/bin/sh", "-c", script}
}

// TestJoin joins namespaces of another process: an ordinary user the user
// namespace and what belongs to it, root also what belongs to the host.
func TestJoin(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, c := range []struct {
		name string
		root bool // takes root
		made []ns.Kind
		join []ns.Kind
	}{
		{"user and network", false, []ns.Kind{ns.User, ns.Network}, []ns.Kind{ns.User, ns.Network}},
		{"user alone", false, []ns.Kind{ns.User, ns.Network}, []ns.Kind{ns.User}},
		{"user and time", false, []ns.Kind{ns.User, ns.Time}, []ns.Kind{ns.User, ns.Time}},
		{"user and pid", false, []ns.Kind{ns.User, ns.PID}, []ns.Kind{ns.User, ns.PID}},
		{"user, pid and others", false, []ns.Kind{ns.User, ns.PID, ns.Network, ns.IPC, ns.Time}, []ns.Kind{ns.User, ns.PID, ns.Network, ns.IPC, ns.Time}},
		{"the host's time namespace", true, []ns.Kind{ns.Time}, []ns.Kind{ns.Time}},
		{"all that can be", false, []ns.Kind{ns.User, ns.Network, ns.IPC, ns.UTS, ns.Cgroup}, []ns.Kind{ns.User, ns.Network, ns.IPC, ns.UTS, ns.Cgroup}},
		{"the host's network namespace", true, []ns.Kind{ns.Network}, []ns.Kind{ns.Network}},
		{"several of the host's", true, []ns.Kind{ns.Network, ns.IPC, ns.UTS, ns.Cgroup}, []ns.Kind{ns.Network, ns.IPC, ns.UTS, ns.Cgroup}},
		{"a jail's network namespace", true, []ns.Kind{ns.User, ns.Network}, []ns.Kind{ns.Network}},
	} {
		if c.root && os.Getuid() != 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			dir := firstJail(t, c.made...)
			for _, profile := range []string{"plain", "minimal"} {
				for _, hold := range []bool{false, true} {
					p := join(policyOf(t, profile), dir, c.join...)
					p.Loopback = policy.Loopback{}
					x := &trial{policy: p, argv: sees(t, dir, c.join...), options: runner.Options{Hold: hold}}
					checkJoined(t, x, dir, fmt.Sprintf("%s, held %t", profile, hold), c.join)
				}
			}
		})
	}
	jailtest.AlsoAsUser(t)
}

func checkJoined(t *testing.T, x *trial, dir, name string, kinds []ns.Kind) {
	if err := x.run(t); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if x.result.Status != 0 || x.result.Launcher != runner.LauncherStage {
		t.Errorf("%s: status %#x, by the %s", name, x.result.Status, x.result.Launcher)
	}
	for _, k := range kinds {
		f := x.finding(t, "ns."+k.String())
		if f.Verdict != audit.Declared || !strings.Contains(f.Found, linkOf(t, dir, k)) || f.Side != audit.SideBoth {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for _, f := range x.findings {
		if f.Verdict == audit.Fail || f.Verdict == audit.Unknown && f.Scope == audit.Examined {
			t.Errorf("%s: %+v", name, f)
		}
	}
	noneLeft(t)
}

// noneLeft wants no process of a start to be left beside the jails that the test
// itself keeps.
func noneLeft(t testing.TB) {
	t.Helper()
	if pid, _ := unix.Wait4(-1, nil, unix.WNOHANG|unix.WALL, nil); pid > 0 {
		t.Errorf("the process %d was not reaped", pid)
	}
	for _, p := range jailtest.Descendants(os.Getpid()) {
		if p.Comm != "sleep" {
			t.Errorf("a process is left: %s", p)
		}
	}
}

// TestJoinedIDs: who the command is in a user namespace that is joined.
func TestJoinedIDs(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir, id := firstJail(t, ns.User, ns.Network), os.Getuid()
	made := filepath.Join(openDir(t), "made")
	p := join(plain(t), dir, ns.User, ns.Network)
	p.Loopback = policy.Loopback{}
	script := fmt.Sprintf(`test "$(id -u):$(id -g)" = %d:%d && echo >'%s'`, id, os.Getgid(), made)
	x := &trial{policy: p, argv: []string{"/bin/sh", "-c", script}}
	if err := x.run(t); err != nil || x.result.Status != 0 {
		t.Fatalf("%v, %+v", err, x.result)
	}
	want := uint32(id)
	if id == 0 {
		want = 0x70000000
	}
	if owner := ownerOf(t, made); owner != want {
		t.Errorf("what the command makes belongs to %d, want %d", owner, want)
	}
	for _, check := range []string{"ids.current", "ids.host-root", "caps.parent", "caps.permitted", "caps.bounding"} {
		if f := x.finding(t, check); f.Verdict != audit.Pass {
			t.Errorf("%+v", f)
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestJoinAsRootOfAUsersJail: root would have to be uid 0 in a namespace that has
// none. It is told so, and nothing is left.
func TestJoinAsRootOfAUsersJail(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	c := asStranger.Command("unshare", "--user", "--map-current-user", "--net", "sleep", "1000")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	own := jailtest.Namespace(os.Getpid(), "net")
	jailtest.Eventually(t, "the stranger's jail", func() bool {
		net := jailtest.Namespace(c.Process.Pid, "net")
		comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", c.Process.Pid))
		return net != "" && net != own && string(comm) == "sleep\n"
	})
	dir := fmt.Sprintf("/proc/%d/ns", c.Process.Pid)
	x := &trial{policy: join(bundled(t, "minimal"), dir, ns.User, ns.Network), argv: []string{"/bin/true"}}
	x.policy.Loopback = policy.Loopback{}
	var step *runner.StepError
	if err := x.run(t); !errors.As(err, &step) || step.Op.Name != "ids.gid" || step.Errno != unix.EINVAL {
		t.Errorf("%v", err)
	}
	noneLeft(t)
}

// TestJoinIsRefused: what cannot be joined is told before anything starts.
func TestJoinIsRefused(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := firstJail(t, ns.User, ns.Network, ns.UTS)
	other, lone := firstJail(t, ns.User, ns.Network), firstJail(t, ns.User, ns.PID)
	fifo, text := filepath.Join(openDir(t), "fifo"), jailtest.File(t, openDir(t), "text", "net:[1]", false)
	if err := unix.Mkfifo(fifo, 0o644); err != nil {
		t.Fatal(err)
	}
	user := func(p *policy.Policy) { join(p, dir, ns.User) }
	at := func(k ns.Kind, path string) func(*policy.Policy) {
		return func(p *policy.Policy) { p.Namespaces[k], p.Joined[k] = policy.NamespaceJoin, path }
	}
	cases := []struct {
		name             string
		change           func(*policy.Policy)
		key, cause, help string
		user, root       bool // whom it is refused to
	}{
		{"no such file", at(ns.Network, "/run/netns/no-such"), "namespaces.network", "no such file", "ip netns", true, true},
		{"a FIFO", at(ns.Network, fifo), "namespaces.network", "no file of a namespace", "/proc/PID/ns/net", true, true},
		{"a text", at(ns.Network, text), "namespaces.network", "no file of a namespace", "", true, true},
		{"a directory", at(ns.Network, "/run"), "namespaces.network", "no file of a namespace", "", true, true},
		{"a device", at(ns.Network, "/dev/null"), "namespaces.network", "no file of a namespace", "", true, true},
		{"another kind", at(ns.Network, dir+"/uts"), "namespaces.network", "of the kind uts, not network", "is net", true, true},
		{"netjail's own pid namespace", at(ns.PID, dir+"/pid"), "namespaces.pid", "netjail's own pid namespace", "pid: host", true, true},
		{"a pid namespace without its user namespace", at(ns.PID, lone+"/pid"), "namespaces.pid", "takes CAP_SYS_ADMIN", "user: {join:", true, false},
		{"a pid namespace, and a user namespace of one's own", func(p *policy.Policy) { join(p, lone, ns.PID).Namespaces[ns.Mount] = policy.NamespaceNew }, "namespaces.pid", "needs a /proc of", "mount: host", false, true},
		{"a mount namespace", at(ns.Mount, dir+"/mnt"), "namespaces.mount", "is not joined", "new", true, true},
		{"netjail's own", at(ns.Network, "/proc/self/ns/net"), "namespaces.network", "netjail's own network namespace", "network: host", true, true},
		{"netjail's own user namespace", at(ns.User, "/proc/self/ns/user"), "namespaces.user", "netjail's own user namespace", "user: host", true, true},
		{"without its user namespace", at(ns.Network, dir+"/net"), "namespaces.network", "takes CAP_SYS_ADMIN", "user: {join:", true, false},
		{"of another jail", func(p *policy.Policy) { user(p); join(p, other, ns.Network) }, "namespaces.network", "is another", "one jail", true, true},
		{"another's process", at(ns.Network, "/proc/1/ns/net"), "namespaces.network", "permission denied", "own", true, false},
	}
	for _, c := range cases {
		if os.Getuid() == 0 && !c.root || os.Getuid() != 0 && !c.user {
			continue
		}
		p := bundled(t, "minimal")
		p.Loopback = policy.Loopback{}
		c.change(p)
		x := &trial{policy: p, argv: []string{"/bin/true"}}
		err := x.run(t)
		i := slices.IndexFunc(refusals(err), func(r *plan.Refusal) bool { return r.Key == c.key })
		if i < 0 {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r := refusals(err)[i]; !strings.Contains(r.Cause, c.cause) || !strings.Contains(r.Help, c.help) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestJoinIsRaced: a path that leads elsewhere once netjail has looked is found
// out by the process that opens it.
func TestJoinIsRaced(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir, other := firstJail(t, ns.User, ns.Network), firstJail(t, ns.User, ns.Network)
	link := filepath.Join(openDir(t), "net")
	for _, c := range []struct{ name, target, step string }{
		{"another namespace", filepath.Join(other, "net"), "join.network.open.same"},
		{"a file", "/etc/passwd", "join.network.open.same"},
		{"nothing", "/no/such", "join.network.open"},
	} {
		os.Remove(link)
		if err := os.Symlink(filepath.Join(dir, "net"), link); err != nil {
			t.Fatal(err)
		}
		p := join(bundled(t, "minimal"), dir, ns.User)
		p.Namespaces[ns.Network], p.Joined[ns.Network], p.Loopback = policy.NamespaceJoin, link, policy.Loopback{}
		x := &trial{policy: p, argv: []string{"/bin/true"}, mutate: func(l *plan.Plan) *plan.Plan {
			os.Remove(link)
			if err := os.Symlink(c.target, link); err != nil {
				t.Fatal(err)
			}
			return l
		}}
		var step *runner.StepError
		if err := x.run(t); !errors.As(err, &step) || step.Op.Name != c.step {
			t.Errorf("%s: %v", c.name, err)
		}
		noneLeft(t)
	}
	jailtest.AlsoAsUser(t)
}
