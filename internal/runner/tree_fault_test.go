package runner_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/tree"
)

// everyKind is a new root with an entry of every kind, in places that netjail
// made and in places that it did not.
func everyKind(t *testing.T) *house {
	dir := repository(t)
	h := inside(newRoot(t), tree.Ephemeral, dir, "/home/me", tree.Nosuid|tree.Nodev)
	h.mask("/home/me/.envrc").tmpfs("/home/me/.git/hooks", 0o755, tree.ReadOnly)
	h.add(tree.Entry{Kind: tree.Dir, Target: "/home/me/made", Perm: 0o755}).tmpfs("/home/me/made", 0o755, tree.ReadOnly)
	h.add(tree.Entry{Kind: tree.Dir, Target: "/home/me/made/here", Perm: 0o755})
	h.dir("/dev/pts").add(tree.Entry{Kind: tree.Devpts, Target: "/dev/pts", Options: tree.Nosuid | tree.Noexec})
	return protect(inside(h, tree.Bind, dir, "/work", tree.Nosuid|tree.Nodev), dir, "/work")
}

// TestTreeFaults makes every op of a tree fail, also where it is one call of
// several: the error names it, and what it was for, the command never ran, and
// nothing is left.
func TestTreeFaults(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	runtime.LockOSThread() // ReadState is about a thread
	defer runtime.UnlockOSThread()
	h := everyKind(t)
	if err := h.run("true"); err != nil {
		t.Fatal(err)
	}
	base, state, mounts := h.plan, jailtest.ReadState(t), mountTable(t)
	for i := range base.Ops {
		o := &base.Ops[i]
		if !strings.HasPrefix(o.Name, "mount.") {
			continue
		}
		h.mutate = func(l *plan.Plan) *plan.Plan {
			q := *l
			q.Ops = slices.Clone(l.Ops)
			q.Ops[i].Expect = plan.Expect{Mode: plan.ExpectEqual, Want: 0x7ead}
			return &q
		}
		err := h.run("echo ran")
		var step *runner.StepError
		if !errors.As(err, &step) || step.Index != i || step.Op.Name != o.Name || step.Op.Key == "" || step.Op.Why == "" || h.said != "" {
			t.Errorf("%s: the error is %v, the command said %q", o.Name, err, h.said)
		}
		jailtest.Childless(t)
	}
	if diff := cmp.Diff(state, jailtest.ReadState(t)); diff != "" {
		t.Errorf("netjail's own process is not as it was:\n%s", diff)
	}
	if after := mountTable(t); after != mounts {
		t.Errorf("the host's mounts were\n%s\nand are\n%s", mounts, after)
	}
	jailtest.AlsoAsUser(t)
}

// TestFaultOfOne: of an op that is several calls, the error is about the one that
// failed.
func TestFaultOfOne(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := jailtest.PublicDir(t)
	for _, name := range []string{"a", "b", "c"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	h := newRoot(t)
	for _, name := range []string{"a", "b", "c"} {
		h.dir("/"+name).show(tree.Overlay, filepath.Join(dir, name), "/"+name, 0)
		h.layout.Entries[len(h.layout.Entries)-1].Key = "key." + name
	}
	if err := os.Remove(filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	err := h.run("true")
	var step *runner.StepError
	if !errors.As(err, &step) || step.Errno != unix.ENOENT || step.Op.Key != "key.b" || !strings.Contains(err.Error(), dir+"/b") || strings.Contains(err.Error(), dir+"/c") {
		t.Errorf("the error is %v", err)
	}
}

// TestTreeKilled ends netjail by SIGKILL while a command runs in a tree: no
// process of it is left, and so no mount.
func TestTreeKilled(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := jailtest.PublicDir(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	before := mountTable(t)
	c := exec.Command("/proc/self/exe", "-test.run", "^TestTreeKilledHelper$")
	c.Env = append(os.Environ(), "NETJAIL_KILLED="+dir)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var link string
	jailtest.Eventually(t, "the command says which mount namespace it is in", func() bool {
		text, err := os.ReadFile(filepath.Join(dir, "namespace"))
		link = strings.TrimSpace(string(text))
		return err == nil && strings.HasSuffix(string(text), "\n")
	})
	if len(jailtest.InNamespace("mnt", link)) == 0 {
		t.Fatalf("nobody is in %s", link)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil {
		t.Error("netjail ended by itself")
	}
	jailtest.Eventually(t, "nobody is left in "+link, func() bool { return len(jailtest.InNamespace("mnt", link)) == 0 })
	if after := mountTable(t); after != before {
		t.Errorf("the host's mounts were\n%s\nand are\n%s", before, after)
	}
	jailtest.AlsoAsUser(t)
}

// TestTreeKilledHelper is netjail in TestTreeKilled.
func TestTreeKilledHelper(t *testing.T) {
	dir := os.Getenv("NETJAIL_KILLED")
	if dir == "" {
		return
	}
	h := inside(everyKind(t), tree.Bind, dir, "/place", 0)
	fmt.Println(h.run("readlink /proc/self/ns/mnt >/place/namespace; exec sleep 1000"))
}
