package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// TestObserveAtEnd: what a process may become in a jail of its own is told from what
// it may not.
func TestObserveAtEnd(t *testing.T) {
	allow := func(p *policy.Policy) { p.NestedUserNamespaces = policy.NestingAllow }
	move := func(k ns.Kind, to evidence.NamespaceID) func(*evidence.Target) {
		return func(t *evidence.Target) { t.Kinds[0].Namespaces[k] = evidence.Known(to, "ns") }
	}
	holds := func(target string) func(*evidence.Target) {
		return func(t *evidence.Target) {
			t.Kinds[0].FDs = evidence.Known([]evidence.FD{{Number: 3, Target: target, Packets: target == "/dev/net/tun"}}, "fd")
		}
	}
	raised := func(t *evidence.Target) {
		t.Kinds[0].Caps = evidence.Known(caps.Sets{}.With(caps.Inheritable, caps.Of(caps.NetRaw)), "status")
	}
	declares := func(p *policy.Policy) {
		p.Capabilities.Sets = caps.Sets{}.With(caps.Inheritable, caps.Of(caps.NetRaw, caps.NetAdmin))
	}
	open := func(p *policy.Policy) {
		p.NestedUserNamespaces, p.Sockets.HostFamilies = policy.NestingAllow, true
		p.Sockets.Unix, p.Process.Terminal = policy.UnixHost, policy.TerminalHost
	}
	for _, x := range []struct {
		name, check string
		policy      func(*policy.Policy)
		change      func(*evidence.Target)
		verdict     Verdict
		scope       Scope
	}{
		{"the jail's", "ns.network", nil, nil, Pass, Examined},
		{"host", "ns.cgroup", func(p *policy.Policy) { p.Namespaces[ns.Cgroup] = policy.NamespaceHost }, nil, Declared, Examined},
		{"joined", "ns.network", func(p *policy.Policy) { p.Namespaces[ns.Network] = policy.NamespaceJoin }, nil, Declared, Examined},
		{"netjail's", "ns.network", allow, move(ns.Network, 100+evidence.NamespaceID(ns.Network)), Fail, Examined},
		{"another", "ns.network", nil, move(ns.Network, 999), Fail, Examined},
		{"nested", "ns.network", allow, move(ns.Network, 999), Declared, Examined},
		{"not read", "ns.network", nil, func(t *evidence.Target) {
			t.Kinds[0].Namespaces[ns.Network] = evidence.Unknown[evidence.NamespaceID]("ns", "EACCES")
		}, Unknown, Examined},
		{"none", "caps.inheritable", nil, nil, Pass, Examined},
		{"raised", "caps.inheritable", nil, raised, Fail, Examined},
		{"fewer", "caps.inheritable", declares, raised, Pass, Examined},
		{"raised in a namespace of its own", "caps.inheritable", allow, func(t *evidence.Target) { raised(t); move(ns.User, 999)(t) }, Declared, Examined},
		{"raised, nested otherwise", "caps.inheritable", allow, func(t *evidence.Target) { raised(t); move(ns.Network, 999)(t) }, Fail, Examined},
		{"caps not read", "caps.inheritable", nil, func(t *evidence.Target) { t.Kinds[0].Caps = evidence.Unknown[caps.Sets]("status", "EACCES") }, Unknown, Examined},
		{"ring under a filter", "fd.io-uring", nil, holds("anon_inode:[io_uring]"), Fail, Examined},
		{"ring", "fd.io-uring", open, holds("anon_inode:[io_uring]"), Unknown, NotObservable},
		{"tun", "fd.tun", nil, holds("/dev/net/tun"), Unknown, NotObservable},
		{"variables", "proc.environment", nil, func(t *evidence.Target) { t.Environ = evidence.Known([]string{"MY_TOKEN"}, "environ") }, Unknown, NotObservable},
		{"map", "ids.uid-map", nil, func(t *evidence.Target) {
			t.Kinds[0].UIDMap = evidence.Known([]evidence.IDMapLine{{Inside: 0, Outside: 1000, Size: 5}}, "uid_map")
		}, Fail, Examined},
		{"privileges", "proc.no-new-privs", nil, func(t *evidence.Target) { t.Kinds[0].NoNewPrivs = evidence.Known(false, "status") }, Fail, Examined},
	} {
		target, p := jailed(), &policy.Policy{}
		start := target.Kinds[0].Namespaces
		if x.policy != nil {
			x.policy(p)
		}
		if x.name == "host" {
			start[ns.Cgroup] = target.Own.Namespaces[ns.Cgroup]
			target.Kinds[0].Namespaces[ns.Cgroup] = start[ns.Cgroup]
		}
		if x.change != nil {
			x.change(target)
		}
		found := false
		for _, f := range ObserveAtEnd(p, &start, target) {
			if f.Check != x.check {
				continue
			}
			found = true
			if f.Verdict != x.verdict || f.Scope != x.scope {
				t.Errorf("%s: %s: %s, %s: %s; %s", x.name, x.check, f.Verdict, f.Scope, f.Found, f.Note)
			}
		}
		if !found {
			t.Errorf("%s: no finding of %s", x.name, x.check)
		}
	}
}

// TestAtEndWithoutStart: where nobody saw in what the command was started, no
// namespace passes.
func TestAtEndWithoutStart(t *testing.T) {
	var start Namespaces
	for k := range start {
		start[k] = evidence.Unknown[evidence.NamespaceID]("ns", "not read")
	}
	for _, f := range ObserveAtEnd(&policy.Policy{}, &start, jailed()) {
		if _, ok := namespaceCheck(f.Check); ok && f.Verdict != Unknown {
			t.Errorf("%s: %s", f.Check, f.Verdict)
		}
	}
}
