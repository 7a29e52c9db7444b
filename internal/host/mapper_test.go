package host

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/jailtest"
)

// TestMapper makes programs that could, and could not, write a map.
func TestMapper(t *testing.T) {
	jailtest.Require(t, "root")
	dir := jailtest.PublicDir(t)
	file := func(name string, mode uint32, owner int) string {
		path := jailtest.File(t, dir, name, "", false)
		if err := os.Chown(path, owner, owner); err != nil {
			t.Fatal(err)
		}
		if err := unix.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	capable := func(name string, c caps.Cap, effective bool, rootID uint32) string {
		path := file(name, 0o755, 0)
		data := make([]byte, capDataSize)
		binary.LittleEndian.PutUint32(data, 0x02000000)
		if rootID != 0 {
			data = make([]byte, capData3Size)
			binary.LittleEndian.PutUint32(data, 0x03000000)
			binary.LittleEndian.PutUint32(data[20:], rootID)
		}
		if effective {
			data[0] |= 1
		}
		binary.LittleEndian.PutUint32(data[4:], 1<<c)
		if err := unix.Setxattr(path, "security.capability", data, 0); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := os.Mkdir(filepath.Join(dir, "directory"), 0o4755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, why string }{
		{"set-user-ID", file("setuid", 0o4755, 0), ""},
		{"file capability", capable("capable", caps.Setuid, true, 0), ""},
		{"missing", filepath.Join(dir, "missing"), "there is no"},
		{"directory", filepath.Join(dir, "directory"), "not a file"},
		{"another's", file("another", 0o4755, jailtest.Stranger), "only root can change"},
		{"writable for all", file("writable", 0o4757, 0), "only root can change"},
		{"writable for the group", file("group", 0o4775, 0), "only root can change"},
		{"without privilege", file("plain", 0o755, 0), "neither set-user-ID root nor has CAP_SETUID"},
		{"set-group-ID", file("setgid", 0o2755, 0), "neither"},
		{"another capability", capable("setgid-cap", caps.Setgid, true, 0), "neither"},
		{"a capability that is not effective", capable("permitted", caps.Setuid, false, 0), "neither"},
		{"a capability for another root", capable("rooted", caps.Setuid, true, 100000), "neither"},
	} {
		got := mapper(c.path, caps.Setuid)
		if (got.Why == "") != (c.why == "") || !strings.Contains(got.Why, c.why) || got.Path != c.path {
			t.Errorf("%s: %+v, want %q", c.name, got, c.why)
		}
		if got.Why != "" && got.Help == "" {
			t.Errorf("%s: no help", c.name)
		}
	}
}

// TestMapperWithoutPrivilege: under no_new_privs, and on a mount without set-ID
// programs, the best program gains nothing.
func TestMapperWithoutPrivilege(t *testing.T) {
	jailtest.Require(t, "newuidmap")
	const path = "/usr/bin/newuidmap"
	if got := mapper(path, caps.Setuid); got.Why != "" {
		t.Fatalf("this host's: %+v", got)
	}
	got := ""
	jailtest.OnOtherThread(func() {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			got = err.Error()
			return
		}
		got = mapper(path, caps.Setuid).Why
	})
	if !strings.Contains(got, "no_new_privs") {
		t.Errorf("under no_new_privs: %q", got)
	}
	if got := unprivileged("/proc/self/exe-that-is-not"); !strings.Contains(got, "cannot be read") {
		t.Errorf("on no mount: %q", got)
	}
}

// TestMapperOnNosuid looks at a file on a mount of this test's own.
func TestMapperOnNosuid(t *testing.T) {
	jailtest.Require(t, "root")
	dir := jailtest.PublicDir(t)
	got := ""
	jailtest.OnOtherThread(func() { // whose mounts end with it
		err := errors.Join(
			unix.Unshare(unix.CLONE_NEWNS),
			unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
			unix.Mount("tmpfs", dir, "tmpfs", unix.MS_NOSUID, ""),
		)
		if err != nil {
			got = err.Error()
			return
		}
		got = unprivileged(dir)
	})
	if !strings.Contains(got, "the option nosuid") {
		t.Errorf("%q", got)
	}
}

// TestExplainMapper: what the program says leads to what to do.
func TestExplainMapper(t *testing.T) {
	for _, c := range []struct{ words, cause string }{
		{"newuidmap: uid range [0-10) -> [5-15) not allowed", "nsswitch"},
		{"newuidmap: Target process 1189 is owned by a different user: uid:1001 pw_uid:1001 st_uid:1001, gid:27 pw_gid:1001 st_gid:27", "primary group"},
		{"newuidmap: Cannot determine your user name.", "account"},
		{"newuidmap: write to uid_map failed: Operation not permitted", "privilege"},
		{"something else", "all that netjail knows"},
		{"", "all that netjail knows"},
	} {
		if e := ExplainMapper(c.words); !strings.Contains(e.Cause, c.cause) || e.Help == "" {
			t.Errorf("%q: %+v", c.words, e)
		}
	}
}
