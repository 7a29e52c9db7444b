package runner_test

import (
	"errors"
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
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/tree"
)

// owned shows a directory of the host's as it is given to root's command: what is
// its owner's there is the command's.
func owned(h *house, k tree.Kind, source, target string, o tree.Options) *house {
	inside(h, k, source, target, o|tree.Nosuid|tree.Nodev)
	var st unix.Stat_t
	if err := unix.Stat(source, &st); err != nil {
		h.t.Fatal(err)
	}
	e := &h.layout.Entries[len(h.layout.Entries)-1]
	e.Owner = &tree.Owner{UID: st.Uid, GID: st.Gid}
	e.Node.Owner = *e.Owner
	h.change = func(p *policy.Policy) {
		p.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost}
		p.Sockets.Unix = policy.UnixDeny
	}
	return h
}

// belonging makes a directory of somebody's that nobody else may enter, below one
// of the same kind, with a file of theirs and one of somebody else's that both may
// be read by everybody.
func belonging(t testing.TB, uid int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shut", "project")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, owner := range map[string]int{"own": uid, "other": 4321} {
		jailtest.File(t, dir, name, "text\n", false)
		if err := os.Chown(filepath.Join(dir, name), owner, owner); err != nil {
			t.Fatal(err)
		}
	}
	for _, shut := range []string{dir, filepath.Dir(dir)} {
		err := errors.Join(os.Chmod(shut, 0o700), os.Chown(shut, uid, uid))
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// belongsTo is a file's user and group.
func belongsTo(t testing.TB, path string) string {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		t.Fatal(err)
	}
	return itoa(int(st.Uid)) + ":" + itoa(int(st.Gid))
}

// TestOwned: in what root's command may write, it is whoever owns that: root, or
// an ordinary user. Nobody else's files can be written, and none be made that run
// with their owner's identity.
func TestOwned(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	for _, l := range launchers() {
		for _, uid := range []int{0, jailtest.Stranger} {
			t.Run(l.String()+"/"+itoa(uid), func(t *testing.T) {
				dir := belonging(t, uid)
				h := owned(newRoot(t), tree.Bind, dir, "/work/project", 0)
				h.launcher, h.layout.Workdir = l, "/work/project"
				h.says(`id -u; stat -c '%n %u:%g' . own other
echo more >>own; mkdir made; echo new >made/file; ln -s own link; chmod 600 own; cat other
echo more >>other; chmod 666 other; rm made/file; echo new >made/file; chown 5:5 own
chmod 4755 made/file; chmod 2755 made; stat -c %a made/file made`, `
0
. 0:0
own 0:0
other 65534:65534
text
sh: 4: cannot create other: Permission denied
chmod: changing permissions of 'other': Value too large for defined data type
chown: changing ownership of 'own': Value too large for defined data type
chmod: changing permissions of 'made/file': Operation not permitted
chmod: changing permissions of 'made': Operation not permitted
644
755`)
				for _, name := range []string{"own", "made", "made/file", "link"} {
					if got, want := belongsTo(t, filepath.Join(dir, name)), itoa(uid)+":"+itoa(uid); got != want {
						t.Errorf("on the host %s belongs to %s, want %s", name, got, want)
					}
				}
				if got := belongsTo(t, filepath.Join(dir, "other")); got != "4321:4321" {
					t.Errorf("somebody else's file belongs to %s", got)
				}
				line := mountOf(h, "/work/project")
				if !strings.Contains(line, ",idmapped ") || !strings.Contains(line, "nosuid,nodev") || strings.Contains(line, "shared:") || strings.Contains(line, "master:") {
					t.Errorf("the mount is %q", line)
				}
			})
		}
	}
}

// mountOf is the line of mountinfo about a place inside.
func mountOf(h *house, at string) string {
	h.t.Helper()
	if err := h.run("cat /proc/self/mountinfo"); err != nil {
		h.t.Fatal(err)
	}
	for line := range strings.Lines(h.said) {
		if strings.Fields(line)[4] == at {
			return line
		}
	}
	return ""
}

// TestOwnedHome: root's home, which nobody else may enter, is there to be read and
// to be changed, and none of that reaches the host. What is somebody else's in it
// can be read as everybody may, and not be changed.
func TestOwnedHome(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	for _, l := range launchers() {
		for _, base := range []func(testing.TB) *house{newRoot, inPlaceHome} {
			dir := belonging(t, 0)
			h := owned(base(t), tree.Ephemeral, dir, homeOf(base(t)), 0)
			h.launcher = l
			h.says("cd "+homeOf(h)+`; cat own other; echo more >>own; cat own; rm own; echo new >own; mkdir made; touch made/x; stat -c %u:%g . own made
echo more >>other; stat -c %a .`, `
text
text
text
more
0:0
0:0
0:0
sh: 3: cannot create other: Permission denied
700`)
			if text, err := os.ReadFile(filepath.Join(dir, "own")); err != nil || string(text) != "text\n" {
				t.Errorf("on the host the file is %q, %v", text, err)
			}
			h = owned(base(t), tree.Overlay, dir, homeOf(base(t)), tree.ReadOnly)
			h.launcher = l
			h.says("cd "+homeOf(h)+"; cat own; echo more >>own", "text\nsh: 2: cannot create own: Read-only file system")
		}
	}
}

// inPlaceHome is the caller's own tree.
func inPlaceHome(t testing.TB) *house { return inPlace(t).tmpfs("/mnt", 0o755, 0) }

// homeOf is where a test's home goes: below a directory that is there, or that is
// made.
func homeOf(h *house) string {
	if h.layout.InPlace {
		return "/mnt/me"
	}
	return "/home/me"
}

// TestOwnedMemory: a tmpfs can be given as well, and what is mounted below a
// directory is given with it.
func TestOwnedMemory(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	dir := belonging(t, 0)
	memory := mounted(t, "tmpfs", filepath.Join(dir, "memory"), "mode=700")
	h := owned(newRoot(t), tree.Bind, dir, "/work", 0)
	h.layout.Entries[len(h.layout.Entries)-1].Recursive = true
	h.says("echo new >/work/memory/file; stat -c %u:%g /work/memory /work/memory/file", "0:0\n0:0")
	if got := belongsTo(t, filepath.Join(memory, "file")); got != "0:0" {
		t.Errorf("on the host the file belongs to %s", got)
	}
}

// mounted mounts a file system until the test ends.
func mounted(t testing.TB, kind, at, data string) string {
	t.Helper()
	err := os.MkdirAll(at, 0o755)
	if err == nil {
		err = unix.Mount(kind, at, kind, 0, data)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(at, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return at
}

// TestOwnedOverlay: what the kernel does not idmap is refused, whole or in part.
func TestOwnedOverlay(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	dir, under := belonging(t, 0), t.TempDir()
	for _, name := range []string{"upper", "work", "lower"} {
		if err := os.Mkdir(filepath.Join(under, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	at := mounted(t, "overlay", filepath.Join(dir, "overlay"), "lowerdir="+under+"/lower,upperdir="+under+"/upper,workdir="+under+"/work")
	for source, op := range map[string]string{at: "idmap.clone.owner", dir: "idmap.clone.recursive.owner"} {
		h := owned(newRoot(t), tree.Bind, source, "/work", 0)
		h.layout.Entries[len(h.layout.Entries)-1].Recursive = source == dir
		var step *runner.StepError
		if err := h.run("echo ran"); !errors.As(err, &step) || step.Op.Name != op || step.Errno != unix.EINVAL || h.said != "" {
			t.Errorf("%s: the error is %v, and the command said %q", source, err, h.said)
		}
	}
}

// TestOwnedRace: what was replaced, or changed hands, since netjail looked is not
// given away.
func TestOwnedRace(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	for _, c := range []struct {
		name, op string
		change   func(dir string) error
	}{
		{"replaced", "idmap.source.same", func(dir string) error {
			return errors.Join(os.Rename(dir, dir+".old"), os.Mkdir(dir, 0o700))
		}},
		{"a link", "idmap.source", func(dir string) error {
			return errors.Join(os.Rename(dir, dir+".old"), os.Symlink("/etc", dir))
		}},
		{"another owner", "idmap.owner.uid", func(dir string) error { return os.Chown(dir, 4321, 0) }},
		{"another group", "idmap.owner.gid", func(dir string) error { return os.Chown(dir, 0, 4321) }},
	} {
		dir := belonging(t, 0)
		h := owned(newRoot(t), tree.Bind, dir, "/work", 0)
		if err := c.change(dir); err != nil {
			t.Fatal(err)
		}
		var step *runner.StepError
		if err := h.run("echo ran"); !errors.As(err, &step) || step.Op.Name != c.op || h.said != "" {
			t.Errorf("%s: the error is %v, and the command said %q", c.name, err, h.said)
		}
	}
}

// TestOwnedFaults makes every op that netjail carries out ahead fail, or claim
// success: the command never ran, and nothing is left.
func TestOwnedFaults(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	runtime.LockOSThread() // ReadState is about a thread
	defer runtime.UnlockOSThread()
	for _, l := range launchers() {
		h := owned(owned(newRoot(t), tree.Ephemeral, belonging(t, 0), "/home/me", 0), tree.Bind, belonging(t, 7), "/work", 0)
		h.launcher = l
		if err := h.run("true"); err != nil {
			t.Fatal(err)
		}
		base, state, mounts := h.plan, jailtest.ReadState(t), mountTable(t)
		tried := 0
		for i := range base.Ops {
			o := &base.Ops[i]
			if o.Actor != plan.Ahead {
				continue
			}
			tried++
			for name, spoil := range aheadFaults {
				h.mutate = func(p *plan.Plan) *plan.Plan {
					q := *p
					q.Ops = slices.Clone(p.Ops)
					spoil(&q.Ops[i])
					return &q
				}
				err := h.run("echo ran")
				if err == nil || h.said != "" {
					t.Errorf("%s, %s: the error is %v, and the command said %q", o.Name, name, err, h.said)
				}
				jailtest.Childless(t)
			}
		}
		if tried < 8 {
			t.Errorf("only %d ops were tried", tried)
		}
		if diff := cmp.Diff(state, jailtest.ReadState(t)); diff != "" {
			t.Errorf("netjail's own process is not as it was:\n%s", diff)
		}
		if after := mountTable(t); after != mounts {
			t.Errorf("the host's mounts were\n%s\nand are\n%s", mounts, after)
		}
	}
}

// aheadFaults are ways in which an op ahead can fail.
var aheadFaults = map[string]func(*plan.Op){
	"errno": func(o *plan.Op) {
		o.Call, o.Number, o.Args, o.Each, o.Expect = "close", 0, []plan.Arg{{Value: ^uint64(0)}}, nil, plan.Expect{}
	},
	"no maps": func(o *plan.Op) {
		if o.Call != plan.DeedMakeUsers {
			o.Expect = plan.Expect{Mode: plan.ExpectEqual, Want: 0x7ead}
			return
		}
		o.Args = slices.Clone(o.Args)
		o.Args[0].Block = &plan.Block{Data: []byte("nonsense\n")}
	},
}

// TestOwnedKilled ends netjail by SIGKILL while a command runs in what was given
// to it: no process and no mount is left.
func TestOwnedKilled(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	dir := belonging(t, 0)
	before := mountTable(t)
	c := exec.Command("/proc/self/exe", "-test.run", "^TestOwnedKilledHelper$")
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
}

// TestOwnedKilledHelper is netjail in TestOwnedKilled.
func TestOwnedKilledHelper(t *testing.T) {
	dir := os.Getenv("NETJAIL_KILLED")
	if dir == "" {
		return
	}
	h := owned(newRoot(t), tree.Bind, dir, "/work", 0)
	t.Log(h.run("readlink /proc/self/ns/mnt >/work/namespace; exec sleep 1000"))
}

// TestOwnedWork: git and make work in a project of root's that nobody else may
// enter.
func TestOwnedWork(t *testing.T) {
	jailtest.Require(t, "root", "userns", "netns", "pidns", "git", "make")
	dir := belonging(t, 0)
	jailtest.File(t, dir, "Makefile", "all: made\nmade: own\n\tcp own made\n", false)
	h := owned(newRoot(t), tree.Bind, dir, "/work", 0)
	h.layout.Workdir = "/work"
	h.says(`export HOME=/tmp; git config --global user.name Somebody; git config --global user.email somebody@example.com
make -s && cat made && git init -q && git add own made && git commit -q -m first && git log --format=%s && git status --short --untracked=no`, "text\nfirst")
	if got := belongsTo(t, filepath.Join(dir, ".git/HEAD")); got != "0:0" {
		t.Errorf("on the host the repository belongs to %s", got)
	}
	// dpkg-deb, install and tar set these bits; they are told that they may not.
	h.says("install -m 4755 own tool; ls tool; tar cf x.tar own && rm own && tar xf x.tar && ls own; mkdir -m 2775 team", `
install: cannot change permissions of 'tool': Operation not permitted
tool
own
mkdir: cannot change permissions of 'team': Operation not permitted`)
}
