package host

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// otherProcess is a process of the caller's in a user, a network and a UTS
// namespace of its own, until the test ends.
func otherProcess(t *testing.T) (dir string) {
	t.Helper()
	c := exec.Command("/bin/sleep", "1000")
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}},
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	return fmt.Sprintf("/proc/%d/ns", c.Process.Pid)
}

func inode(t testing.TB, path string) uint64 {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	return st.Ino
}

// TestJoined: which namespace a file is of, and whose it is.
func TestJoined(t *testing.T) {
	jailtest.Require(t, "userns", "netns")
	dir := otherProcess(t)
	user, own := inode(t, dir+"/user"), inode(t, "/proc/self/ns/user")
	for _, c := range []struct {
		kind  ns.Kind
		owner uint64
	}{{ns.User, own}, {ns.Network, user}, {ns.UTS, user}} {
		path := filepath.Join(dir, c.kind.Link())
		j := joined(path, c.kind, uint32(os.Getuid()))
		if j.Why != "" || j.Owner != c.owner || j.Own != (c.owner == own) || j.Node.Inode != inode(t, path) || j.Node.Type != unix.S_IFREG || j.Path != path {
			t.Errorf("%s: %+v, want the owner %d", c.kind, j, c.owner)
		}
		link := filepath.Join(jailtest.PublicDir(t), "link")
		if err := os.Symlink(path, link); err != nil {
			t.Fatal(err)
		}
		if by := joined(link, c.kind, uint32(os.Getuid())); by.Why != "" || by.Node != j.Node {
			t.Errorf("by a symbolic link: %+v", by)
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestReadJoined: only what the profile joins is looked at.
func TestReadJoined(t *testing.T) {
	jailtest.Require(t, "userns", "netns")
	dir := otherProcess(t)
	p := policy.Default()
	p.Namespaces[ns.UTS], p.Joined[ns.UTS] = policy.NamespaceJoin, dir+"/uts"
	var h plan.Host
	readJoined(&h, &p)
	for _, k := range ns.All() {
		if (h.Joined[k] == plan.Joined{}) != (k != ns.UTS) {
			t.Errorf("%s: %+v", k, h.Joined[k])
		}
	}
}

// TestNotJoined: what is no namespace, or another, or not the caller's to enter.
func TestNotJoined(t *testing.T) {
	jailtest.Require(t, "userns", "netns")
	dir := otherProcess(t)
	public := jailtest.PublicDir(t)
	fifo := filepath.Join(public, "fifo")
	if err := unix.Mkfifo(fifo, 0o644); err != nil {
		t.Fatal(err)
	}
	uid := uint32(os.Getuid())
	for _, c := range []struct {
		path      string
		kind      ns.Kind
		uid       uint32
		why, help string
	}{
		{"/no/such", ns.Network, uid, "no such file", "ip netns"},
		{fifo, ns.Network, uid, "no file of a namespace", "bound"},
		{"/dev/zero", ns.Network, uid, "no file of a namespace", ""},
		{public, ns.Network, uid, "no file of a namespace", ""},
		{"/proc/self/status", ns.Network, uid, "no file of a namespace", ""},
		{dir + "/uts", ns.Network, uid, "a namespace of the kind uts, not network", "is net"},
		{dir + "/net", ns.Mount, uid, "a namespace of the kind network, not mount", "is mnt"},
		{"/proc/thread-self/ns/net", ns.Network, uid, "netjail's own network namespace", "network: host"},
		{"/proc/thread-self/ns/user", ns.User, uid, "netjail's own user namespace", "user: host"},
		{dir + "/user", ns.User, uid + 1, fmt.Sprintf("made by the user %d", uid), "that user"},
	} {
		j := joined(c.path, c.kind, c.uid)
		if !strings.Contains(j.Why, c.why) || !strings.Contains(j.Help, c.help) || j.Why == "" {
			t.Errorf("%s as %s of %d: %+v", c.path, c.kind, c.uid, j)
		}
	}
}

// TestNotAChild: a user namespace below another is not joined.
func TestNotAChild(t *testing.T) {
	jailtest.Require(t, "userns", "unshare")
	c := exec.Command("unshare", "--user", "--map-current-user", "unshare", "--user", "--map-current-user", "sleep", "1000")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	jailtest.Eventually(t, "the inner namespace", func() bool {
		comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", c.Process.Pid))
		return string(comm) == "sleep\n"
	})
	j := joined(fmt.Sprintf("/proc/%d/ns/user", c.Process.Pid), ns.User, uint32(os.Getuid()))
	if !strings.Contains(j.Why, "not a child of netjail's own") || j.Help == "" {
		t.Errorf("%+v", j)
	}
}

// TestExplainJoin: each step of a join has a cause and a remedy.
func TestExplainJoin(t *testing.T) {
	for _, c := range []struct {
		op    string
		errno unix.Errno
		cause string // empty where there is nothing to add
	}{
		{"join.network", unix.EPERM, "CAP_SYS_ADMIN"},
		{"join.network.open", unix.ENOENT, "has ended since"},
		{"join.network.open.same", 0, "another namespace"},
		{"join.network.open", unix.EMFILE, ""},
		{plan.JoinCloneOp, unix.ENOSPC, "namespaces"},
		{"ids.gid", unix.EINVAL, "no id 0"},
		{"ids.uid", unix.EINVAL, "no id 0"},
		{"ids.uid", unix.EPERM, ""},
	} {
		e, ok := ExplainStep(c.op, c.errno)
		if ok != (c.cause != "") || !strings.Contains(e.Cause, c.cause) || ok && e.Help == "" {
			t.Errorf("%s, %v: %+v, %t", c.op, c.errno, e, ok)
		}
	}
}
