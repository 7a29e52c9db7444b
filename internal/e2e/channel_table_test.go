package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/profiles"
)

// theControl is the journey without netjail.
const theControl = "without netjail"

// travelAs has an account try jails, after itself without one, and gives the
// results by journey and channel.
func travelAs(t *testing.T, u account, list []journey) map[string]map[string]result {
	t.Helper()
	self, err := victim()
	if err != nil {
		t.Fatal(err)
	}
	j := journeys{Programs: append([]journey{{Name: theControl}}, list...), Own: u.UID == 0}
	u.lodge(t, &j, self)
	config, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	c := u.Command(self, roleCaller)
	c.Dir, c.Env = j.Dir, append(c.Env, "HOME="+u.home)
	c.SysProcAttr.Setsid = true // without a terminal, and in a group of its own
	if j.Own {
		c.SysProcAttr.Cloneflags = syscall.CLONE_NEWNET | syscall.CLONE_NEWNS
	}
	var out, words bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(config), &out, &words
	limit := time.AfterFunc(workLimit, func() { c.Process.Kill() })
	defer limit.Stop()
	if err := c.Run(); err != nil {
		t.Fatalf("as %s: %v: %s", u.Name, err, words.String())
	}
	var all map[string]map[string]result
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatalf("as %s: %v: %s", u.Name, err, out.String())
	}
	return all
}

// lodge makes the directories of an account's journeys. The user's lie below the
// home, which some profiles show; root's below directories of the system.
func (u *account) lodge(t *testing.T, j *journeys, self string) {
	t.Helper()
	place, project := u.home, u.home
	if u.UID == 0 {
		place, project = "/usr/local", "/srv"
	}
	make := func(below string) string {
		dir, err := os.MkdirTemp(below, "netjail-channels-")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		if err := errors.Join(os.Chmod(dir, 0o755), os.Chown(dir, u.UID, u.UID)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	j.Place = make(place)
	j.Allowed = u.allowed()
	if err := errors.Join(os.MkdirAll(filepath.Dir(j.Allowed), 0o755), os.Chown(filepath.Dir(j.Allowed), u.UID, u.UID)); err != nil {
		t.Fatal(err)
	}
	j.Dir = filepath.Join(make(project), "project")
	if err := errors.Join(os.Mkdir(j.Dir, 0o755), os.Chown(j.Dir, u.UID, u.UID)); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 {
		return
	}
	// It lies where the file system is not nosuid, and all profiles show it.
	j.Setuid = filepath.Join(make("/usr/local"), "setuid")
	text, err := os.ReadFile(self)
	if err := errors.Join(err, os.Chmod(filepath.Dir(j.Setuid), 0o755), os.Chown(filepath.Dir(j.Setuid), 0, 0), os.WriteFile(j.Setuid, text, 0o755), unix.Chmod(j.Setuid, 0o4755), os.WriteFile(j.Setuid+".secret", []byte("secret"), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// allowed is where the account's journeys have the socket that a profile names.
func (u *account) allowed() string { return filepath.Join(programDir, "allowed-"+u.Name, "socket") }

// tried are the results of an account's journeys beside their controls: an
// attempt that fails without netjail shows nothing, and is an error where the
// host can do it.
func tried(t *testing.T, u account, list []journey) map[string]map[string]result {
	t.Helper()
	all := travelAs(t, u, list)
	for _, c := range channels() {
		got, ok := all[theControl][c.id]
		switch {
		case !ok || got.NoStart != "":
			t.Errorf("as %s, without netjail, %s was not tried: %s", u.Name, c.id, got.NoStart)
		case got.Lacks == "" && !got.Crossed:
			t.Errorf("as %s, without netjail, %s does not get out: %s", u.Name, c.id, got.Said)
		}
	}
	return all
}

// TestChannels attempts every known way out under each bundled profile, as root
// and as an ordinary user. What gets out must be what the profile leaves open on
// purpose, neither more nor less, and is compared with the table in the docs.
func TestChannels(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "pty", "linux-6.12") // Landlock's scopes: without them kill(0) gets out
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	g := &grid{profiles.Names(), map[string]string{}}
	var mu sync.Mutex
	eachAccount(t, func(t *testing.T, u account) {
		var list []journey
		for _, name := range profiles.Names() {
			r, _ := profiles.Lookup(name)
			list = append(list, journey{Name: name, Argv: []string{program, "run", reporting(t, name), "--"}, Open: (&opening{r.Policy, u.UID == 0}).all()})
		}
		all := tried(t, u, list)
		mu.Lock()
		defer mu.Unlock()
		for _, name := range profiles.Names() {
			r, _ := profiles.Lookup(name)
			o := &opening{r.Policy, u.UID == 0}
			for _, c := range channels() {
				g.set(u.Name, name, c.id, verdict(t, u.Name+", "+name+", "+c.id, all[name][c.id], c.fate(o)))
			}
		}
	})
	compareChannels(t, g)
}

// eachAccount runs f for all accounts, at the same time.
func eachAccount(t *testing.T, f func(*testing.T, account)) {
	t.Helper()
	t.Run("as", func(t *testing.T) {
		for _, u := range accounts(t) {
			t.Run(u.Name, func(t *testing.T) {
				t.Parallel()
				f(t, u)
			})
		}
	})
}

// keyPaths are the keys of the language, line by line.
func keyPaths() string {
	paths := "\n"
	for _, k := range policy.Keys() {
		paths += k.Path + "\n"
	}
	return paths
}

// The words of a cell.
const (
	cellClosed    = "closed"
	cellOpen      = "**open**"
	cellNoControl = "no control"
	cellRefused   = "closed: no start"
)

// verdict is a cell, and an error where it is not what the profile says.
func verdict(t *testing.T, where string, r result, key string) string {
	t.Helper()
	switch {
	case r.Lacks != "":
		return cellNoControl
	case r.NoStart != "":
		if !strings.Contains(r.NoStart, "process.stdioSockets") || key != "" {
			t.Errorf("%s: it does not start: %s", where, r.NoStart)
		}
		return cellRefused
	case r.Crossed && key == "":
		t.Errorf("%s is open, and no key says so: %s", where, r.Said)
		return cellOpen
	case !r.Crossed && key != "":
		t.Errorf("%s is closed, although %s leaves it open: %s", where, key, r.Said)
		return cellClosed
	case r.Crossed && !strings.Contains(keyPaths(), "\n"+key+"\n"):
		return cellOpen + ", told by " + key
	case r.Crossed:
		return key
	}
	return cellClosed
}
