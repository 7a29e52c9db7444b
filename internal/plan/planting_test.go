package plan_test

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// TestPlanting: where files that the command makes are root's on the host, it must
// have no way to make them run with that identity or with capabilities.
func TestPlanting(t *testing.T) {
	unfiltered := func(p *policy.Policy) {
		p.Sockets.HostFamilies, p.Sockets.Unix, p.NestedUserNamespaces = true, policy.UnixHost, policy.NestingAllow
		p.Process.Terminal = policy.TerminalHost
	}
	for _, c := range []struct {
		name   string
		tree   func() *tree.Layout
		change func(*policy.Policy)
		keys   string
	}{
		{"as it is", treeOwned, func(*policy.Policy) {}, ""},
		{"nested alone", treeOwned, func(p *policy.Policy) { p.NestedUserNamespaces = policy.NestingAllow }, ""},
		{"no filter", treeOwned, unfiltered, "nestedUserNamespaces"},
		{"no filter, and nothing given", wholeTree, unfiltered, ""},
		{"no filter, and a home to be read", treeOwnedReadonly, unfiltered, ""},
		{"in the bounding set", treeOwned, func(p *policy.Policy) { p.Capabilities.Sets.Bounding = caps.Of(caps.Setfcap) }, "capabilities"},
		{"every capability", treeOwned, func(p *policy.Policy) { p.Capabilities.Host = true }, "capabilities"},
		{"the capability, and nothing given", wholeTree, func(p *policy.Policy) { p.Capabilities.Sets.Bounding = caps.Of(caps.Setfcap) }, ""},
	} {
		p, h := bundled(t, "offline"), root()
		p.Sockets.Unix = policy.UnixIsolated
		c.change(p)
		h.Tree = c.tree()
		_, err := plan.Build(p, h, command(), plan.Options{})
		var keys []string
		for _, r := range refused(t, err) {
			keys = append(keys, r.Key)
			if !strings.Contains(r.Help, "ordinary user") {
				t.Errorf("%s: %s: the help is %q", c.name, r.Key, r.Help)
			}
		}
		if got := strings.Join(keys, " "); got != c.keys {
			t.Errorf("%s: refused are %q, want %q", c.name, got, c.keys)
		}
	}
}

// treeOwnedReadonly gives the command only what it cannot write.
func treeOwnedReadonly() *tree.Layout {
	l := treeOwned()
	for i := range l.Entries {
		if l.Entries[i].Owner != nil {
			l.Entries[i].Options |= tree.ReadOnly
		}
	}
	return l
}
