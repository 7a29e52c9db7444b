package e2e

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/profiles"
)

var update = flag.Bool("update", false, "rewrite docs/reach.md")

// place is a directory of the host's in which sockets and FIFOs are put.
type place struct{ name, dir string }

// The moments at which a socket is made.
var moments = []string{"before", "after"}

// TestReach tries which sockets and FIFOs of the host answer under each bundled
// profile, and compares with the table of docs/reach.md. Each is tried without
// netjail as well, and must answer there: one that nobody reaches shows nothing.
//
// As root it runs as root and as an ordinary user, and in directories that only
// root can write to; anybody else tries his own part.
func TestReach(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	rows := map[string]map[string]string{}
	for _, u := range accounts(t) {
		rows[u.Name] = reached(t, u)
	}
	if os.Getuid() != 0 {
		expectReach(t, "user", rows["user"])
		return
	}
	const file = "../../docs/reach.md"
	want := reachPage(rows["root"], rows["user"])
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what this kernel shows (go test ./internal/e2e -run TestReach -update):\n%s", file, want)
	}
	for who, answers := range rows {
		expectReach(t, who, answers)
	}
}

// expectReach is what must be so whatever the table says: of a host whose files
// are shown through overlays answers what the profile shares, and with unix: deny
// no socket anywhere.
func expectReach(t *testing.T, who string, answers map[string]string) {
	t.Helper()
	for key, got := range answers {
		name, where, _ := strings.Cut(key, " in ")
		r, ok := profiles.Lookup(name)
		if !ok {
			t.Fatalf("no bundled profile %q", name)
		}
		f := &r.Policy.Filesystem
		switch {
		case got == noStart:
			// Root's jail has other ids, to which root's home is closed.
			if who != "root" || f.Home != policy.HomeEphemeral {
				t.Errorf("%s: it does not start as %s", name, who)
			}
		case hasSocket(got) && r.Policy.Sockets.Unix == policy.UnixDeny,
			got != "nothing" && f.Root != policy.RootHost && (where != theProject || f.Writable == nil),
			got != "nothing" && name == "offline-strict":
			t.Errorf("%s as %s, in %s: %s answer", name, who, where, got)
		}
	}
}

// hasSocket says whether a socket is among what answers.
func hasSocket(answers string) bool {
	if strings.Contains(answers, "sockets") {
		return true
	}
	return slices.ContainsFunc(jailtest.MeetingKinds(), func(kind string) bool {
		return kind != "FIFO" && strings.Contains(answers, kind)
	})
}

// account is somebody with a home directory.
type account struct {
	jailtest.User
	home string
}

// accounts are whoever runs the test and, for root, also the ordinary user that
// scripts/test makes: a home directory is what the password file says.
func accounts(t *testing.T) []account {
	t.Helper()
	if os.Getuid() != 0 {
		return []account{accountOf(t, "user", strconv.Itoa(os.Getuid()))}
	}
	other, err := user.Lookup("netjail-test")
	if err != nil {
		jailtest.Lacking(t, err.Error())
	}
	return []account{accountOf(t, "root", "0"), accountOf(t, "user", other.Uid)}
}

func accountOf(t *testing.T, name, id string) account {
	t.Helper()
	u, err := user.LookupId(id)
	if err != nil {
		jailtest.Lacking(t, err.Error())
	}
	uid, err := strconv.Atoi(id)
	if err != nil {
		t.Fatal(err)
	}
	return account{jailtest.User{Name: name, UID: uid}, u.HomeDir}
}

const theProject = "the project"

// places are new directories, removed at the end. That of the project belongs to
// the user and is below the home directory; root's is not, since a jail of root's
// has other ids, to which the way there is closed.
func (u *account) places(t *testing.T) []place {
	t.Helper()
	project := u.home
	if u.UID == 0 {
		project = "/srv"
	}
	list := []place{
		{"the home directory", u.home},
		{"`/tmp`", "/tmp"},
		{"`/var/tmp`", "/var/tmp"},
		{"`/dev/shm`", "/dev/shm"},
		{theProject, project},
	}
	if os.Getuid() == 0 {
		list = append([]place{{"`/usr/local`", "/usr/local"}, {"`/opt`", "/opt"}, {"`/etc`", "/etc"}, {"`/run`", "/run"}}, list...)
	}
	for i := range list {
		dir, err := os.MkdirTemp(list[i].dir, "netjail-reach-")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if list[i].name == theProject && u.Credential() != nil {
			if err := os.Chown(dir, u.UID, u.UID); err != nil {
				t.Fatal(err)
			}
		}
		list[i].dir = dir
	}
	return list
}

// reached is what answers, by "PROFILE in PLACE".
func reached(t *testing.T, u account) map[string]string {
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	self, err := victim()
	if err != nil {
		t.Fatal(err)
	}
	list := u.places(t)
	project := list[len(list)-1].dir
	answers := map[string]string{}
	for _, name := range append([]string{""}, profiles.Names()...) {
		argv := jailtest.Visitor(self)
		if name != "" {
			argv = append([]string{program, "run", reporting(t, name), "--"}, argv...)
		}
		c := u.Command(argv[0], argv[1:]...)
		c.Dir, c.Env = project, append(c.Env, "HOME="+u.home)
		tag := name
		if tag == "" {
			tag = "control"
		}
		got := trial(t, c, self, tag, list)
		if name != "" {
			maps.Copy(answers, byPlace(name, list, got))
			continue
		}
		if got == nil {
			t.Fatalf("as %s, without netjail, the visitor does not start", u.Name)
		}
		for m, answer := range got {
			if answer != "" {
				t.Errorf("as %s, without netjail, %+v: %s", u.Name, m, answer)
			}
		}
	}
	return answers
}

// reporting is a file with a bundled profile that starts the command whatever the
// audit finds: with somebody listening in the project, unix.reachable refuses
// where unix sockets are isolated, which TestSharedSocket shows.
func reporting(t *testing.T, name string) string {
	t.Helper()
	r, ok := profiles.Lookup(name)
	if !ok {
		t.Fatalf("no bundled profile %q", name)
	}
	text := "apiVersion: netjail/v1\nextends: [" + name + "]\n"
	if r.Policy.Audit.Mode == policy.AuditEnforce {
		text += "loosens: [audit.mode]\naudit: {mode: report}\n"
	}
	return jailtest.File(t, jailtest.PublicDir(t), name+".yaml", text, false)
}

// trial makes all meetings of the places, one half before the command starts and
// one half after, and gives the command's answers; nil where netjail refuses to
// start it.
func trial(t *testing.T, c *exec.Cmd, self, tag string, list []place) map[jailtest.Meeting]string {
	t.Helper()
	hosts := newHosts(t, self)
	defer hosts.close(t)
	answers := map[jailtest.Meeting]string{}
	var visitor *talker
	for _, moment := range moments {
		all := meetings(tag+"-"+moment, list)
		hosts.make(t, all)
		if visitor == nil {
			visitor = newTalker(t, c)
			defer visitor.close(t)
		}
		line, err := visitor.answer(all)
		if err != nil && visitor.refused() {
			t.Logf("%q: %s", c.Args, visitor.words.String())
			return nil
		}
		var got []string
		if err := errors.Join(err, json.Unmarshal(line, &got)); err != nil || len(got) != len(all) {
			t.Fatalf("%q: %d answers to %d meetings, %v", c.Args, len(got), len(all), err)
		}
		for i := range all {
			answers[all[i]] = got[i]
		}
	}
	return answers
}

// meetings are those of every kind and way in each place.
func meetings(tag string, list []place) (all []jailtest.Meeting) {
	for _, p := range list {
		for k, kind := range jailtest.MeetingKinds() {
			for w, way := range jailtest.MeetingWays(kind) {
				all = append(all, jailtest.Meeting{Path: fmt.Sprintf("%s/%s%d%d", p.dir, tag, k, w), Kind: kind, Way: way})
			}
		}
	}
	return all
}

// noStart is the answer of a profile under which this command does not start.
const noStart = "(does not start)"

// byPlace sums the answers up for each place.
func byPlace(profile string, list []place, got map[jailtest.Meeting]string) map[string]string {
	sums := map[string]string{}
	for _, p := range list {
		if got == nil {
			sums[profile+" in "+p.name] = noStart
			continue
		}
		var sockets, fifos []string
		total := 0
		for m, answer := range got {
			if filepath.Dir(m.Path) != p.dir {
				continue
			}
			what := m.Kind + " " + m.Way + " bound before"
			if strings.Contains(m.Path, "-"+moments[1]) {
				what = m.Kind + " " + m.Way + " bound after"
			}
			switch total++; {
			case answer != "":
			case m.Kind == "FIFO":
				fifos = append(fifos, what)
			default:
				sockets = append(sockets, what)
			}
		}
		sums[profile+" in "+p.name] = sum(sockets, fifos, total)
	}
	return sums
}

// sum says in words what answered of all kinds, ways and moments.
func sum(sockets, fifos []string, total int) string {
	const ofFIFOs = 2 * 5 // moments and ways
	switch {
	case len(sockets) == 0 && len(fifos) == 0:
		return "nothing"
	case len(sockets)+len(fifos) == total:
		return "sockets and FIFOs"
	case len(fifos) == 0 && len(sockets) == total-ofFIFOs:
		return "sockets"
	case len(sockets) == 0 && len(fifos) == ofFIFOs:
		return "FIFOs"
	}
	all := append(sockets, fifos...)
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// reachPage is docs/reach.md.
func reachPage(root, user map[string]string) string {
	var b strings.Builder
	b.WriteString(`# What of the host answers

Generated by ` + "`go test ./internal/e2e -run TestReach -update`" + `, which tries it and compares.

The table says which unix sockets and FIFOs of the host a command reaches under each bundled profile, by the place that they lie in. Sockets are of all three types; they are bound before the command starts, and after; by an absolute name and by a relative one; renamed since, hard-linked, behind a symbolic link; by a process in another network namespace. FIFOs have a reader outside, and are reached where they can be opened for writing. Every one of them answers the same user without netjail.

`)
	b.WriteString("| place |")
	for _, name := range profiles.Names() {
		b.WriteString(" `" + name + "` |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(profiles.Names())+1) + "\n")
	for _, p := range []string{
		"`/usr/local`", "`/opt`", "`/etc`", "`/run`", "`/tmp`", "`/var/tmp`", "`/dev/shm`", "the home directory", theProject,
	} {
		b.WriteString("| " + p + " |")
		for _, name := range profiles.Names() {
			key := name + " in " + p
			cell := user[key]
			if root[key] != cell {
				cell += "; root: " + root[key]
			}
			b.WriteString(" " + cell + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString(`
What lies in the project answers where the profile shares it: a plain mount shows the host's own inodes, and what would close them on this kernel breaks what sharing is for ([decision 10](decisions/0010-unix-sockets.md)). The report says so with ` + "`unix.reachable`" + `, and refuses the start where somebody is known to listen there.
`)
	return b.String()
}
