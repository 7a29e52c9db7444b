package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/sys"
	"github.com/netjail/netjail/internal/tree"
)

// launchers are those that this architecture has.
func launchers() []runner.Launcher {
	if sys.HasLoop {
		return []runner.Launcher{runner.LauncherLoop, runner.LauncherStage}
	}
	return []runner.Launcher{runner.LauncherStage}
}

// TestNewRoot: the command sees what the layout makes, and nothing else of the
// host; no name in the root leads out of it, and it cannot be written to.
func TestNewRoot(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, l := range launchers() {
		t.Run(l.String(), func(t *testing.T) {
			h := newRoot(t)
			h.launcher = l
			h.dir("/a").tmpfs("/a", 0o750, tree.ReadOnly).add(tree.Entry{Kind: tree.Dir, Target: "/a/b", Perm: 0o700}).tmpfs("/a/b", 0o700, tree.Noexec)
			h.layout.Workdir = "/tmp"
			h.says("pwd; ls -d /*; ls -a /..|wc -l; cd /; cd ..; pwd; ls -d .[!.]* ..?* 2>/dev/null", `
/tmp
`+strings.Join(rootNames(h), "\n")+`
`+itoa(len(rootNames(h))+2)+`
/`)
			h.says("touch /x /a/x /usr/x /etc/x /proc/x /dev/x; touch /tmp/x /a/b/x && echo written", `
touch: cannot touch '/x': Read-only file system
touch: cannot touch '/a/x': Read-only file system
touch: cannot touch '/usr/x': Read-only file system
touch: cannot touch '/etc/x': Read-only file system
touch: cannot touch '/proc/x': No such file or directory
touch: cannot touch '/dev/x': Read-only file system
written`)
			h.says("stat -c %a / /a /a/b /tmp /usr; ls /proc/$$/fd", "755\n750\n700\n1777\n"+mode(t, "/usr")+"\n0\n1\n2")
			if diff := cmp.Diff(wantMounts(h), mountLines(h)); diff != "" {
				t.Errorf("the mounts are:\n%s", diff)
			}
		})
	}
	jailtest.AlsoAsUser(t)
}

// rootNames are the names that the layout puts into the root.
func rootNames(h *house) []string {
	var names []string
	for _, e := range h.layout.Entries {
		if strings.Count(e.Target, "/") == 1 && !e.Kind.Mounts() {
			names = append(names, e.Target)
		}
	}
	return sorted(names)
}

// wantMounts are the mounts of the layout as mountLines has them.
func wantMounts(h *house) []string {
	h.t.Helper()
	lines := []string{"/ tmpfs " + optionWords(readOnly)}
	for i := range h.layout.Entries {
		if h.layout.Entries[i].Kind.Mounts() {
			kind, options := h.comesOut(i)
			lines = append(lines, h.layout.Entries[i].Target+" "+kind+" "+optionWords(options))
		}
	}
	return sorted(lines)
}

// comesOut is the type and the options of the mount that entry i is to become.
// What is bound on itself keeps those of the mount that it is in.
func (h *house) comesOut(i int) (kind string, o tree.Options) {
	e := h.layout.Entries[i]
	switch e.Kind {
	case tree.Overlay:
		return "overlay", e.Options | tree.ReadOnly
	case tree.Mask:
		return "tmpfs", e.Options | tree.ReadOnly
	case tree.Bind:
		if !e.Self {
			return hostType(h.t, e.Source), e.Options
		}
		for i--; i >= 0; i-- {
			if m := h.layout.Entries[i]; m.Kind.Mounts() && strings.HasPrefix(e.Target, m.Target+"/") {
				kind, o = h.comesOut(i)
				return kind, o | e.Options
			}
		}
	}
	return map[tree.Kind]string{tree.Tmpfs: "tmpfs", tree.Ephemeral: "overlay", tree.Proc: "proc", tree.Devpts: "devpts"}[e.Kind], e.Options
}

// hostType is the type of the host's file system that a path is on.
func hostType(t testing.TB, path string) string {
	t.Helper()
	point, kind := "", ""
	for line := range strings.Lines(mountTable(t)) {
		head, tail, _ := strings.Cut(line, " - ")
		at := strings.Fields(head)[4]
		if (at == "/" || path == at || strings.HasPrefix(path, at+"/")) && len(at) >= len(point) {
			point, kind = at, strings.Fields(tail)[0]
		}
	}
	return kind
}

// optionWords are a mount's options as mountinfo has them.
func optionWords(o tree.Options) string {
	words := "rw"
	if o.Has(tree.ReadOnly) {
		words = "ro"
	}
	for i, word := range []string{"nosuid", "nodev", "noexec"} {
		if o>>(i+1)&1 == 1 {
			words += "," + word
		}
	}
	return words
}

// mountLines are the place, the type and the options of each mount inside.
func mountLines(h *house) []string {
	h.t.Helper()
	if err := h.run("cat /proc/self/mountinfo"); err != nil {
		h.t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(h.said) {
		f := strings.Fields(line)
		lines = append(lines, f[4]+" "+f[7]+" "+strings.Replace(f[5], ",relatime", "", 1))
	}
	return sorted(lines)
}

// TestWorkdir: the command starts in the directory of its own tree, also where
// another was mounted over the one that netjail is in.
func TestWorkdir(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir, over := jailtest.PublicDir(t), jailtest.PublicDir(t)
	jailtest.File(t, dir, "below", "", false)
	jailtest.File(t, over, "above", "", false)
	t.Chdir(dir)
	for _, l := range launchers() {
		h := inPlace(t).show(tree.Bind, over, dir, 0)
		h.launcher, h.layout.Workdir = l, dir
		h.says("pwd; ls; ls "+dir, dir+"\nabove\nabove")
	}
	h := newRoot(t).dir("/work").show(tree.Bind, dir, "/work", 0)
	h.layout.Workdir = "/nowhere"
	if err := h.run("true"); err == nil || !strings.Contains(err.Error(), "mount.root.workdir") {
		t.Errorf("a working directory that is not there: %v", err)
	}
	jailtest.AlsoAsUser(t)
}

// TestUmask: what is made has the layout's permission bits, and the command the
// caller's mask.
func TestUmask(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, mask := range []int{0o077, 0o022, 0} {
		func() {
			defer umask(umask(mask))
			h := newRoot(t).add(tree.Entry{Kind: tree.Dir, Target: "/wide", Perm: 0o1777})
			h.says("stat -c %a /wide; umask", "1777\n"+octal(mask))
		}()
	}
	jailtest.AlsoAsUser(t)
}

// mode is a file's permission bits as stat(1) prints them.
func mode(t *testing.T, path string) string {
	t.Helper()
	i, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(octal(int(i.Mode().Perm())), "0")
}

// inside is where a directory of the host's is shown in a test's new root.
func inside(h *house, k tree.Kind, source, target string, o tree.Options) *house {
	return h.parents(target).dir(target).show(k, source, filepath.Clean(target), o)
}
