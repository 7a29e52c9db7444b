package plan

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// TestMaps resolves maps for an ordinary user, 1000:100, and for root with the
// range from 0x70000000 on.
func TestMaps(t *testing.T) {
	const first = 0x70000000
	type line = policy.IDMapping
	for _, c := range []struct {
		name     string
		host     Host
		uids     policy.Mappings
		gids     policy.Mappings
		uidMap   []MapLine
		gidMap   []MapLine
		uid, gid uint32
	}{
		{
			"caller, as a user",
			Host{UID: 1000, GID: 100},
			policy.Mappings{},
			policy.Mappings{},
			[]MapLine{{1000, 1000, 1}},
			[]MapLine{{100, 100, 1}},
			1000, 100,
		},
		{
			"caller, as root",
			Host{Caps: caps.All, RootRange: Range{first, 65536}},
			policy.Mappings{},
			policy.Mappings{},
			[]MapLine{{0, first, 65536}},
			[]MapLine{{0, first, 65536}},
			0, 0,
		},
		{
			"0 is the caller, as a user",
			Host{UID: 1000, GID: 100},
			policy.Mappings{Kind: policy.MappingList, List: []line{{ContainerID: 0, HostCaller: true, Size: 1}}},
			policy.Mappings{Kind: policy.MappingList, List: []line{{ContainerID: 7, HostID: 100, Size: 1}}},
			[]MapLine{{0, 1000, 1}},
			[]MapLine{{7, 100, 1}},
			0, 7,
		},
		{
			"a highest id, as a user",
			Host{UID: math.MaxUint32 - 1, GID: math.MaxUint32 - 1},
			policy.Mappings{},
			policy.Mappings{},
			[]MapLine{{math.MaxUint32 - 1, math.MaxUint32 - 1, 1}},
			[]MapLine{{math.MaxUint32 - 1, math.MaxUint32 - 1, 1}},
			math.MaxUint32 - 1, math.MaxUint32 - 1,
		},
		{
			"0 is the caller, as root: not the host's root",
			Host{Caps: caps.All, RootRange: Range{first, 65536}},
			policy.Mappings{Kind: policy.MappingList, List: []line{{ContainerID: 0, HostCaller: true, Size: 1}}},
			policy.Mappings{Kind: policy.MappingList, List: []line{{ContainerID: 5, HostCaller: true, Size: 1}}},
			[]MapLine{{0, first, 1}},
			[]MapLine{{5, first, 1}},
			0, 5,
		},
		{
			"a list, as root: 0 wherever it stands",
			Host{Caps: caps.All, RootRange: Range{first, 65536}},
			policy.Mappings{Kind: policy.MappingList, List: []line{{ContainerID: 10, HostID: 3000, Size: 5}, {ContainerID: 0, HostID: 2000, Size: 1}}},
			policy.Mappings{Kind: policy.MappingList, List: []line{{ContainerID: 10, HostID: 3000, Size: 5}, {ContainerID: 20, HostCaller: true, Size: 1}}},
			[]MapLine{{10, 3000, 5}, {0, 2000, 1}},
			[]MapLine{{10, 3000, 5}, {20, first, 1}},
			0, 10,
		},
		{
			"subordinate, as a user: the own id stays, between two ranges",
			Host{UID: 1000, GID: 100, SubUIDs: ranges(Range{100000, 600}, Range{200000, 600}), SubGIDs: ranges(Range{300000, 200})},
			policy.Mappings{Kind: policy.MappingSubordinate},
			policy.Mappings{Kind: policy.MappingSubordinate},
			[]MapLine{{0, 100000, 600}, {600, 200000, 400}, {1000, 1000, 1}, {1001, 200400, 200}},
			[]MapLine{{0, 300000, 100}, {100, 100, 1}, {101, 300100, 100}},
			1000, 100,
		},
		{
			"subordinate, as a user: fewer ids than the own one, and exactly as many",
			Host{UID: 1000, GID: 100, SubUIDs: ranges(Range{100000, 10}), SubGIDs: ranges(Range{300000, 60}, Range{400000, 40})},
			policy.Mappings{Kind: policy.MappingSubordinate},
			policy.Mappings{Kind: policy.MappingSubordinate},
			[]MapLine{{0, 100000, 10}, {1000, 1000, 1}},
			[]MapLine{{0, 300000, 60}, {60, 400000, 40}, {100, 100, 1}},
			1000, 100,
		},
		{
			"subordinate, as a user of group 0, and one map alone",
			Host{UID: 1000, GID: 0, SubGIDs: ranges(Range{300000, 60})},
			policy.Mappings{},
			policy.Mappings{Kind: policy.MappingSubordinate},
			[]MapLine{{1000, 1000, 1}},
			[]MapLine{{0, 0, 1}, {1, 300000, 60}},
			1000, 0,
		},
		{
			"subordinate, with the highest id",
			Host{UID: math.MaxUint32 - 1, GID: 100, SubUIDs: ranges(Range{1, math.MaxUint32 - 2})},
			policy.Mappings{Kind: policy.MappingSubordinate},
			policy.Mappings{},
			[]MapLine{{0, 1, math.MaxUint32 - 2}, {math.MaxUint32 - 1, math.MaxUint32 - 1, 1}},
			[]MapLine{{100, 100, 1}},
			math.MaxUint32 - 1, 100,
		},
		{
			"subordinate, as root: its own id is in no map",
			Host{Caps: caps.All, RootRange: Range{first, 65536}, SubUIDs: ranges(Range{100000, 600}, Range{200000, 600})},
			policy.Mappings{Kind: policy.MappingSubordinate},
			policy.Mappings{},
			[]MapLine{{0, 100000, 600}, {600, 200000, 600}},
			[]MapLine{{0, first, 65536}},
			0, 0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &policy.Policy{UIDMappings: c.uids, GIDMappings: c.gids, Filesystem: policy.Filesystem{Root: policy.RootHost}}
			l, err := Build(p, &c.host, &Command{}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(l.UIDMap, c.uidMap) || !slices.Equal(l.GIDMap, c.gidMap) {
				t.Errorf("maps %v and %v, want %v and %v", l.UIDMap, l.GIDMap, c.uidMap, c.gidMap)
			}
			if l.UID != c.uid || l.GID != c.gid {
				t.Errorf("ids %d:%d, want %d:%d", l.UID, l.GID, c.uid, c.gid)
			}
			root := c.host.UID == 0
			if l.DropsGroups != root || (l.Index("ids.groups") >= 0) != root || (l.Index("ids.uid") >= 0) != root {
				t.Errorf("ids are changed and groups are dropped as if root were %t", !root)
			}
		})
	}
}

// ranges are those of one line each.
func ranges(r ...Range) Subordinate { return Subordinate{Ranges: r} }

// TestWhoWritesMaps: an ordinary user's own line the child, his range the
// privileged program, and root's netjail itself; setgroups before either.
func TestWhoWritesMaps(t *testing.T) {
	sub, own := policy.Mappings{Kind: policy.MappingSubordinate}, policy.Mappings{}
	for _, c := range []struct {
		name       string
		host       Host
		uids, gids policy.Mappings
		groups     policy.Setgroups
		want       string // name, actor and call of each op
	}{
		{"own", Host{UID: 1000}, own, own, policy.SetgroupsDeny, "setgroups child write, gid child write, uid child write"},
		{"range", Host{UID: 1000}, sub, sub, policy.SetgroupsDeny, "setgroups parent write-file, gid parent run-mapper, uid parent run-mapper"},
		{"range, setgroups allowed", Host{UID: 1000}, sub, sub, policy.SetgroupsAllow, "gid parent run-mapper, uid parent run-mapper"},
		{"range of user ids", Host{UID: 1000}, sub, own, policy.SetgroupsDeny, "setgroups parent write-file, gid parent write-file, uid parent run-mapper"},
		{"range of group ids", Host{UID: 1000}, own, sub, policy.SetgroupsAllow, "gid parent run-mapper, uid parent write-file"},
		{"root's", Host{Caps: caps.All, RootRange: Range{5, 5}}, sub, sub, policy.SetgroupsDeny, "setgroups parent write-file, gid parent write-file, uid parent write-file"},
	} {
		c.host.SubUIDs, c.host.SubGIDs = ranges(Range{100000, 10}), ranges(Range{100000, 10})
		c.host.UIDMapper.Path, c.host.GIDMapper.Path = "/usr/bin/newuidmap", "/usr/bin/newgidmap"
		p := &policy.Policy{UIDMappings: c.uids, GIDMappings: c.gids, Setgroups: c.groups, Filesystem: policy.Filesystem{Root: policy.RootHost}}
		p.Namespaces[ns.Time] = policy.NamespaceHost
		l, err := Build(p, &c.host, &Command{}, Options{})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var got []string
		for _, name := range []string{"setgroups", "gid", "uid"} {
			if i := l.Index("maps." + name); i >= 0 {
				got = append(got, name+" "+l.Ops[i].Actor.String()+" "+l.Ops[i].Call)
				if call := l.Ops[i].Call; call == DeedRunMapper && l.Ops[i].Args[0].Name != "/usr/bin/new"+name+"map" {
					t.Errorf("%s: %s", c.name, &l.Ops[i])
				}
			}
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, text, c.want)
		}
	}
}

// TestHostIDs: without a new user namespace there is no map, and ids stay.
func TestHostIDs(t *testing.T) {
	p := &policy.Policy{Filesystem: policy.Filesystem{Root: policy.RootHost}, Capabilities: policy.Capabilities{Host: true}}
	for k := range p.Namespaces {
		p.Namespaces[k] = policy.NamespaceHost
	}
	l, err := Build(p, &Host{UID: 1000, GID: 100}, &Command{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if l.UIDMap != nil || l.GIDMap != nil || l.UID != 1000 || l.GID != 100 || l.DropsGroups || l.Flags != 0 || l.Forks {
		t.Errorf("%+v", l)
	}
	for _, name := range []string{"maps.setgroups", "maps.uid", "maps.gid", "ids.uid", "ids.groups"} {
		if l.Index(name) >= 0 {
			t.Errorf("op %q without a user namespace", name)
		}
	}
}

func TestMapText(t *testing.T) {
	for _, c := range []struct {
		lines []MapLine
		want  string
	}{
		{nil, ""},
		{[]MapLine{{1000, 1000, 1}}, "1000 1000 1\n"},
		{[]MapLine{{0, 0x70000000, 65536}, {math.MaxUint32, math.MaxUint32, math.MaxUint32}}, "0 1879048192 65536\n4294967295 4294967295 4294967295\n"},
	} {
		if got := mapText(c.lines); got != c.want {
			t.Errorf("%v: %q, want %q", c.lines, got, c.want)
		}
	}
}

// TestCloseRanges: what is closed is exactly what is neither inherited nor the
// set-up's own.
func TestCloseRanges(t *testing.T) {
	type span struct{ first, last uint64 }
	const end = math.MaxUint32
	for _, c := range []struct {
		inherit []int
		base    int
		want    []span
	}{
		{nil, 40, []span{{0, 39}, {47, end}}},
		{nil, 0, []span{{7, end}}},
		{[]int{0, 1, 2}, 40, []span{{3, 39}, {47, end}}},
		{[]int{0, 1, 2}, 3, []span{{10, end}}},
		{[]int{0, 2, 5}, 40, []span{{1, 1}, {3, 4}, {6, 39}, {47, end}}},
		{[]int{39, 47}, 40, []span{{0, 38}, {48, end}}},
		{[]int{100}, 40, []span{{0, 39}, {47, 99}, {101, end}}},
		{[]int{2, 0, 1, 1}, 40, []span{{3, 39}, {47, end}}},
		{[]int{end}, 40, []span{{0, 39}, {47, end - 1}}},
	} {
		b := &builder{policy: &policy.Policy{Process: policy.Process{InheritFDs: c.inherit}}, host: &Host{FDBase: c.base}, plan: &Plan{}}
		before := slices.Clone(c.inherit)
		b.descriptors()
		var got []span
		for _, o := range b.plan.Ops {
			got = append(got, span{o.Args[0].Value, o.Args[1].Value})
			if o.Call != "close_range" || o.Args[2].Value != 0 {
				t.Errorf("inherit %v: %s", c.inherit, &o)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("inherit %v, base %d: closes %v, want %v", c.inherit, c.base, got, c.want)
		}
		if !slices.Equal(before, c.inherit) {
			t.Errorf("the policy's list is now %v", c.inherit)
		}
	}
}
