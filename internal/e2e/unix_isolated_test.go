package e2e

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// own is a profile whose command has a root of its own and one word about unix
// sockets. What it shares is the working directory.
func (w *world) own(t *testing.T, name, unix string) string {
	t.Helper()
	return w.profile(t, name, "sockets: {unix: "+unix+"}\nfilesystem: {root: system, home: hidden, writable: [.]}\n")
}

// With isolated the processes of a jail meet at sockets of every type; with deny
// they do not.
func TestIsolatedSockets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ word, answer string }{
			{"isolated", "<nil>"}, {"deny", "address family not supported by protocol"},
		} {
			for _, launcher := range []string{"--stage=false", "--stage"} {
				argv := append([]string{launcher, w.own(t, c.word, c.word), "--"}, jailtest.Converse(w.victim, "/tmp")...)
				lines := strings.Split(strings.TrimSpace(must(t, w.jail(argv...))), "\n")
				if len(lines) != 6 {
					t.Fatalf("%s: %d answers: %q", c.word, len(lines), lines)
				}
				for _, line := range lines {
					if !strings.HasSuffix(line, ": "+c.answer) {
						t.Errorf("%s %s: %s, want %s", launcher, c.word, line, c.answer)
					}
				}
			}
		}
	})
}

// Two jails that are isolated do not meet, neither by a path in /tmp nor by an
// abstract name.
func TestIsolatedFromEachOther(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		profile := w.own(t, "isolated", "isolated")
		all := []jailtest.Meeting{
			{Path: "/tmp/meeting", Kind: "stream", Way: jailtest.WayAbsolute},
			{Path: "@netjail-test-meeting", Kind: "stream", Way: jailtest.WayAbsolute},
			{Path: "/dev/shm/fifo", Kind: "FIFO", Way: jailtest.WayAbsolute},
		}
		host := newTalker(t, w.jail(append([]string{profile, "--"}, jailtest.Host(w.victim)...)...))
		defer host.close(t)
		if answer := string(host.ask(t, all)); answer != "made\n" {
			t.Fatal(answer)
		}
		met := w.visit(t, all, profile)
		for i, m := range all {
			if met[i] == "" {
				t.Errorf("%+v: two jails meet", m)
			}
		}
	})
}
