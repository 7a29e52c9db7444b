package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// list is a map that the profile spells out.
func list(lines ...policy.IDMapping) policy.Mappings {
	return policy.Mappings{Kind: policy.MappingList, List: lines}
}

// TestRefusals lists what a host cannot enforce: the key, a part of the cause and
// a part of the help.
func TestRefusals(t *testing.T) {
	type want struct{ key, cause, help string }
	for _, c := range []struct {
		name   string
		host   *plan.Host
		change func(*policy.Policy, *plan.Host)
		want   []want
	}{
		{"nothing, as a user", ordinaryUser(), func(*policy.Policy, *plan.Host) {}, nil},
		{"nothing, as root", root(), func(*policy.Policy, *plan.Host) {}, nil},
		{
			"hard limits above the caller's", root(),
			func(p *policy.Policy, h *plan.Host) {
				p.Process.Rlimits = []policy.Rlimit{
					{Type: policy.RlimitNoFile, Soft: 1024, Hard: policy.Unlimited},
					{Type: 6, Soft: 10, Hard: 10}, // as high as the caller's
					{Type: 9, Soft: 1, Hard: 4097},
				}
				h.Limits[6].Hard, h.Limits[9].Hard = 10, 4096
			},
			[]want{
				{"process.rlimits", "RLIMIT_NOFILE, unlimited, is above the caller's, 524288", "prlimit --nofile=1024:unlimited"},
				{"process.rlimits", "RLIMIT_AS, 4097, is above the caller's, 4096", "write at most 4096"},
			},
		},
		{
			"pid namespace without mount namespace", ordinaryUser(),
			func(p *policy.Policy, _ *plan.Host) { p.Namespaces[ns.Mount] = policy.NamespaceHost },
			[]want{{"namespaces.pid", "/proc", "mount: new"}},
		},
		{
			"the host's user namespace as root", root(),
			func(p *policy.Policy, _ *plan.Host) { p.Namespaces[ns.User] = policy.NamespaceHost },
			[]want{{"namespaces.user", "host's root", "user: new"}},
		},
		{
			"the host's user namespace as root, only reported", root(),
			func(p *policy.Policy, _ *plan.Host) {
				p.Namespaces[ns.User] = policy.NamespaceHost
				p.Audit.Mode = policy.AuditReport
			},
			[]want{{"namespaces.user", "host's root", "acceptsHostRoot: true"}},
		},
		{
			"the host's user namespace as root, accepted", root(),
			func(p *policy.Policy, _ *plan.Host) {
				p.Namespaces[ns.User] = policy.NamespaceHost
				p.AcceptsHostRoot = true
			},
			nil,
		},
		{
			"the host's user namespace as a user", ordinaryUser(),
			func(p *policy.Policy, _ *plan.Host) { p.Namespaces[ns.User] = policy.NamespaceHost },
			[]want{
				{"namespaces.network", "CAP_SYS_ADMIN", "user: new"},
				{"namespaces.mount", "CAP_SYS_ADMIN", "user: new"},
				{"namespaces.pid", "CAP_SYS_ADMIN", "user: new"},
				{"namespaces.ipc", "CAP_SYS_ADMIN", "user: new"},
				{"namespaces.uts", "CAP_SYS_ADMIN", "user: new"},
				{"namespaces.cgroup", "CAP_SYS_ADMIN", "user: new"},
				{"capabilities", "CAP_SETPCAP", "capabilities: host"},
			},
		},
		{
			"the host's user namespace as a user with the capabilities for it", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.Namespaces[ns.User] = policy.NamespaceHost
				h.Caps = caps.Of(caps.SysAdmin, caps.Setpcap)
			},
			nil,
		},
		{
			"no range for root", root(),
			func(_ *policy.Policy, h *plan.Host) {
				h.RootRange, h.RootRangeWhy = plan.Range{}, "/etc/subuid:3: 1 fields"
			},
			[]want{{"uidMappings", "/etc/subuid:3: 1 fields", "ordinary user"}},
		},
		{
			"root that may not look at its jail", root(),
			func(_ *policy.Policy, h *plan.Host) { h.Caps = h.Caps.Without(caps.Of(caps.SysPtrace)) },
			[]want{{"uidMappings", "lacks CAP_SYS_PTRACE", "--cap-add SYS_PTRACE"}},
		},
		{
			"root that may not look at its jail, and need not", root(),
			func(p *policy.Policy, h *plan.Host) {
				h.Caps = h.Caps.Without(caps.Of(caps.SysPtrace))
				p.Audit.Mode = policy.AuditReport
			},
			nil,
		},
		{
			"somebody else's id", ordinaryUser(),
			func(p *policy.Policy, _ *plan.Host) {
				p.UIDMappings = list(policy.IDMapping{HostID: 1001, Size: 1})
				p.GIDMappings = list(policy.IDMapping{HostID: 100, Size: 1})
			},
			[]want{{"uidMappings", "his own id, 1000,", "uidMappings: caller"}},
		},
		{
			"two lines", ordinaryUser(),
			func(p *policy.Policy, _ *plan.Host) {
				p.GIDMappings = list(policy.IDMapping{HostCaller: true, Size: 1}, policy.IDMapping{ContainerID: 1, HostID: 27, Size: 1})
			},
			[]want{{"gidMappings", "his own id, 100,", "gidMappings: caller"}},
		},
		{
			"a range", ordinaryUser(),
			func(p *policy.Policy, _ *plan.Host) { p.UIDMappings = list(policy.IDMapping{HostID: 1000, Size: 2}) },
			[]want{{"uidMappings", "size 1", "hostID: caller"}},
		},
		{
			"any map for root", root(),
			func(p *policy.Policy, _ *plan.Host) {
				p.UIDMappings = list(policy.IDMapping{HostID: 1001, Size: 70000}, policy.IDMapping{ContainerID: 70000, HostCaller: true, Size: 1})
				p.Setgroups = policy.SetgroupsAllow
			},
			nil,
		},
		{
			"setgroups", ordinaryUser(),
			func(p *policy.Policy, _ *plan.Host) { p.Setgroups = policy.SetgroupsAllow },
			[]want{{"setgroups", "denied first", "setgroups: deny"}},
		},
		{
			"no subordinate ids, and no programs", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.UIDMappings.Kind, p.GIDMappings.Kind = policy.MappingSubordinate, policy.MappingSubordinate
				h.SubUIDs = plan.Subordinate{Why: "no ids", Help: "add a line"}
				h.SubGIDs = plan.Subordinate{Ranges: []plan.Range{{First: 100000, Size: 10}}}
				h.GIDMapper = plan.Mapper{Path: "/usr/bin/newgidmap", Why: "there is none", Help: "install it"}
			},
			[]want{{"uidMappings", "no ids", "add a line"}, {"gidMappings", "there is none", "install it"}},
		},
		{
			"no programs, which root has no use for", root(),
			func(p *policy.Policy, h *plan.Host) {
				p.UIDMappings.Kind = policy.MappingSubordinate
				h.SubUIDs = plan.Subordinate{Ranges: []plan.Range{{First: 100000, Size: 10}}}
				h.UIDMapper = plan.Mapper{Path: "/usr/bin/newuidmap", Why: "there is none", Help: "install it"}
			},
			nil,
		},
		{
			"no subordinate ids of root's", root(),
			func(p *policy.Policy, h *plan.Host) {
				p.GIDMappings.Kind = policy.MappingSubordinate
				h.SubGIDs = plan.Subordinate{Why: "no ids", Help: "add a line"}
			},
			[]want{{"gidMappings", "no ids", "add a line"}},
		},
		{
			"more ranges than the kernel takes", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.UIDMappings.Kind = policy.MappingSubordinate
				for i := range uint32(300) {
					h.SubUIDs.Ranges = append(h.SubUIDs.Ranges, plan.Range{First: 100000 + 100*i, Size: 10})
				}
			},
			[]want{{"uidMappings", "of which the kernel takes 4095", "fewer"}},
		},
		{
			"setgroups, with a map that newgidmap writes", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.GIDMappings.Kind, p.Setgroups = policy.MappingSubordinate, policy.SetgroupsAllow
				h.SubGIDs.Ranges = []plan.Range{{First: 100000, Size: 10}}
			},
			nil,
		},
		{
			"a namespace that cannot be joined", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.Namespaces[ns.User], p.Namespaces[ns.IPC] = policy.NamespaceJoin, policy.NamespaceJoin
				h.Joined[ns.User].Why, h.Joined[ns.User].Help = "it is gone", "look for it"
			},
			[]want{{"namespaces.user", "it is gone", "look for it"}},
		},
		{
			"kinds that are not joined", root(),
			func(p *policy.Policy, _ *plan.Host) {
				p.Namespaces[ns.Mount], p.Namespaces[ns.PID] = policy.NamespaceJoin, policy.NamespaceHost
			},
			[]want{{"namespaces.mount", "not joined", "new"}},
		},
		{
			"a network namespace without its user namespace, as a user", ordinaryUser(),
			func(p *policy.Policy, _ *plan.Host) { p.Namespaces[ns.Network] = policy.NamespaceJoin },
			[]want{{"namespaces.network", "user:[4026532000] that owns it", "user: {join:"}},
		},
		{
			"the host's network namespace, as a user", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.Namespaces[ns.Network] = policy.NamespaceJoin
				h.Joined[ns.Network].Own = true
			},
			[]want{{"namespaces.network", "netjail's own user namespace", "as root"}},
		},
		{
			"the same as root", root(),
			func(p *policy.Policy, _ *plan.Host) { p.Namespaces[ns.Network] = policy.NamespaceJoin },
			nil,
		},
		{
			"namespaces of two jails", root(),
			func(p *policy.Policy, h *plan.Host) {
				p.Namespaces[ns.User], p.Namespaces[ns.Network] = policy.NamespaceJoin, policy.NamespaceJoin
				h.Joined[ns.Network].Owner = 5
			},
			[]want{{"namespaces.network", "belongs to user:[5]", "one jail"}},
		},
		{
			"a namespace of a user namespace outside netjail's", root(),
			func(p *policy.Policy, h *plan.Host) {
				p.Namespaces[ns.Network] = policy.NamespaceJoin
				h.Joined[ns.Network].Owner = 0
			},
			[]want{{"namespaces.network", "outside netjail's own", "outside"}},
		},
		{
			"a name for a namespace that is joined", ordinaryUser(),
			func(p *policy.Policy, _ *plan.Host) {
				p.Namespaces[ns.User], p.Namespaces[ns.UTS], p.Process.Hostname = policy.NamespaceJoin, policy.NamespaceJoin, "jail"
			},
			[]want{{"process.hostname", "not the command's own", "uts: new"}},
		},
		{
			"no time namespaces", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.Namespaces[ns.Time] = policy.NamespaceNew
				h.TimeWhy = "this kernel has none"
			},
			[]want{{"namespaces.time", "has none", "time: host"}},
		},
		{
			"a capability of a newer kernel", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				h.LastCap = int(caps.AuditRead)
				p.Capabilities.Sets.Bounding = caps.Of(caps.AuditRead, caps.CheckpointRestore)
			},
			[]want{{"capabilities", "CAP_CHECKPOINT_RESTORE", "out of the list"}},
		},
		{
			"closed descriptors", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.Process.InheritFDs = []int{0, 1, 5, 7}
				h.ClosedFDs = []int{1, 7}
			},
			[]want{
				{"process.inheritFds", "descriptor 1 is not open", "1</dev/null"},
				{"process.inheritFds", "descriptor 7 is not open", "7</dev/null"},
			},
		},
		{
			"everything at once", ordinaryUser(),
			func(p *policy.Policy, h *plan.Host) {
				p.Filesystem.Root = policy.RootSystem
				p.Namespaces[ns.Mount] = policy.NamespaceHost
				p.UIDMappings = list(policy.IDMapping{HostID: 5, Size: 1})
				p.GIDMappings = list(policy.IDMapping{HostID: 5, Size: 1})
				p.Setgroups = policy.SetgroupsAllow
				p.Capabilities.Sets.Ambient = caps.Of(caps.CheckpointRestore)
				h.LastCap = int(caps.AuditRead)
				h.ClosedFDs = []int{2}
			},
			[]want{
				{"filesystem.root", "", ""},
				{"namespaces.pid", "", ""},
				{"uidMappings", "", ""},
				{"gidMappings", "", ""},
				{"setgroups", "", ""},
				{"capabilities", "", ""},
				{"process.inheritFds", "", ""},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := bundled(t, "base")
			c.change(p, c.host)
			l, err := plan.Build(p, c.host, command(), plan.Options{})
			got := refused(t, err)
			if (l == nil) != (len(c.want) > 0) {
				t.Errorf("plan %v with %d refusals", l != nil, len(got))
			}
			if len(got) != len(c.want) {
				t.Fatalf("%d refusals, want %d: %v", len(got), len(c.want), err)
			}
			for i, w := range c.want {
				g := got[i]
				if g.Key != w.key || !strings.Contains(g.Cause, w.cause) || !strings.Contains(g.Help, w.help) {
					t.Errorf("refusal %d: %+v, want %+v", i, *g, w)
				}
				if g.Cause == "" || g.Help == "" {
					t.Errorf("refusal %d, %s, lacks its cause or its help", i, g.Key)
				}
				if g.Error() != g.Key+": "+g.Cause {
					t.Errorf("refusal %d reads %q", i, g.Error())
				}
			}
		})
	}
}

// TestNothingLeftOut: with `capabilities: host` no op touches a set, and with an
// inherited set no capability is left unmentioned.
func TestNothingLeftOut(t *testing.T) {
	p := bundled(t, "base")
	p.Capabilities.Host = true
	l := built(t, p, ordinaryUser(), plan.Options{})
	for i := range l.Ops {
		if strings.HasPrefix(l.Ops[i].Name, "caps.") {
			t.Errorf("`capabilities: host`, and yet op %q", l.Ops[i].Name)
		}
	}
	p = full(t)
	l = built(t, p, ordinaryUser(), plan.Options{})
	var all caps.Set
	for _, name := range []string{"caps.drop"} {
		for _, a := range l.Ops[l.Index(name)].Each {
			all = all.Add(caps.Cap(a.Value))
		}
	}
	if want := caps.All.Without(p.Capabilities.Sets.Bounding); all != want {
		t.Errorf("dropped %s, want %s", all, want)
	}
	raised := l.Ops[l.Index("caps.ambient.raise")].Each
	if !slices.Equal(raised, []plan.Arg{{Name: caps.NetBindService.String(), Value: uint64(caps.NetBindService)}}) {
		t.Errorf("raised %v", raised)
	}
	p.Capabilities.Sets.Bounding = caps.All
	if l = built(t, p, ordinaryUser(), plan.Options{}); l.Index("caps.drop") >= 0 {
		t.Error("a full bounding set, and yet something is dropped from it")
	}
}
