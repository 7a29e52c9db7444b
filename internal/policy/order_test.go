package policy

import (
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

// TestEveryKeyIsOrdered: a key without an order would be looser than anything.
func TestEveryKeyIsOrdered(t *testing.T) {
	named := 0
	for _, k := range Keys() {
		if k.write == nil {
			continue
		}
		if _, ok := orders()[k.Path]; !ok {
			t.Errorf("%s has no order", k.Path)
		}
		named++
	}
	if named != len(orders()) {
		t.Errorf("%d keys have a value, %d an order", named, len(orders()))
	}
}

// variant is a change of a policy. Its name is what the change does, beside the
// default.
type variant struct {
	key    string
	change func(*Policy)
	want   Direction
}

var variants = []variant{
	{"name", func(p *Policy) { p.Name = "x" }, Neutral},
	{"namespaces.network", func(p *Policy) { p.Namespaces[ns.Network] = NamespaceHost }, Looser},
	{"namespaces.network", func(p *Policy) { p.Namespaces[ns.Network], p.Joined[ns.Network] = NamespaceJoin, "/run/netns/a" }, Looser},
	{"namespaces.time", func(p *Policy) { p.Namespaces[ns.Time] = NamespaceNew }, Tighter},
	{"uidMappings", func(p *Policy) { p.UIDMappings.Kind = MappingSubordinate }, Incomparable},
	{"setgroups", func(p *Policy) { p.Setgroups = SetgroupsAllow }, Looser},
	{"loopback", func(p *Policy) { p.Loopback.State = LinkUp }, Looser},
	{"capabilities", func(p *Policy) { p.Capabilities.Sets.Bounding = caps.Of(caps.NetRaw) }, Looser},
	{"capabilities", func(p *Policy) { p.Capabilities.Host = true }, Looser},
	{"acceptsHostRoot", func(p *Policy) { p.AcceptsHostRoot = true }, Looser},
	{"noNewPrivileges", func(p *Policy) { p.NewPrivileges = true }, Looser},
	{"nestedUserNamespaces", func(p *Policy) { p.NestedUserNamespaces = NestingAllow }, Looser},
	{"sockets.families", func(p *Policy) { p.Sockets.Families = nil }, Tighter},
	{"sockets.families", func(p *Policy) { p.Sockets.Families = []Family{familyInet, familyPacket} }, Incomparable},
	{"sockets.families", func(p *Policy) { p.Sockets.HostFamilies, p.Sockets.Families = true, nil }, Looser},
	{"sockets.unix", func(p *Policy) { p.Sockets.Unix = UnixIsolated }, Looser},
	{"sockets.unix", func(p *Policy) { p.Sockets.Unix, p.Sockets.UnixAllowed = UnixAllow, []string{"/run/a"} }, Looser},
	{"filesystem.root", func(p *Policy) { p.Filesystem.Root = RootEmpty }, Tighter},
	{"filesystem.root", func(p *Policy) { p.Filesystem.Root = RootReadonly }, Looser},
	{"filesystem.home", func(p *Policy) { p.Filesystem.Home = HomeEphemeral }, Looser},
	{"filesystem.writable", func(p *Policy) { p.Filesystem.Writable = []string{"project"} }, Looser},
	{"filesystem.protected", func(p *Policy) { p.Filesystem.Protected.Kind = PathsNone }, Looser},
	{"filesystem.hidden", func(p *Policy) { p.Filesystem.Hidden = PathList{PathsListed, []string{"/etc/x"}} }, Incomparable},
	{"filesystem.private", func(p *Policy) { p.Filesystem.Private = nil }, Looser},
	{"filesystem.private", func(p *Policy) { p.Filesystem.Private = append(p.Filesystem.Private[:3:3], "/srv") }, Tighter},
	{"filesystem.mounts", func(p *Policy) { p.Filesystem.Mounts = []Mount{{Destination: "/a", Type: "bind", Source: "/a"}} }, Incomparable},
	{"filesystem.mounts", func(p *Policy) {
		p.Filesystem.Mounts = []Mount{{Destination: "/a", Type: "bind", Source: "/b", Options: []string{"rw"}}}
	}, Incomparable},
	{"filesystem.mounts", func(p *Policy) {
		p.Filesystem.Mounts = []Mount{{Destination: "/a", Type: "bind", Source: "/a", Options: []string{"rw"}}}
	}, Looser},
	{"filesystem.mounts", func(p *Policy) { p.Filesystem.Mounts = []Mount{{Destination: "/a", Type: "tmpfs"}} }, Tighter},
	{"process.environment.pass", func(p *Policy) { p.Process.Environment.Pass = []string{"*"} }, Looser},
	{"process.environment.pass", func(p *Policy) { p.Process.Environment.Pass = []string{"LC_ALL"} }, Tighter},
	{"process.environment.pass", func(p *Policy) { p.Process.Environment.Pass = []string{"LC_ALL", "CI"} }, Incomparable},
	{"process.environment.set", func(p *Policy) { p.Process.Environment.Set = []Variable{{"A", "b"}} }, Incomparable},
	{"process.inheritFds", func(p *Policy) { p.Process.InheritFDs = []int{0, 1} }, Tighter},
	{"process.dieWithParent", func(p *Policy) { p.Process.OutliveParent = true }, Looser},
	{"process.hostname", func(p *Policy) { p.Process.Hostname = "jail" }, Tighter},
	{"process.stdioSockets", func(p *Policy) { p.Process.StdioSockets = StdioRefuse }, Tighter},
	{"process.stdioSockets", func(p *Policy) { p.Process.StdioSockets = StdioPass }, Looser},
	{"process.terminal", func(p *Policy) { p.Process.Terminal = TerminalHost }, Looser},
	{"process.rlimits", func(p *Policy) { p.Process.Rlimits = []Rlimit{{RlimitNoFile, 64, 64}} }, Tighter},
	{"process.coreDumps", func(p *Policy) { p.Process.CoreDumps = CoreDumpsInherited }, Looser},
	{"process.umask", func(p *Policy) { p.Process.Umask = Umask{true, 0o077} }, Incomparable},
	{"process.keyring", func(p *Policy) { p.Process.Keyring = KeyringHost }, Looser},
	{"process.timeout", func(p *Policy) { p.Process.Timeout = 600 }, Tighter},
	{"prefer", func(p *Policy) { p.Prefer = []string{"namespaces.cgroup"} }, Looser},
	{"audit.mode", func(p *Policy) { p.Audit.Mode = AuditReport }, Looser},
	{"audit.waivers", func(p *Policy) { p.Audit.Waivers = []Waiver{{"fs.remote", "on purpose"}} }, Looser},
}

// TestDiff changes one key of the default: that key alone is told, with its
// direction, and with the opposite one on the way back.
func TestDiff(t *testing.T) {
	seen := map[string]bool{}
	for i, v := range variants {
		a, b := Default(), Default()
		v.change(&b)
		seen[v.key] = true
		got, back := of(v.key, Diff(&a, &b)), of(v.key, Diff(&b, &a))
		if got == nil || back == nil || got.Direction != v.want || back.Direction != v.want.reverse() {
			t.Errorf("%d %s: got %+v, and back %+v, want %s", i, v.key, got, back, v.want)
		}
		if Loosens(Diff(&a, &b)) != v.want.Loosens() {
			t.Errorf("%d %s: another key loosens: %+v", i, v.key, Diff(&a, &b))
		}
	}
	for key := range orders() {
		if !seen[key] && key != "apiVersion" && key != "description" && key != "gidMappings" && len(key) > 0 && key[:3] != "nam" {
			t.Errorf("no variant changes %s", key)
		}
	}
}

func of(key string, changes []Change) *Change {
	for i := range changes {
		if changes[i].Key == key {
			return &changes[i]
		}
	}
	return nil
}

// TestOrdersAreOrders holds each order to what makes it one: nothing changes
// from a policy to itself, the way back is the opposite, and two steps in one
// direction do not end up in the other.
func TestOrdersAreOrders(t *testing.T) {
	all := []Policy{Default()}
	for _, v := range variants {
		p := Default()
		v.change(&p)
		all = append(all, p)
	}
	for key, o := range orders() {
		for i := range all {
			a := &all[i]
			if d := o(a, a); d != Neutral {
				t.Fatalf("%s: %s from itself", key, d)
			}
			for j := range all {
				b := &all[j]
				if o(a, b) != o(b, a).reverse() {
					t.Fatalf("%s: %d to %d is %s, and back %s", key, i, j, o(a, b), o(b, a))
				}
				for k := range all {
					c := &all[k]
					if o(a, b) == Tighter && o(b, c) == Tighter && o(a, c) != Tighter {
						t.Fatalf("%s: %d, %d, %d: tighter twice is %s", key, i, j, k, o(a, c))
					}
				}
			}
		}
	}
}

// TestNamesBesidePatterns: what a pattern leaves out is more when it is written in
// full, and what the pattern holds is not.
func TestNamesBesidePatterns(t *testing.T) {
	for name, want := range map[string]Direction{"A_TOKEN": Looser, "LISTEN_FDS": Looser, "CI": Neutral} {
		a, b := Default(), Default()
		a.Process.Environment.Pass, b.Process.Environment.Pass = []string{"*"}, []string{"*", name}
		if got := orders()["process.environment.pass"](&a, &b); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestDiffTellsWords(t *testing.T) {
	a, b := Default(), Default()
	b.Loopback.State = LinkUp
	got := of("loopback", Diff(&a, &b))
	if got == nil || got.From != "down" || got.To != "up" || got.Means == "" {
		t.Errorf("%+v", got)
	}
}
