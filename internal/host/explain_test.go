package host

import (
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// TestExplainClone: each errno has a cause and a remedy, whatever this host is.
func TestExplainClone(t *testing.T) {
	user := ns.User.CloneFlag()
	for _, c := range []struct {
		errno       unix.Errno
		noClone3    bool
		cause, help string // parts
	}{
		{unix.EAGAIN, false, "RLIMIT_NPROC", "ulimit -u"},
		{unix.EINVAL, false, "does not know", "Linux"},
		{unix.ENOSPC, false, "namespaces", "max_"},
		{unix.EPERM, false, "", ""},
		{unix.EPERM, true, "", ""},
		{unix.EACCES, false, "", ""},
		{unix.ENOMEM, false, unix.ENOMEM.Error(), "kernel's log"},
	} {
		e := ExplainClone(c.errno, user, c.noClone3)
		if e.Cause == "" || e.Help == "" || !strings.Contains(e.Cause, c.cause) || !strings.Contains(e.Help+e.Cause, c.help) {
			t.Errorf("%v: %+v", c.errno, e)
		}
	}
}

// TestExplainRefusal: the cause that is named is one that this host has.
func TestExplainRefusal(t *testing.T) {
	e := explainRefusal(true)
	for _, c := range []struct {
		words string
		true  bool
	}{
		{"of this container", filtered()},
		{"unprivileged_userns_clone", is("kernel.unprivileged_userns_clone", "0")},
		{"AppArmor", is("kernel.apparmor_restrict_unprivileged_userns", "1")},
	} {
		if strings.Contains(e.Cause, c.words) && !c.true {
			t.Errorf("this host is not one where %q", e.Cause)
		}
	}
}

func TestExplainStep(t *testing.T) {
	armoured := is("kernel.apparmor_restrict_unprivileged_userns", "1")
	for _, c := range []struct {
		op    string
		errno unix.Errno
		ok    bool
		cause string
	}{
		{"mount.proc", unix.EPERM, true, "fully visible"},
		{"maps.uid", unix.EPERM, true, "refused the map"},
		{"maps.gid", unix.EPERM, true, "refused the map"},
		{"maps.uid", unix.EINVAL, false, ""},
		{"maps.setgroups.open", unix.EROFS, true, "read-only"},
		{"landlock.restrict", unix.E2BIG, true, "16 Landlock domains"},
		{"terminal.open", unix.ENOSPC, true, "kernel.pty.max"},
		{"net.socket", unix.EAFNOSUPPORT, true, "AF_NETLINK"},
		{"net.socket", unix.EPERM, false, ""},
		{"mount.private", unix.EACCES, armoured, "AppArmor"},
		{"loopback.state.error", unix.EPERM, armoured, "AppArmor"},
		{"mount.proc", unix.ENOENT, false, ""},
		{"mount.source.same", 0, true, "another file"},
		{"mount.self.target./work/.git.same", 0, true, "another file"},
		{"mount.source", 0, false, ""},
		{"mount.source", unix.ENOENT, true, "no longer is"},
		{"mount.source", unix.ELOOP, true, "symbolic link"},
		{"mount.source", unix.EACCES, true, "other ids"},
		{"mount.source.clone", unix.EINVAL, true, "mounted below it"},
		{"mount.source.clone.recursive", unix.EINVAL, false, ""},
		{"mount.mask.target./home/me/.netrc", unix.ENOENT, true, "the place"},
		{"mount.self.target./work/.git", unix.ELOOP, true, "the place"},
		{"mount.self.target./work/.git", unix.EXDEV, true, "the place"},
		{"mount.enter./home", unix.ENOENT, true, "the place"},
		{"mount.bind./dev/null", unix.ENOENT, true, "the place"},
		{"mount.overlay./usr", unix.ENODEV, true, "no overlayfs"},
		{"mount.overlay./usr", unix.EPERM, true, "overlayfs"},
		{"mount.overlay./", unix.EINVAL, true, "does not take"},
		{"mount.ephemeral./home/me", unix.EINVAL, true, "does not take"},
		{"mount.ephemeral./home/me", unix.EPERM, true, "overlayfs"},
		{"mount.overlay.target./x", unix.EINVAL, false, ""},
		{"mount.devpts./dev/pts", unix.EINVAL, true, "terminals"},
		{"mount.tmpfs./tmp", unix.EINVAL, true, "size"},
		{"mount.tmpfs./tmp", unix.ENOENT, false, ""},
		{"mount.store.attach", unix.ENOENT, true, "/proc/driver"},
		{"mount.root.pivot", unix.EINVAL, true, "chroot"},
		{"mount.root.workdir", unix.ENOENT, true, "working directory"},
		{"mount.bind./x", unix.ENOSPC, true, "fs.mount-max"},
		{"mount.source.number", unix.EBADF, true, "RLIMIT_NOFILE"},
		{"mount.source", unix.EMFILE, true, "RLIMIT_NOFILE"},
		{"mount.source", unix.ENOSYS, true, "older"},
		{"mount.source", unix.EAGAIN, true, "changed"},
		{"mountain", unix.ENOSPC, false, ""},
		{"caps.drop", unix.EPERM, false, ""},
		{"", 0, false, ""},
	} {
		e, ok := ExplainStep(c.op, c.errno)
		if ok != c.ok || ok && (!strings.Contains(e.Cause, c.cause) || e.Help == "") {
			t.Errorf("%s, %v: %+v, %t", c.op, c.errno, e, ok)
		}
	}
}

// TestSysctl reads settings that every kernel has, and one that none has.
func TestSysctl(t *testing.T) {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := sysctl("kernel.osrelease"); err != nil || got+"\n" != string(release) {
		t.Errorf("%q, %v, want %q", got, err, release)
	}
	if _, err := sysctl("kernel.netjail"); !errors.Is(err, ErrNoSysctl) {
		t.Errorf("%v, want ErrNoSysctl", err)
	}
	if is("kernel.netjail", "") {
		t.Error("a setting that is not there is not empty")
	}
	text, err := os.ReadFile("/proc/sys/kernel/overflowuid")
	if got := overflowID(); err == nil && strings.TrimSpace(string(text)) != "65534" && got == 65534 || got == 0 {
		t.Errorf("the overflow id is %d, the kernel's %q", got, text)
	}
}
