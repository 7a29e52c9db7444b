package e2e

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/profiles"
)

// TestAuditLeavesMounts: an audit under any profile leaves the mounts of whoever
// makes it as they were, also where they are shared with others, and its report says
// so.
func TestAuditLeavesMounts(t *testing.T) {
	jailtest.Require(t, "unshare")
	w := newWork(t)
	names := profiles.Names()
	if len(names) < 5 {
		t.Fatalf("profiles %q", names)
	}
	for _, name := range names {
		w.auditInPeace(t, name)
	}
	if left, err := os.ReadDir(w.account); err != nil || slices.ContainsFunc(left, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), ".netjail-lure-") }) {
		t.Errorf("lures are left in the home: %v", err)
	}
}

// auditInPeace audits where nobody else mounts: root in a mount namespace of its
// own, whose mounts are shared. An ordinary user has the host's, and tries again where
// somebody mounted meanwhile.
func (w *work) auditInPeace(t *testing.T, profile string) {
	const look = `cat /proc/self/mountinfo >&2; echo == >&2; "$0" audit --format json "$1"; cat /proc/self/mountinfo >&2`
	argv, tries := []string{"sh", "-c", look, w.netjail, profile}, 10
	if w.UID == 0 {
		argv[2], tries = "mount --make-rshared /; "+look, 1
		argv = append([]string{"unshare", "--mount", "--propagation", "private"}, argv...)
	}
	var diff string
	for range tries {
		e := w.end(w.command(w.inside, argv...))
		before, after, _ := strings.Cut(e.err, "==\n")
		if strings.Contains(e.out, `"check":"host.mounts","verdict":"fail"`) || !strings.Contains(e.out, `"check":"host.mounts"`) || !strings.Contains(before, " / ") {
			t.Errorf("%s: the report says %s", profile, e.out)
		}
		if w.UID == 0 && !strings.Contains(before, " shared:") {
			t.Errorf("nothing is shared:\n%s", before)
		}
		if diff = cmp.Diff(before, after); diff == "" {
			return
		}
	}
	t.Errorf("%s: the mounts before (-) and after (+):\n%s", profile, diff)
}
