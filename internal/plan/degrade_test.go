package plan_test

import (
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// What is preferred and missing is left out of the plan, and said; nothing else
// is, whatever the host lacks.
func TestDegrade(t *testing.T) {
	for _, tt := range []struct {
		prefer []string
		lacks  []ns.Kind
		want   []ns.Kind
	}{
		{nil, []ns.Kind{ns.Cgroup, ns.IPC}, nil},
		{[]string{"namespaces.cgroup"}, nil, nil},
		{[]string{"namespaces.cgroup"}, []ns.Kind{ns.Cgroup, ns.IPC}, []ns.Kind{ns.Cgroup}},
		{[]string{"namespaces.cgroup", "namespaces.ipc"}, []ns.Kind{ns.Cgroup, ns.IPC, ns.Network}, []ns.Kind{ns.IPC, ns.Cgroup}},
		{[]string{"namespaces.time"}, []ns.Kind{ns.Time}, nil}, // which the profile does not ask for
		{[]string{"namespaces.network", "namespaces.user"}, []ns.Kind{ns.Network, ns.User}, nil},
	} {
		p, h := plain(t), ordinaryUser()
		p.Prefer = tt.prefer
		for _, k := range tt.lacks {
			h.Missing[k] = "there is none"
		}
		l := built(t, p, h, plan.Options{})
		if len(l.Degraded) != len(tt.want) {
			t.Errorf("%v without %v: %+v", tt.prefer, tt.lacks, l.Degraded)
			continue
		}
		for i, k := range tt.want {
			d := l.Degraded[i]
			if d.Kind != k || d.String() != "namespaces."+k.String()+", new → host: there is none" || l.Policy.New(k) || makes(l, k) {
				t.Errorf("%v without %v: %+v", tt.prefer, tt.lacks, d)
			}
		}
		for _, k := range ns.All() {
			if p.New(k) != (plain(t).New(k)) {
				t.Errorf("%v: the profile itself was changed", tt.prefer)
			}
		}
	}
}

// A host name of one's own is not given to the host's namespace.
func TestDegradeHostname(t *testing.T) {
	p, h := plain(t), ordinaryUser()
	p.Prefer, p.Process.Hostname, h.Missing[ns.UTS] = []string{"namespaces.uts"}, "jail", "there is none"
	_, err := plan.Build(p, h, command(), plan.Options{})
	if got := refused(t, err); len(got) != 1 || got[0].Key != "process.hostname" {
		t.Errorf("Build: %v", err)
	}
}

// Each key that can be preferred is one of a kind of namespace, and the two kinds
// without which nothing holds are none of them.
func TestPreferable(t *testing.T) {
	p := policy.Default()
	k, _ := policy.LookupKey("prefer")
	for _, w := range k.ItemWords() {
		p.Prefer = append(p.Prefer, w.Text)
	}
	p.Namespaces = [ns.Count]policy.NamespaceMode{}
	for _, k := range ns.All() {
		if p.Preferred(k) != (k == ns.IPC || k == ns.UTS || k == ns.Cgroup || k == ns.Time) {
			t.Errorf("%s: preferred is %t", k, p.Preferred(k))
		}
	}
}
