package jailtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"testing"
)

// Tables are files of /etc by their names, such as "subuid". What is not named is
// the host's.
type Tables map[string]string

// Account is the name that Strangers' tables give to the stranger.
const Account = "netjail-stranger"

// StrangersTables are the host's accounts with one more, the stranger's, and these
// subordinate ids.
func StrangersTables(t testing.TB, subuid, subgid string) Tables {
	t.Helper()
	id := strconv.Itoa(Stranger)
	return Tables{
		"passwd": hosts(t, "passwd") + Account + ":x:" + id + ":" + id + "::/:/bin/sh\n",
		"group":  hosts(t, "group") + Account + ":x:" + id + ":\n",
		"subuid": subuid, "subgid": subgid,
	}
}

func hosts(t testing.TB, table string) string {
	t.Helper()
	text, err := os.ReadFile("/etc/" + table)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Command is a command of u's where /etc holds the tables: they are bound over
// the host's in a mount namespace of its own. It takes root.
func (x Tables) Command(t testing.TB, u User, argv ...string) *exec.Cmd {
	t.Helper()
	dir := PublicDir(t)
	var names []string
	for name, text := range x {
		File(t, dir, name, text, false)
		names = append(names, name)
	}
	sort.Strings(names)
	script := "set -e\n"
	for _, name := range names {
		script += "mount --bind '" + filepath.Join(dir, name) + "' /etc/" + name + "\n"
	}
	id := strconv.Itoa(u.UID)
	script += `exec setpriv --reuid ` + id + ` --regid ` + id + ` --clear-groups "$@"` + "\n"
	c := exec.Command("unshare", append([]string{"--mount", "--propagation", "private", "sh", "-c", script, "sh"}, argv...)...)
	c.Dir = "/"
	c.Env = append(os.Environ(), "PATH="+Path)
	return c
}

// tablesMark tells a test's process that it runs in Tables.
const tablesMark = "NETJAIL_TABLES"

// AlsoIn runs the calling test once more, its whole process, as u where /etc holds
// the tables. label is what InTables says there.
func (x Tables) AlsoIn(t *testing.T, u User, label string) {
	t.Helper()
	t.Run(u.Name+"-"+label, func(t *testing.T) {
		name, _, _ := cutLast(t.Name())
		c := x.Command(t, u, CopySelf(t), "-test.run", "^"+name+"$", "-test.v")
		c.Env = append(c.Env, "TMPDIR="+u.Dir(t), tablesMark+"="+label)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("as uid %d: %v\n%s", u.UID, err, out)
		}
	})
}

// InTables is the label of AlsoIn, empty in a process that runs on the host's own.
func InTables() string { return os.Getenv(tablesMark) }
