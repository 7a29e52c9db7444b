package host

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// treeOps are the names of the ops of two trees that have everything.
func treeOps(t *testing.T) []string {
	t.Helper()
	file := tree.Node{Type: unix.S_IFREG}
	entries := []tree.Entry{
		{Kind: tree.Dir, Target: "/d", Perm: 0o755},
		{Kind: tree.Ephemeral, Target: "/d", Source: "/d"},
		{Kind: tree.Overlay, Target: "/d/o", Source: "/o"},
		{Kind: tree.Ephemeral, Target: "/d/e", Source: "/o"},
		{Kind: tree.Bind, Target: "/d/b", Source: "/b"},
		{Kind: tree.Bind, Target: "/d/r", Source: "/r", Recursive: true},
		{Kind: tree.Bind, Target: "/d/given", Source: "/g", Owner: &tree.Owner{}},
		{Kind: tree.Bind, Target: "/d/given.whole", Source: "/g", Recursive: true, Owner: &tree.Owner{}},
		{Kind: tree.Bind, Self: true, Target: "/d/b/s", Source: "/s", Node: file, Options: tree.ReadOnly},
		{Kind: tree.Mask, Target: "/d/m"},
		{Kind: tree.Dir, Target: "/d/t", Perm: 0o755},
		{Kind: tree.File, Target: "/d/f", Perm: 0o755},
		{Kind: tree.Symlink, Target: "/d/l", Source: "f"},
		{Kind: tree.Tmpfs, Target: "/d/t", Options: tree.ReadOnly},
		{Kind: tree.Dir, Target: "/d/t/d", Perm: 0o755},
		{Kind: tree.Devpts, Target: "/d/t/d"},
		{Kind: tree.Devpts, Target: "/d/o/pts"},
		{Kind: tree.Proc, Target: "/d/o/proc"},
		{Kind: tree.Proc, Target: "/proc"},
	}
	var names []string
	for _, inPlace := range []bool{false, true} {
		l := &tree.Layout{InPlace: inPlace, Entries: entries, Workdir: "/"}
		if inPlace {
			l.Entries = append([]tree.Entry{{Kind: tree.Tmpfs, Target: "/"}}, entries...)
		}
		h := &plan.Host{UID: 1000, FDBase: 40, Tree: l}
		p := &policy.Policy{}
		p.Namespaces[ns.Time] = policy.NamespaceHost
		built, err := plan.Build(p, h, &plan.Command{Path: "/bin/true"}, plan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range built.Ops {
			names = append(names, o.Name)
		}
	}
	return names
}

// TestExplainedOps: every failure that is explained is one of an op that there is.
func TestExplainedOps(t *testing.T) {
	names := treeOps(t)
	for _, list := range [][]mountFailure{sourceFailures, givingFailures, overlayFailures, mountingFailures} {
		for _, f := range list {
			for _, op := range f.ops {
				one := f
				one.ops = []string{op}
				errno := unix.Errno(0)
				if len(f.errnos) > 0 {
					errno = f.errnos[0]
				}
				if !slices.ContainsFunc(names, func(name string) bool { return one.is(name, errno) }) {
					t.Errorf("no op is called %q", op)
				}
				if f.Cause == "" || f.Help == "" || strings.HasSuffix(f.Cause, ".") {
					t.Errorf("%q: %+v", op, f.Explanation)
				}
			}
		}
	}
}
