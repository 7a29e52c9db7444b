package plan_test

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/go-multierror"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
	"github.com/netjail/netjail/profiles"
)

var update = flag.Bool("update", false, "rewrite testdata")

// ordinaryUser is a host as an ordinary user sees it.
func ordinaryUser() *plan.Host {
	return &plan.Host{
		PID: 4711, UID: 1000, GID: 100, Groups: []uint32{100, 27}, Hostname: "box",
		LastCap: int(caps.Last), FDBase: 40, NoFile: plan.Limit{Soft: 1024, Hard: 524288},
		Limits:    callersLimits(),
		Landlock:  7,
		SubUIDs:   plan.Subordinate{Ranges: []plan.Range{{First: 100000, Size: 65536}}},
		SubGIDs:   plan.Subordinate{Ranges: []plan.Range{{First: 100000, Size: 50}, {First: 300000, Size: 65486}}},
		UIDMapper: plan.Mapper{Path: "/usr/bin/newuidmap"}, GIDMapper: plan.Mapper{Path: "/usr/bin/newgidmap"},
		Joined: joinable(),
	}
}

// callersLimits are the hard limits of a caller who has none but on open files.
func callersLimits() (all [plan.LimitCount]plan.Limit) {
	for i := range all {
		all[i] = plan.Limit{Soft: 0, Hard: policy.Unlimited}
	}
	all[policy.RlimitNoFile] = plan.Limit{Soft: 1024, Hard: 524288}
	return all
}

// joinable are the namespaces of one jail, those that can be joined.
func joinable() (all [ns.Count]plan.Joined) {
	const user = 4026532000
	for _, k := range []ns.Kind{ns.User, ns.Network, ns.IPC, ns.UTS, ns.Cgroup, ns.Time, ns.PID, ns.Mount} {
		all[k] = plan.Joined{
			Path: "/proc/72/ns/" + k.Link(), Owner: user,
			Node: tree.Node{Device: 4, Inode: user + uint64(k), Type: 0o100000},
		}
	}
	all[ns.User].Owner, all[ns.User].Own = 4026531837, true
	return all
}

// joined is a policy that joins namespaces, and makes those of time.
func joined(t testing.TB) *policy.Policy {
	p := plain(t)
	p.Loopback = policy.Loopback{}
	for _, k := range []ns.Kind{ns.User, ns.Network, ns.UTS} {
		p.Namespaces[k], p.Joined[k] = policy.NamespaceJoin, "/proc/72/ns/"+k.Link()
	}
	p.Namespaces[ns.Time] = policy.NamespaceNew
	return p
}

// joinedPID is a policy that joins the pid namespace of a jail as well, and shows its
// processes in a tree of the command's own.
func joinedPID(t testing.TB) *policy.Policy {
	p := joined(t)
	p.Filesystem = bundled(t, "offline").Filesystem
	p.Namespaces[ns.PID], p.Joined[ns.PID] = policy.NamespaceJoin, "/proc/72/ns/pid"
	return p
}

// subordinate is a policy with both maps from the caller's ranges.
func subordinate(t testing.TB) *policy.Policy {
	p := bundled(t, "minimal")
	p.UIDMappings.Kind, p.GIDMappings.Kind = policy.MappingSubordinate, policy.MappingSubordinate
	return p
}

// root is the same host as root sees it.
func root() *plan.Host {
	h := ordinaryUser()
	h.UID, h.GID, h.Groups, h.Caps = 0, 0, []uint32{0}, caps.All
	h.RootRange = plan.Range{First: 0x70000000, Size: 65536}
	return h
}

// hosts are both, by the name that a test gives to its case.
var hosts = []namedHost{
	{"user", ordinaryUser},
	{"root", root},
}

type namedHost struct {
	name string
	host func() *plan.Host
}

// bundled is a bundled profile's policy, for the test to change.
func bundled(t testing.TB, name string) *policy.Policy {
	t.Helper()
	r, ok := profiles.Lookup(name)
	if !ok {
		t.Fatalf("no bundled profile %q", name)
	}
	return r.Policy
}

// plain is offline with the caller's files: what is made of a layout has tests of
// its own.
func plain(t testing.TB) *policy.Policy {
	p := bundled(t, "offline")
	p.Filesystem, p.Sockets.Unix = bundled(t, "base").Filesystem, policy.UnixDeny
	return p
}

// full is a policy that asks for an op of every kind.
func full(t testing.TB) *policy.Policy {
	p := plain(t)
	p.Process.Hostname = "jail"
	p.Process.InheritFDs = []int{0, 1, 2, 5}
	p.Process.Rlimits = []policy.Rlimit{{Type: policy.RlimitNoFile, Soft: 512, Hard: 1024}, {Type: 9, Soft: 1 << 30, Hard: policy.Unlimited}}
	p.Process.Umask = policy.Umask{Own: true, Mask: 0o027}
	p.Process.Timeout = 5400
	p.Loopback.Addresses = []inet.Prefix{
		inet.MustParsePrefix("127.0.0.1/8"),
		inet.MustParsePrefix("127.0.0.53/32"),
	}
	bind := caps.Of(caps.NetBindService)
	p.Capabilities.Sets = caps.Sets{
		Bounding:  bind.Add(caps.NetRaw).Add(caps.AuditRead),
		Permitted: bind.Add(caps.NetRaw), Effective: bind,
		Inheritable: bind, Ambient: bind,
	}
	p.UIDMappings = policy.Mappings{Kind: policy.MappingList, List: []policy.IDMapping{{ContainerID: 0, HostCaller: true, Size: 1}}}
	p.GIDMappings = p.UIDMappings
	return p
}

func command() *plan.Command {
	return &plan.Command{
		Path: "/bin/prog",
		Argv: []string{"prog", "-v", "a b", "tab\t", "5", "6", "7", "8"},
		Env:  []string{"PATH=/bin", "API=hunter2"},
	}
}

// everyAttempt are the options of `netjail audit`.
var everyAttempt = plan.Options{
	Full: true, Listener: 8080, Unix: lured.Unix, Baits: everyBait, Late: true,
	Victim:    &plan.Victim{PID: 4712, Word: 0x7f0000001000, Mark: 0x7f0000001008, FD: 3, Limit: plan.Limit{Soft: 1 << 19, Hard: policy.Unlimited}},
	NetHandle: &plan.Handle{Type: 0xf1, Bytes: []byte("sixteen bytes of")},
}

// everyBait is one of each kind.
var everyBait = &plan.Baits{
	Token: []byte("0123456789abcdef"),
	Services: []plan.Service{
		{Address: inet.AddrPortFrom(inet.AddrFrom4([4]byte{127, 0, 0, 1}), 4711)},
		{Address: inet.AddrPortFrom(inet.AddrFrom4([4]byte{127, 0, 0, 1}), 4712), Datagram: true},
		{Address: inet.AddrPortFrom(inet.IPv6Loopback(), 4713)},
	},
	SysV: &plan.SysV{Memory: 1, Semaphores: 2, Messages: 3}, Queue: "bait", FIFOs: []string{"/tmp/bait-fifo", "/run/bait-fifo"},
	Memory: "/dev/shm/bait", Key: "bait",
}

// built is a plan that must not be refused.
func built(t testing.TB, p *policy.Policy, h *plan.Host, o plan.Options) *plan.Plan {
	t.Helper()
	l, err := plan.Build(p, h, command(), o)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return l
}

// refused are the refusals in an error of Build.
func refused(t testing.TB, err error) []*plan.Refusal {
	t.Helper()
	if err == nil {
		return nil
	}
	var all *multierror.Error
	if !errors.As(err, &all) {
		t.Fatalf("Build: %T, want a list of refusals: %v", err, err)
	}
	list := make([]*plan.Refusal, len(all.Errors))
	for i, e := range all.Errors {
		if !errors.As(e, &list[i]) {
			t.Fatalf("Build: %T, want a refusal: %v", e, e)
		}
	}
	return list
}

// golden compares got with a file of testdata, or rewrites that.
func golden(t *testing.T, file, got string) {
	t.Helper()
	file = "testdata/" + file
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wants, gots := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(wants), len(gots)) {
		if i >= len(wants) || i >= len(gots) || wants[i] != gots[i] {
			t.Fatalf("%s:%d differs (rewrite with -update)\n got %q\nwant %q", file, i+1, at(gots, i), at(wants, i))
		}
	}
}

// at is a line, or nothing behind the end.
func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}

// makes says whether a plan makes a new namespace.
func makes(p *plan.Plan, k ns.Kind) bool {
	if k == ns.Time {
		return p.Index("time") >= 0
	}
	if i := p.Index(plan.JoinCloneOp); i >= 0 {
		return p.Ops[i].Args[0].Value&uint64(k.CloneFlag()) != 0
	}
	return p.Flags&k.CloneFlag() != 0
}
