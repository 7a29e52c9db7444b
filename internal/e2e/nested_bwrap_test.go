package e2e

import (
	"path/filepath"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// In bubblewrap's sandbox netjail makes its jail, where that has a /proc of its own
// and lets user namespaces be made; else it says which of them is missing. Root's
// sandbox has no id but root's, which no jail runs as.
func TestInBubblewrap(t *testing.T) {
	jailtest.Require(t, "bwrap")
	const works, ids = "", "do not exist in netjail's own user namespace"
	cases := []struct {
		name, user, root string
		options          []string
	}{
		{"proc", works, ids, []string{"--bind", "/", "/", "--dev", "/dev", "--proc", "/proc"}},
		{"the host's proc", "that of another pid namespace", "that of another pid namespace", []string{"--bind", "/", "/", "--dev-bind", "/dev", "/dev"}},
		{"no proc", "nothing is mounted there", "nothing is mounted there", []string{"--bind", "/", "/", "--dev", "/dev", "--tmpfs", "/proc"}},
		{"read-only proc", "/proc is read-only here", ids, []string{"--bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--remount-ro", "/proc"}},
		{"no user namespaces", "--disable-userns", ids, []string{"--unshare-user", "--disable-userns", "--bind", "/", "/", "--dev", "/dev", "--proc", "/proc"}},
	}
	each(t, func(t *testing.T, w *world) {
		for _, c := range cases {
			for _, profile := range []string{"minimal", "base", "build"} {
				t.Run(c.name+"/"+profile, func(t *testing.T) {
					marker := filepath.Join(w.Dir(t), "started")
					argv := append([]string{"bwrap", "--unshare-all"}, c.options...)
					argv = append(argv, "--chdir", filepath.Dir(marker), w.netjail, "run", profile, "touch", marker)
					want := c.user
					if w.UID == 0 {
						want = c.root
					}
					if want != works {
						w.refusedWith(t, w.in(argv), marker, want)
						return
					}
					if must(t, w.in(argv)); !exists(marker) {
						t.Error("the command did not run")
					}
				})
			}
		}
	})
}
