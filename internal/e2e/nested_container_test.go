package e2e

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// boxed is `netjail run` in a container, whose command makes the marker.
func (w *world) boxed(t *testing.T, b jailtest.Box, profile string) (c *exec.Cmd, marker string) {
	t.Helper()
	dir := w.Dir(t)
	marker = filepath.Join(dir, "started")
	b.UID, b.Shared = w.UID, []string{programDir, dir}
	return b.Command(t, "sh", "-c", `cd "$1" && exec "$2" run "$3" touch "$4"`, "sh", dir, w.netjail, profile, marker), marker
}

// In a container netjail either makes its jail or names what of the container
// stands against it, and how to do without; the command then never runs.
func TestInContainer(t *testing.T) {
	jailtest.Require(t, "root", "crun")
	const (
		filter = "seccomp filter of this container forbids"
		masks  = "a container that masks parts of /proc"
		trace  = "lacks CAP_SYS_PTRACE"
		works  = ""
	)
	type answers struct{ minimal, base, build string }
	cases := []struct {
		name       string
		box        jailtest.Box
		root, user answers
	}{
		{"default", jailtest.Box{Filter: true, Masks: true}, answers{trace, trace, trace}, answers{filter, filter, filter}},
		{"filter", jailtest.Box{Filter: true}, answers{trace, trace, trace}, answers{filter, filter, filter}},
		{"filter and ptrace", jailtest.Box{Filter: true, Masks: true, Ptrace: true}, answers{filter, filter, filter}, answers{filter, filter, filter}},
		{"masks", jailtest.Box{Masks: true}, answers{trace, trace, trace}, answers{works, masks, masks}},
		{"masks and ptrace", jailtest.Box{Masks: true, Ptrace: true}, answers{works, masks, "as root of a container has none"}, answers{works, masks, masks}},
		{"neither", jailtest.Box{Ptrace: true}, answers{works, works, "as root of a container has none"}, answers{works, works, works}},
	}
	each(t, func(t *testing.T, w *world) {
		for _, c := range cases {
			want := c.user
			if w.UID == 0 {
				want = c.root
			}
			for _, p := range []struct{ profile, want string }{{"minimal", want.minimal}, {"base", want.base}, {"build", want.build}} {
				t.Run(c.name+"/"+p.profile, func(t *testing.T) {
					run, marker := w.boxed(t, c.box, p.profile)
					if p.want != works {
						w.refusedWith(t, run, marker, p.want)
						return
					}
					if must(t, run); !exists(marker) {
						t.Error("the command did not run")
					}
				})
			}
		}
	})
}
