package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// nesting is a bundled profile that says `nestedUserNamespaces: allow`.
func (w *world) nesting(t *testing.T, profile string) string {
	t.Helper()
	text, err := os.ReadFile("../../profiles/" + profile + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	const deny, allow = "nestedUserNamespaces: deny", "nestedUserNamespaces: allow"
	if !strings.Contains(string(text), deny) {
		t.Fatalf("profile %s does not say %q", profile, deny)
	}
	return jailtest.File(t, w.dir, profile+"-nesting.yaml", strings.Replace(string(text), deny, allow, 1), false)
}

// A jail in a jail: a profile that mounts nothing works where the outer one allows
// user namespaces. Everything else ends with the cause, and so does a jail of
// root's, whose root has no power and no other ids.
func TestInNetjail(t *testing.T) {
	const works, ids = "", "do not exist in netjail's own user namespace"
	const filter, openat2 = "`nestedUserNamespaces: allow`", "every jail of netjail's hides openat2"
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ outer, inner, want string }{
			{"base", "minimal", filter},
			{"base", "base", filter},
			{w.nesting(t, "base"), "minimal", works},
			{w.nesting(t, "base"), "base", openat2},
			{w.nesting(t, "build"), "minimal", works},
			{w.nesting(t, "build"), "build", openat2},
			{w.nesting(t, "offline-strict"), "minimal", "has no AF_NETLINK"},
		} {
			t.Run(strings.TrimSuffix(filepath.Base(c.outer), ".yaml")+"/"+c.inner, func(t *testing.T) {
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
