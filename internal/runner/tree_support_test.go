package runner_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/tree"
)

// house is a layout in the making, and what a script in it said.
type house struct {
	t        testing.TB
	layout   tree.Layout
	launcher runner.Launcher
	// change changes the profile offline, which a house is run under.
	change func(*policy.Policy)
	// standing is called when the tree stands and the command has yet to start.
	standing func()
	// mutate changes the plan before it runs.
	mutate func(*plan.Plan) *plan.Plan
	// attempts are the visitor's.
	attempts string
	plan     *plan.Plan
	said     string
}

// systemDirs are those that programs need, in a new root. Where one is a symbolic
// link, the new root has the same link.
var systemDirs = []string{"/bin", "/etc", "/lib", "/lib64", "/sbin", "/usr"}

// newRoot is a root with the host's programs behind read-only overlays, a fresh
// /proc and a /dev with a few devices.
func newRoot(t testing.TB) *house {
	h := &house{t: t, layout: tree.Layout{Workdir: "/"}}
	for _, dir := range systemDirs {
		switch text, err := os.Readlink(dir); {
		case err == nil:
			h.add(tree.Entry{Kind: tree.Symlink, Target: dir, Source: text})
		case exists(dir):
			h.dir(dir).show(tree.Overlay, dir, dir, tree.ReadOnly|tree.Nosuid|tree.Nodev)
		}
	}
	h.dir("/proc").add(tree.Entry{Kind: tree.Proc, Target: "/proc", Options: tree.Nosuid | tree.Nodev | tree.Noexec})
	h.dir("/dev")
	for _, dev := range []string{"/dev/null", "/dev/zero", "/dev/urandom"} {
		h.file(dev).show(tree.Bind, dev, dev, tree.Nosuid|tree.Noexec)
	}
	return h.dir("/tmp").tmpfs("/tmp", 0o1777, 0)
}

// inPlace is the caller's own tree with things mounted over it.
func inPlace(t testing.TB) *house {
	return &house{t: t, layout: tree.Layout{Workdir: "/", InPlace: true}}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func (h *house) add(e tree.Entry) *house {
	if e.Key == "" {
		e.Key = "filesystem.root"
	}
	h.layout.Entries = append(h.layout.Entries, e)
	return h
}

func (h *house) dir(target string) *house {
	return h.add(tree.Entry{Kind: tree.Dir, Target: target, Perm: 0o755})
}

func (h *house) file(target string) *house {
	return h.add(tree.Entry{Kind: tree.File, Target: target, Perm: 0o444})
}

func (h *house) tmpfs(target string, perm uint32, o tree.Options) *house {
	return h.add(tree.Entry{Kind: tree.Tmpfs, Target: target, Perm: perm, Options: o | tree.Nosuid | tree.Nodev})
}

func (h *house) mask(target string) *house {
	return h.add(tree.Entry{Kind: tree.Mask, Target: target, Options: tree.ReadOnly | tree.Nosuid | tree.Nodev | tree.Noexec})
}

// show adds an entry of a file of the host's.
func (h *house) show(k tree.Kind, source, target string, o tree.Options) *house {
	return h.add(tree.Entry{Kind: k, Target: target, Source: source, Node: nodeOf(h.t, source), Options: o})
}

// self adds a bind of what is at a path of the host's already.
func (h *house) self(path string, o tree.Options) *house {
	return h.add(tree.Entry{Kind: tree.Bind, Self: true, Target: path, Source: path, Node: nodeOf(h.t, path), Options: o})
}

// parents adds the directories above a path, in a new root.
func (h *house) parents(path string) *house {
	dir := filepath.Dir(path)
	if dir == "/" {
		return h
	}
	for i := range h.layout.Entries {
		if h.layout.Entries[i].Target == dir {
			return h
		}
	}
	return h.parents(dir).dir(dir)
}

// nodeOf asks stat(2).
func nodeOf(t testing.TB, path string) tree.Node {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return tree.Node{Device: st.Dev, Inode: st.Ino, Type: st.Mode & unix.S_IFMT}
}

// The variables that tell the visitor on which descriptor it speaks, and what it
// is to try.
const (
	saidVariable     = "NETJAIL_SAID"
	attemptsVariable = "NETJAIL_ATTEMPTS"
)

// freeFD is the highest descriptor up to last that is not in use.
func freeFD(t testing.TB, last int) int {
	t.Helper()
	for fd := last; fd > 2; fd-- {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
			return fd
		}
	}
	t.Fatalf("every descriptor up to %d is in use", last)
	return -1
}

// run starts a shell script in the house and waits for its end.
func (h *house) run(script string) error {
	h.t.Helper()
	fd := freeFD(h.t, 9) // some shells count no further
	digit := strconv.Itoa(fd)
	return h.exec(fd, "/bin/sh", "sh", "-c", "exec >&"+digit+" 2>&1 "+digit+">&-\n"+script)
}

// exec starts a command that speaks on a descriptor, and waits for its end.
func (h *house) exec(fd int, path string, argv ...string) error {
	h.t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p := bundled(h.t, "offline")
	p.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost}
	p.Process.InheritFDs = []int{0, 1, 2, fd}
	if h.change != nil {
		h.change(p)
	}
	said, close := h.listen(fd)
	defer close()
	snapshot, err := host.Snapshot(p, "")
	if err != nil {
		h.t.Fatal(err)
	}
	snapshot.Tree, snapshot.TreeRefused = &h.layout, nil
	command := &plan.Command{Path: path, Argv: argv, Env: []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", saidVariable + "=" + strconv.Itoa(fd), attemptsVariable + "=" + h.attempts}}
	if h.plan, err = plan.Build(p, snapshot, command, plan.Options{}); err != nil {
		return err
	}
	if h.mutate != nil {
		h.plan = h.mutate(h.plan)
	}
	result, err := runner.Run(h.plan, snapshot, runner.Options{Launcher: h.launcher, Judge: func(*evidence.Evidence) error {
		if h.standing != nil {
			h.standing()
		}
		return nil
	}})
	close()
	h.said = <-said
	if err == nil && result.Status != 0 {
		return fmt.Errorf("%s ended with %#x", path, result.Status)
	}
	return err
}

// listen puts the end of a pipe at fd; what was written to it comes when all its
// ends are closed.
func (h *house) listen(fd int) (said <-chan string, close func()) {
	h.t.Helper()
	var pipe [2]int
	err := unix.Dup3(0, fd, unix.O_CLOEXEC) // so that no end of the pipe lies there
	if err == nil {
		err = unix.Pipe2(pipe[:], unix.O_CLOEXEC)
	}
	if err == nil {
		err = unix.Dup3(pipe[1], fd, 0)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	unix.Close(pipe[1])
	c := make(chan string, 1)
	go func() {
		r := os.NewFile(uintptr(pipe[0]), "pipe")
		defer r.Close()
		text, _ := io.ReadAll(r)
		c <- string(text)
	}()
	open := true
	return c, func() {
		if open {
			unix.Close(fd)
			open = false
		}
	}
}

// says runs a script, whatever its last status is, and compares what it says.
func (h *house) says(script, want string) {
	h.t.Helper()
	if err := h.run(script + "\n:"); err != nil {
		h.t.Fatalf("%v\nit said %q", err, h.said)
	}
	if got := strings.TrimSpace(h.said); got != strings.TrimSpace(want) {
		h.t.Errorf("%s\nsaid\n%s\nwant\n%s", script, got, want)
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

func itoa(n int) string { return strconv.Itoa(n) }

// octal is a mask as umask(1) prints it.
func octal(n int) string { return fmt.Sprintf("%04o", n) }

// ownedByJail gives what is in a directory to the ids that root's jail has
// outside. An ordinary user's has the caller's.
func ownedByJail(t testing.TB, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	snapshot, err := host.Snapshot(bundled(t, "offline"), "")
	if err != nil {
		t.Fatal(err)
	}
	id := int(snapshot.RootRange.First)
	err = filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, id, id))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func umask(mask int) (before int) { return unix.Umask(mask) }
