package sys_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/sys"
	"github.com/netjail/netjail/internal/tree"
	"github.com/netjail/netjail/profiles"
)

// layouts are no tree, and two that need every call that makes one.
var layouts = []*tree.Layout{nil, {Entries: []tree.Entry{
	{Kind: tree.Dir, Target: "/d"},
	{Kind: tree.File, Target: "/f"},
	{Kind: tree.Symlink, Target: "/l", Source: "f"},
	{Kind: tree.Bind, Target: "/f", Source: "/f", Options: tree.ReadOnly},
	{Kind: tree.Ephemeral, Target: "/d", Source: "/d"},
	{Kind: tree.Tmpfs, Target: "/t", Perm: 0o1777},
	{Kind: tree.Devpts, Target: "/dev/pts"},
}}, {InPlace: true, Entries: []tree.Entry{{Kind: tree.Mask, Target: "/f"}}}}

// calls are the system calls of every plan that the bundled profiles can become,
// each with the name of an op that makes it.
func calls(t *testing.T) map[string]string {
	user := plan.Host{PID: 1, UID: 1000, GID: 1000, LastCap: int(caps.Last), FDBase: 40, Ignored: 1 << 12, Landlock: plan.ScopesABI}
	for n := range user.Streams {
		user.Streams[n] = plan.Stream{Kind: plan.StreamTerminal, Number: 1, Controlling: true}
	}
	root := user
	root.UID, root.GID, root.Caps, root.RootRange = 0, 0, caps.All, plan.Range{First: 1 << 30, Size: 65536}
	found := make(map[string]string)
	for _, name := range profiles.Names() {
		profile, _ := profiles.Lookup(name)
		p := profile.Policy
		p.Process.Hostname = "jail"
		p.Loopback.Addresses = []inet.Prefix{inet.MustParsePrefix("127.0.0.53/32")}
		for i, host := range []*plan.Host{&user, &user, &user, &root} {
			host.Tree = layouts[i%len(layouts)]
			l, err := plan.Build(p, host, &plan.Command{Path: "/bin/true", Argv: []string{"true"}}, plan.Options{
				Full: true, Listener: 1, Unix: []plan.UnixTarget{{Name: "/tmp/lure"}}, Late: true,
				Victim: &plan.Victim{PID: 2}, NetHandle: &plan.Handle{},
				Baits: &plan.Baits{SysV: &plan.SysV{}, Queue: "bait", Memory: "/dev/shm/bait", Key: "bait"},
			})
			if err != nil {
				continue // the host's uts namespace and a hostname, for example
			}
			for i := range l.Ops {
				if l.Ops[i].Actor != plan.Parent {
					if l.Ops[i].Number > 0 {
						continue // a probe of the filter brings its own
					}
					found[l.Ops[i].Call] = l.Ops[i].Name
				}
			}
		}
	}
	for call, op := range joiningCalls(t, &user) {
		found[call] = op
	}
	delete(found, plan.Word)
	delete(found, plan.SameFile)
	delete(found, plan.Compat)
	return found
}

// joiningCalls are the calls of a plan that joins namespaces and makes one of time.
func joiningCalls(t *testing.T, h *plan.Host) map[string]string {
	t.Helper()
	p := policy.Policy{Filesystem: policy.Filesystem{Root: policy.RootHost}}
	host := *h
	host.Tree = nil
	p.Namespaces[ns.User] = policy.NamespaceJoin
	host.Joined[ns.User].Node.Inode = 1
	l, err := plan.Build(&p, &host, &plan.Command{Path: "/bin/true", Argv: []string{"true"}}, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]string)
	for i := range l.Ops {
		if o := &l.Ops[i]; o.Actor != plan.Parent && o.Number == 0 {
			found[o.Call] = o.Name
		}
	}
	return found
}

// TestNumber: the kernel's number is known for every call of a plan, and no call
// is known that no plan makes.
func TestNumber(t *testing.T) {
	used := calls(t)
	if len(used) < 25 {
		t.Fatalf("the plans make only %d calls: %v", len(used), used)
	}
	for call, op := range used {
		if _, ok := sys.Number(call); !ok {
			t.Errorf("op %q: the number of %q is not known", op, call)
		}
	}
	source, err := os.ReadFile("number.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[uint64]string)
	for _, m := range regexp.MustCompile(`case "(\w+)":\n\t\treturn unix\.SYS_(\w+), true`).FindAllStringSubmatch(string(source), -1) {
		if used[m[1]] == "" {
			t.Errorf("no plan makes the call %q", m[1])
		}
		if strings.ToUpper(m[1]) != m[2] {
			t.Errorf("%q has the number of %s", m[1], m[2])
		}
		n, ok := sys.Number(m[1])
		if !ok || seen[n] != "" {
			t.Errorf("%q has the number %d, %t, and so has %q", m[1], n, ok, seen[n])
		}
		seen[n] = m[1]
	}
	if len(seen) < len(used) {
		t.Errorf("read %d calls of number.go, the plans make %d", len(seen), len(used))
	}
	for _, name := range []string{"", "fork", "PRCTL", plan.Word, plan.SameFile, plan.Compat, plan.Pretend, plan.DeedAudit} {
		if n, ok := sys.Number(name); ok {
			t.Errorf("%q is call %d", name, n)
		}
	}
}
