package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

const subordinateProfile = "uidMappings: subordinate\ngidMappings: subordinate\n"

// inTables is `netjail run` of the stranger's where /etc holds these tables.
func (w *world) inTables(t *testing.T, x jailtest.Tables, args ...string) *exec.Cmd {
	t.Helper()
	c := x.Command(t, w.User, append([]string{w.netjail, "run"}, args...)...)
	c.Env = w.Command("true").Env
	return c
}

// An ordinary user's subordinate ids are all there, and the own id is the own id.
func TestSubordinateIDs(t *testing.T) {
	jailtest.Require(t, "root", "newuidmap", "setpriv")
	each(t, func(t *testing.T, w *world) {
		owner := jailtest.Account
		if w.UID == 0 {
			owner = "root"
		}
		ranges := owner + ":30000000:65536\n"
		tables := jailtest.StrangersTables(t, ranges, ranges)
		p := w.profile(t, "ids", subordinateProfile)
		want := "30000000"
		self := "0"
		if w.UID != 0 {
			self = "12345"
		}
		out := must(t, w.inTables(t, tables, p, "sh", "-c", "id -u; id -g; awk '{print $1, $2, $3; exit}' /proc/self/uid_map"))
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if len(lines) != 3 || lines[0] != self || lines[1] != self || !strings.HasPrefix(lines[2], "0 "+want+" ") {
			t.Errorf("the command says %q", out)
		}
		marker := filepath.Join(w.dir, "started")
		none := jailtest.StrangersTables(t, "ann:1:1\n", ranges)
		w.refusedWith(t, w.inTables(t, none, p, "touch", marker), marker, "uidMappings (", "/etc/subuid gives "+owner, "add the line `"+owner+":100000:65536` to /etc/subuid")
		another := jailtest.StrangersTables(t, ranges+"ann:30000500:1\n", ranges)
		w.refusedWith(t, w.inTables(t, another, p, "touch", marker), marker, "ids.subordinate-of-another", "30000500 is ann's, by line 2 of /etc/subuid")
		bad := jailtest.StrangersTables(t, ranges+"ann:x:1\n\nann\n", ranges)
		e := finish(t, w.inTables(t, bad, p, "touch", marker))
		if !e.exited(125) || exists(marker) || !strings.Contains(e.err, `/etc/subuid: line 2: "x" is no id; line 4: 1 fields, expected 3`) {
			t.Errorf("%s", e)
		}
	})
}

// What newuidmap itself refuses is told in its words, with what to do.
func TestNewuidmapRefuses(t *testing.T) {
	jailtest.Require(t, "root", "newuidmap", "setpriv")
	each(t, func(t *testing.T, w *world) {
		if w.UID == 0 {
			return // root writes its maps itself
		}
		ranges := jailtest.Account + ":30000000:65536\n"
		p, marker := w.profile(t, "ids", subordinateProfile), filepath.Join(w.dir, "started")
		tables := jailtest.StrangersTables(t, ranges, ranges)
		c := tables.Command(t, w.User, "setpriv", "--no-new-privs", w.netjail, "run", p, "touch", marker)
		c.Env = w.Command("true").Env
		e := finish(t, c)
		if !e.exited(125) || exists(marker) || !strings.Contains(e.err, "netjail runs under no_new_privs") {
			t.Errorf("%s", e)
		}
		tables["passwd"] = strings.Replace(tables["passwd"], ":12345:12345:", ":12345:100:", 1)
		w.refusedWith(t, w.inTables(t, tables, p, "touch", marker), marker, "/usr/bin/newgidmap ended with status 1", "different user", "the account's own primary group")
	})
}
