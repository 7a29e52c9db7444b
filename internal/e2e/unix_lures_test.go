package e2e

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// The attempts at netjail's own sockets fail where they must, succeed where
// nothing is in the way, and leave no socket behind.
func TestLuresOfAnAudit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := baitFiles(t, w.dir) // what another user's killed audit has left
		for _, c := range []struct{ profile, path, abstract string }{
			{w.own(t, "isolated", "isolated"), "pass", "pass"},
			{w.own(t, "deny", "deny"), "pass", "pass"},
			{w.own(t, "host", "host"), "declared", "pass"},
			{w.profile(t, "open", "sockets: {unix: host}\nnamespaces: {network: host}\nfilesystem: host\n"), "declared", "declared"},
			{w.profile(t, "filter", "sockets: {unix: deny}\nfilesystem: host\n"), "pass", "pass"},
			{"offline-strict", "pass", "pass"},
		} {
			if got := w.judged(t, c.profile, "escape.unix"); got != c.path {
				t.Errorf("%s: escape.unix is %s, want %s", c.profile, got, c.path)
			}
			if got := w.judged(t, c.profile, "unix.abstract"); got != c.abstract {
				t.Errorf("%s: unix.abstract is %s, want %s", c.profile, got, c.abstract)
			}
		}
		for _, dir := range []string{"/tmp", "/var/tmp", "/dev/shm", "/run", "/root", w.dir} {
			// Those of an audit that somebody else makes meanwhile end with it.
			jailtest.Eventually(t, "no lure is left in "+dir, func() bool {
				left, err := filepath.Glob(dir + "/.netjail-lure-*")
				return err == nil && !slices.ContainsFunc(left, func(name string) bool { return !slices.Contains(before, name) })
			})
		}
	})
}
