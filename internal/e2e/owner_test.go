package e2e

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// rootsProject is a directory of somebody's that nobody else may enter, as a
// project of root's command.
func rootsProject(t *testing.T, uid int) string {
	t.Helper()
	jailtest.Require(t, "root", "userns", "netns", "pidns")
	dir := filepath.Join(t.TempDir(), "project")
	jail := os.Mkdir(dir, 0o700)
	if jail == nil {
		jail = os.Chown(dir, uid, uid)
	}
	if jail != nil {
		t.Fatal(jail)
	}
	return dir
}

// asRoot runs netjail in a directory.
func asRoot(t *testing.T, dir string, args ...string) ending {
	t.Helper()
	return asRootUnder(t, dir, nil, args...)
}

// asRootUnder is asRoot under a filter, for which nil is none.
func asRootUnder(t *testing.T, dir string, filter jailtest.Filter, args ...string) ending {
	t.Helper()
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	argv := append([]string{program}, args...)
	if filter != nil {
		helper, err := victim()
		if err != nil {
			t.Fatal(err)
		}
		argv = filter.Under(helper, argv...)
	}
	w := &work{User: jailtest.User{Name: "root", UID: 0}, t: t}
	c := w.Command(argv[0], argv[1:]...)
	account, err := user.LookupId("0")
	if err != nil {
		t.Fatal(err)
	}
	c.Dir, c.Env = dir, append(c.Env, "HOME="+account.HomeDir)
	return w.end(c)
}

// TestRootsProject: what root's command makes belongs to whoever owns the project,
// its home is warm and discarded, and the audit says whose the files are.
func TestRootsProject(t *testing.T) {
	for _, uid := range []int{0, jailtest.Stranger} {
		dir := rootsProject(t, uid)
		e := asRoot(t, dir, "run", "offline", "--", "sh", "-c", "echo made >file && touch ~/.netjail-test && ls ~/.netjail-test && chmod 4755 file; test -u file || echo plain")
		if !e.exited(0) || !strings.Contains(e.out, ".netjail-test\nplain\n") || !strings.Contains(e.err, "Operation not permitted") {
			t.Errorf("user %d: %s", uid, e)
		}
		var st unix.Stat_t
		if err := unix.Stat(filepath.Join(dir, "file"), &st); err != nil || int(st.Uid) != uid || int(st.Gid) != uid {
			t.Errorf("user %d: on the host the file belongs to %d:%d, %v", uid, st.Uid, st.Gid, err)
		}
		if home, err := os.UserHomeDir(); err == nil {
			if _, err := os.Lstat(filepath.Join(home, ".netjail-test")); err == nil {
				t.Error("what was written to the home is there")
			}
		}
		report := asRoot(t, dir, "audit", "--format", "json", "offline")
		for _, check := range []string{"fs.owner", "fs.setid-planting", "fs.root"} {
			if !report.exited(0) || !passes(report.out, check) {
				t.Errorf("user %d: %s does not pass: %s", uid, check, report)
			}
		}
	}
}

// passes says whether a JSON report has a check as a pass.
func passes(report, check string) bool {
	return strings.Contains(report, `"check":"`+check+`","verdict":"pass"`)
}

// TestRootsProjectOnOverlay: a file system that cannot be idmapped is an error
// that names it, and says what to do.
func TestRootsProjectOnOverlay(t *testing.T) {
	dir, under := rootsProject(t, 0), t.TempDir()
	for _, name := range []string{"upper", "work", "lower"} {
		if err := os.Mkdir(filepath.Join(under, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mount("overlay", dir, "overlay", 0, "lowerdir="+under+"/lower,upperdir="+under+"/upper,workdir="+under+"/work"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	e := asRoot(t, dir, "run", "offline", "--", "echo", "ran")
	for _, want := range []string{"idmapped mount", dir + " (overlay)", "run netjail as the user who owns it", "take it out of `writable`"} {
		if !e.exited(125) || e.out != "" || !strings.Contains(e.err, want) {
			t.Errorf("no %q in %s", want, e)
		}
	}
}

// TestRootsProjectInContainers: without clone3 the stage does the work, and where
// no user namespace is to be had, that is what is said.
func TestRootsProjectInContainers(t *testing.T) {
	dir := rootsProject(t, jailtest.Stranger)
	e := asRootUnder(t, dir, jailtest.NoClone3(), "run", "offline", "--", "touch", "file")
	var st unix.Stat_t
	if err := unix.Stat(filepath.Join(dir, "file"), &st); !e.exited(0) || err != nil || st.Uid != jailtest.Stranger {
		t.Errorf("without clone3: %s; the file belongs to %d, %v", e, st.Uid, err)
	}
	e = asRootUnder(t, dir, jailtest.Container(), "run", "offline", "--", "touch", "other")
	if !e.exited(125) || !strings.Contains(e.err, "seccomp filter of this container forbids new user namespaces") {
		t.Errorf("without user namespaces: %s", e)
	}
}
