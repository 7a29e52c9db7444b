package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// nesting is a bundled profile that says `nestedUserNamespaces: allow`.
func (w *world) nesting(t *testing.T, profile string) string {
	t.Helper()
	const allow = "loosens: [nestedUserNamespaces]\nnestedUserNamespaces: allow\n"
	return jailtest.File(t, w.dir, profile+"-nesting.yaml", "apiVersion: netjail/v1\nextends: ["+profile+"]\n"+allow, false)
}

// keyless is a bundled profile that says `keyring: host`.
func (w *world) keyless(t *testing.T, profile string) string {
	t.Helper()
	const host = "loosens: [process.keyring]\nprocess: {keyring: host}\n"
	return jailtest.File(t, w.dir, profile+"-keyless.yaml", "apiVersion: netjail/v1\nextends: ["+profile+"]\n"+host, false)
}

// A jail in a jail: a profile that mounts nothing works where the outer one allows
// user namespaces. Everything else ends with the cause, and so does a jail of
// root's, whose root has no power and no other ids.
func TestInNetjail(t *testing.T) {
	const works, ids = "", "do not exist in netjail's own user namespace"
	const filter, keyctl, openat2 = "`nestedUserNamespaces: allow`", "refuses keyctl(2)", "every jail of netjail's hides openat2"
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ outer, inner, want string }{
			{"base", "minimal", filter},
			{"base", "base", filter},
			{w.nesting(t, "base"), "minimal", works},
			{w.nesting(t, "base"), "base", keyctl},
			{w.nesting(t, "base"), w.keyless(t, "base"), openat2},
			{w.nesting(t, "build"), "minimal", works},
			{w.nesting(t, "build"), "build", keyctl},
			{w.nesting(t, "offline-strict"), "minimal", "has no AF_NETLINK"},
		} {
			t.Run(strings.TrimSuffix(filepath.Base(c.outer), ".yaml")+"/"+filepath.Base(c.inner), func(t *testing.T) {
				marker := filepath.Join(w.Dir(t), "started")
				run := w.jail(c.outer, w.netjail, "run", c.inner, "touch", marker)
				run.Dir = filepath.Dir(marker)
				want := c.want
				if w.UID == 0 {
					want = ids
				}
				if want != works {
					w.refusedWith(t, run, marker, want)
					return
				}
				if must(t, run); !exists(marker) {
					t.Error("the command did not run")
				}
			})
		}
	})
}
