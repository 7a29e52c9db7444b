package jailtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Stranger is the ordinary user that a part of root's tests runs as: an id that
// belongs to no account.
const Stranger = 12345

// Path is the PATH of every command that a User runs. A stranger cannot enter
// the directories below root's home that root's own PATH may name.
const Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// User is somebody as whom a part of a test runs.
type User struct {
	Name string // "root" or "user"
	UID  int
}

// Each runs f as whoever runs the test and, where that is root, also as an
// ordinary user. f runs in the test's own process: it is the commands of u that
// are somebody else's.
func Each(t *testing.T, f func(t *testing.T, u User)) {
	t.Helper()
	users := []User{{"user", os.Getuid()}}
	if os.Getuid() == 0 {
		users = []User{{"root", 0}, {"user", Stranger}}
	}
	for _, u := range users {
		t.Run(u.Name, func(t *testing.T) { f(t, u) })
	}
}

// Credential is u's for SysProcAttr, nil for whoever runs the test.
func (u User) Credential() *syscall.Credential {
	if u.UID == os.Getuid() {
		return nil
	}
	return &syscall.Credential{Uid: uint32(u.UID), Gid: uint32(u.UID)}
}

// Command is a command of u's, in the root directory and with a small
// environment.
func (u User) Command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = "/"
	c.Env = []string{"PATH=" + Path, "HOME=/", "TERM=dumb", "LC_ALL=C"}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: u.Credential()}
	return c
}

// Dir is a temporary directory of u's that any user may enter.
func (u User) Dir(t testing.TB) string {
	t.Helper()
	dir := PublicDir(t)
	if u.Credential() != nil {
		if err := os.Chown(dir, u.UID, u.UID); err != nil {
			t.Fatal(err)
		}
	}
	// A jail of root's has other ids and must be able to leave a file here.
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// File writes a file that any user may read, and execute where script is set.
func File(t testing.TB, dir, name, text string, script bool) string {
	t.Helper()
	mode := os.FileMode(0o644)
	if script {
		mode = 0o755
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// AlsoAsUser runs the calling test a second time where root runs it: its whole
// process, as an ordinary user. It is for tests that make jails themselves.
func AlsoAsUser(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	t.Run("as-user", func(t *testing.T) {
		u := User{"user", Stranger}
		name, _, _ := cutLast(t.Name())
		c := u.Command(CopySelf(t), "-test.run", "^"+name+"$", "-test.v")
		dir := u.Dir(t)
		c.Dir, c.Env = dir, append(os.Environ(), "PATH="+Path, "TMPDIR="+dir)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("as uid %s: %v\n%s", strconv.Itoa(u.UID), err, out)
		}
	})
}

// cutLast parts "Test/sub" at the last slash.
func cutLast(name string) (head, tail string, ok bool) {
	dir, base := filepath.Split(name)
	if dir == "" {
		return name, "", false
	}
	return dir[:len(dir)-1], base, true
}
