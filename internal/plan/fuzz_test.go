package plan_test

import (
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// dice makes choices out of a fuzzer's bytes; behind their end every choice is
// the first.
type dice struct{ data []byte }

func (d *dice) byte() byte {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b
}

func (d *dice) bool() bool   { return d.byte()&1 == 1 }
func (d *dice) n(n int) int  { return int(d.byte()) % n }
func (d *dice) word() uint32 { return uint32(d.byte()) | uint32(d.byte())<<8 | uint32(d.byte())<<24 }

func (d *dice) set() caps.Set {
	return caps.Set(d.word()) | caps.Set(d.word())<<20
}

// policy is one that Compile could have made: what its checks rule out, such as
// an empty map or the same address twice, does not come up.
func (d *dice) policy() *policy.Policy {
	p := &policy.Policy{NewPrivileges: d.bool(), Setgroups: policy.Setgroups(d.n(2)), Audit: policy.Audit{Mode: policy.AuditMode(d.n(2))}}
	p.Filesystem.Root = policy.RootHost
	if d.n(16) == 15 {
		p.Filesystem.Root = policy.RootSystem
	}
	kinds := d.byte()
	for k := range p.Namespaces {
		p.Namespaces[k] = policy.NamespaceMode(kinds >> k & 1)
	}
	p.UIDMappings, p.GIDMappings = d.mappings(), d.mappings()
	p.Capabilities.Host = d.bool()
	if d.bool() {
		p.Capabilities.Sets = caps.Sets{Inheritable: d.set(), Permitted: d.set(), Effective: d.set(), Bounding: d.set(), Ambient: d.set()}
	}
	p.Process.OutliveParent = d.bool()
	p.Process.Hostname = []string{"", "jail", "a\nb"}[d.n(3)]
	for range d.n(6) {
		p.Process.InheritFDs = append(p.Process.InheritFDs, d.n(64))
	}
	slices.Sort(p.Process.InheritFDs)
	p.Process.InheritFDs = slices.Compact(p.Process.InheritFDs)
	p.Loopback = d.loopback()
	p.Sockets = policy.Sockets{HostFamilies: d.bool(), Unix: policy.UnixSockets(d.n(4))}
	p.NestedUserNamespaces = policy.Nesting(d.n(2))
	if d.n(4) == 3 {
		for k := range p.Namespaces {
			p.Namespaces[k] = policy.NamespaceMode(d.n(3))
		}
	}
	return p
}

func (d *dice) mappings() policy.Mappings {
	lines := d.n(5)
	switch lines {
	case 0:
		return policy.Mappings{}
	case 4:
		return policy.Mappings{Kind: policy.MappingSubordinate}
	}
	m := policy.Mappings{Kind: policy.MappingList}
	for range lines {
		l := policy.IDMapping{ContainerID: d.word(), HostID: d.word(), HostCaller: d.bool(), Size: d.word() | 1}
		if d.bool() {
			l = policy.IDMapping{ContainerID: uint32(d.n(2)), HostID: 1000, HostCaller: d.bool(), Size: 1}
		}
		m.List = append(m.List, l)
	}
	return m
}

func (d *dice) loopback() policy.Loopback {
	if d.bool() {
		return policy.Loopback{}
	}
	l := policy.Loopback{State: policy.LinkUp}
	if d.bool() {
		l.Addresses = []inet.Prefix{}
	}
	chosen := d.byte()
	for i, text := range []string{"127.0.0.1/8", "::1/128", "127.0.0.1/32", "127.0.0.53/32", "127.1.2.3/16"} {
		if chosen>>i&1 == 1 {
			l.Addresses = append(l.Addresses, inet.MustParsePrefix(text))
		}
	}
	return l
}

// host is root's or an ordinary user's, with what may be missing missing.
func (d *dice) host(p *policy.Policy) *plan.Host {
	h := ordinaryUser()
	if d.bool() {
		h = root()
	}
	if d.n(8) == 7 {
		h.RootRange = plan.Range{}
	}
	if d.n(4) == 3 {
		h.Caps = d.set()
	}
	if d.n(4) < 3 {
		h.SubUIDs, h.SubGIDs = d.subordinate(h.UID), d.subordinate(h.GID)
	} else {
		h.SubUIDs.Why, h.SubUIDs.Help = "none", "add some"
		h.SubGIDs = h.SubUIDs
	}
	h.LastCap = []int{int(caps.Last), int(caps.AuditRead), 63}[d.n(3)]
	h.Ignored, h.Blocked = uint64(d.word()), uint64(d.word())
	for h.FDBase = d.n(60); slices.ContainsFunc(p.Process.InheritFDs, func(fd int) bool { return fd-h.FDBase >= 0 && fd-h.FDBase < plan.FDCount }); {
		h.FDBase++
	}
	if n := len(p.Process.InheritFDs); n > 0 && d.n(8) == 7 {
		h.ClosedFDs = p.Process.InheritFDs[n-1:]
	}
	return h
}

// subordinate are disjoint ranges without 0 and the caller's own id.
func (d *dice) subordinate(self uint32) plan.Subordinate {
	var s plan.Subordinate
	next := max(self, 1) + 1
	for range 1 + d.n(4) {
		r := plan.Range{First: next + uint32(d.byte()), Size: 1 + d.word()>>5}
		s.Ranges = append(s.Ranges, r)
		next = r.First + r.Size
	}
	return s
}

// disjoint says whether no id stands in a map twice, on either side.
func disjoint(lines []plan.MapLine) bool {
	for i, a := range lines {
		for _, b := range lines[i+1:] {
			inside := plan.Range{First: a.Inside, Size: a.Size}.Overlaps(plan.Range{First: b.Inside, Size: b.Size})
			outside := plan.Range{First: a.Outside, Size: a.Size}.Overlaps(plan.Range{First: b.Outside, Size: b.Size})
			if inside || outside || a.Size == 0 {
				return false
			}
		}
	}
	return true
}

// FuzzBuild builds plans of random policies on random hosts: each is refused with
// reasons, or keeps the invariants, twice the same.
func FuzzBuild(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 0, 0x7f})
	for i := range byte(128) {
		seed := make([]byte, 64)
		for k := range seed {
			seed[k] = i*31 + byte(k)*(2*i+1)
		}
		seed[3], seed[4] = i%15, i // a root that is built, and every choice of namespaces
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &dice{data}
		p := d.policy()
		h := d.host(p)
		o := plan.Options{Full: d.bool(), Listener: uint16(d.word()), Unix: lured.Unix[:d.n(3)], Late: d.bool()}
		if d.bool() {
			o.Baits = everyBait
		}
		l, err := plan.Build(p, h, command(), o)
		if err != nil {
			for _, r := range refused(t, err) {
				if r.Key == "" || r.Cause == "" || r.Help == "" {
					t.Errorf("a refusal without a key, a cause or a help: %+v", r)
				}
			}
			return
		}
		for _, line := range breaches(p, l) {
			t.Error(line)
		}
		for _, m := range []struct {
			kind  policy.MappingKind
			lines []plan.MapLine
		}{{p.UIDMappings.Kind, l.UIDMap}, {p.GIDMappings.Kind, l.GIDMap}} {
			if m.kind == policy.MappingSubordinate && !disjoint(m.lines) {
				t.Errorf("the kernel takes no such map: %v", m.lines)
			}
		}
		again, err := plan.Build(p, h, command(), o)
		if err != nil || listing(again) != listing(l) {
			t.Errorf("the second plan differs, %v", err)
		}
		for _, k := range ns.All() {
			if p.New(k) != makes(l, k) {
				t.Errorf("%s namespace: the policy says new is %t", k, p.New(k))
			}
		}
	})
}
