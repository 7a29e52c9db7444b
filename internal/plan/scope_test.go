package plan_test

import (
	"encoding/binary"
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// TestScope: which scopes a domain has, and where there is none.
func TestScope(t *testing.T) {
	const abstract, signal = 1, 2
	for _, c := range []struct {
		name   string
		abi    int
		change func(*policy.Policy)
		want   uint64
	}{
		{"both", 6, func(*policy.Policy) {}, abstract | signal},
		{"a newer one", 9, func(p *policy.Policy) { p.Sockets.Unix = policy.UnixIsolated }, abstract | signal},
		{"the host's sockets", 6, func(p *policy.Policy) { p.Sockets.Unix = policy.UnixHost }, signal},
		{"before scopes", 5, func(*policy.Policy) {}, 0},
		{"none", 0, func(*policy.Policy) {}, 0},
		{"the host's processes", 6, func(p *policy.Policy) { p.Namespaces[ns.PID] = policy.NamespaceHost }, 0},
		{"new privileges", 6, func(p *policy.Policy) {
			p.NewPrivileges, p.NestedUserNamespaces, p.Process.Terminal = true, policy.NestingAllow, policy.TerminalHost
			p.Sockets = policy.Sockets{HostFamilies: true, Unix: policy.UnixHost}
		}, 0},
	} {
		p, h := *plain(t), ordinaryUser()
		h.Landlock = c.abi
		c.change(&p)
		l := built(t, &p, h, plan.Options{})
		at := l.Index("landlock.ruleset")
		if l.Scoped != (c.want != 0) || at >= 0 != l.Scoped {
			t.Errorf("%s: scoped %t, op %d", c.name, l.Scoped, at)
		}
		if at < 0 {
			continue
		}
		attr := l.Ops[at].Args[0].Bytes()
		if len(attr) != 24 || binary.LittleEndian.Uint64(attr[16:]) != c.want || binary.LittleEndian.Uint64(attr) != 0 || binary.LittleEndian.Uint64(attr[8:]) != 0 {
			t.Errorf("%s: attributes %x, want scopes %d and nothing else", c.name, attr, c.want)
		}
		if at < l.Index(plan.ForkOp) || at < l.Index("no-new-privs") {
			t.Errorf("%s: the domain is made at %d, before pid 1 stays behind or no_new_privs is set", c.name, at)
		}
	}
}
