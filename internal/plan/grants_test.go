package plan_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
	"github.com/netjail/netjail/internal/tree"
)

// disk is a host's files: paths that end in a slash are directories.
type disk map[string]tree.Node

func newDisk() disk {
	d := disk{"/": node(1, dirType)}
	for i, p := range strings.Fields("/boot/ /dev/pts/ /dev/shm/ /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty " +
		"/etc/passwd /etc/ssl/private/key /home/me/.ssh/id /home/me/src/app/.git/hooks/ /home/me/src/app/.git/config /home/me/src/app/main.go " +
		"/home/me/src/app/Makefile /home/me/.cache/go-build/x /home/you/x /opt/tool /proc/sys/ /proc/kcore /root/ /run/user/x /run/postgresql/.s.PGSQL.5432 " +
		"/srv/data/x /sys/ /tmp/x /usr/lib/ /usr/bin/true /var/tmp/x /var/lib/x") {
		kind := uint32(fileType)
		if strings.HasSuffix(p, "/") {
			p, kind = strings.TrimSuffix(p, "/"), dirType
		}
		if strings.HasPrefix(p, "/dev/") && kind == fileType {
			kind = deviceType
		}
		d[p] = node(uint64(100+i), kind)
		for at := p[:strings.LastIndexByte(p, '/')]; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
			if _, ok := d[at]; !ok {
				d[at] = node(uint64(1000+len(d)), dirType)
			}
		}
	}
	d["/run/postgresql/.s.PGSQL.5432"] = node(99, 0o140000)
	return d
}

func (d disk) Lstat(path string) (tree.Node, bool)   { n, ok := d[path]; return n, ok }
func (d disk) Readlink(string) (string, error)       { return "", errors.New("no link") }
func (d disk) ReadText(string) (text string, _ bool) { return "", false }
func (d disk) ReadDir(dir string) ([]string, error) {
	var names []string
	for p := range d {
		if rest, ok := strings.CutPrefix(p, strings.TrimSuffix(dir, "/")+"/"); ok && rest != "" && !strings.Contains(rest, "/") {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return names, nil
}

// samples are the files of which is asked what becomes of them.
func (d disk) samples() []string {
	var out []string
	for p, n := range d {
		if n.Type == fileType && !strings.HasPrefix(p, "/dev/") && !strings.HasPrefix(p, "/proc/") {
			out = append(out, p)
		}
	}
	return out
}

// facts are those of an ordinary user on that disk.
func diskFacts() *tree.Facts {
	f := &tree.Facts{UID: 1000, Home: "/home/me", Workdir: "/home/me/src/app", Command: "/usr/bin/true"}
	for i, m := range []string{"ext4 /", "proc /proc", "sysfs /sys", "devtmpfs /dev", "tmpfs /run"} {
		kind, point, _ := strings.Cut(m, " ")
		f.Mounts = append(f.Mounts, tree.MountPoint{ID: 20 + i, Parent: 20, Device: fmt.Sprintf("0:%d", 30+i), Root: "/", Point: point, Type: kind})
	}
	f.Mounts[0].Parent = 1
	return f
}

// able is what a command may do under a policy: words for what it is given, and
// for what its plan takes away.
type able struct {
	given, taken map[string]bool
	ops          []string
}

// ables is nil where the host refuses the policy.
func ables(t *testing.T, p *policy.Policy, h *plan.Host, d disk) *able {
	layout, err := tree.Lay(p, diskFacts(), d)
	if err != nil {
		return nil
	}
	h.Tree = layout
	l, err := plan.Build(p, h, command(), plan.Options{})
	if err != nil {
		return nil
	}
	a := &able{given: map[string]bool{}, taken: restrictions(l)}
	for _, path := range d.samples() {
		a.file(layout, path)
	}
	a.ids(p, h, l)
	a.rest(p)
	for i := range l.Ops {
		a.ops = append(a.ops, l.Ops[i].Name)
	}
	return a
}

// file says what becomes of a file of the host under its own name: the last entry
// that covers it decides.
func (a *able) file(l *tree.Layout, path string) {
	sees, writes := l.InPlace, l.InPlace
	for i := range l.Entries {
		e := &l.Entries[i]
		if !e.Kind.Mounts() || path != e.Target && !strings.HasPrefix(path, strings.TrimSuffix(e.Target, "/")+"/") {
			continue
		}
		same := e.Source == e.Target
		switch {
		case e.Kind == tree.Bind && e.Self:
			writes = writes && e.Options&tree.ReadOnly == 0
		case e.Kind == tree.Bind:
			sees, writes = same, same && e.Options&tree.ReadOnly == 0
		default:
			sees, writes = same && (e.Kind == tree.Overlay || e.Kind == tree.Ephemeral), false
		}
	}
	a.give("sees "+path, sees)
	a.give("writes "+path, writes)
}

func (a *able) give(word string, yes bool) {
	if yes {
		a.given[word] = true
	}
}

// ids are those of which the command may take one. Without a new user namespace
// these are all that it would have with the caller's.
func (a *able) ids(p *policy.Policy, h *plan.Host, l *plan.Plan) {
	uids, gids := l.UIDMap, l.GIDMap
	switch own := h.RootRange; {
	case !p.New(ns.User) && h.UID == 0:
		uids = []plan.MapLine{{Outside: own.First, Size: own.Size}}
		gids = uids
	case !p.New(ns.User):
		uids, gids = []plan.MapLine{{Outside: h.UID, Size: 1}}, []plan.MapLine{{Outside: h.GID, Size: 1}}
	}
	for kind, lines := range map[string][]plan.MapLine{"uid": uids, "gid": gids} {
		for _, line := range lines {
			for i := range min(line.Size, 3) {
				a.given[fmt.Sprint(kind, " ", line.Outside+i)] = true
			}
		}
	}
}

func (a *able) rest(p *policy.Policy) {
	for _, k := range ns.All() {
		a.give(k.String()+" namespace of the host", p.Namespaces[k] == policy.NamespaceHost)
		a.give(k.String()+" namespace of "+p.Joined[k], p.Namespaces[k] == policy.NamespaceJoin)
	}
	// A namespace that exists may have all of it.
	a.give("loopback", !p.New(ns.Network) || p.Loopback.State == policy.LinkUp)
	for _, address := range []string{"127.0.0.1/8", "127.0.0.2/32"} {
		a.give("address "+address, !p.New(ns.Network) || slices.ContainsFunc(p.Loopback.Addresses, func(p inet.Prefix) bool { return p.String() == address }))
	}
	a.give("nested user namespaces", p.NestedUserNamespaces == policy.NestingAllow)
	for n := range 45 {
		a.give(fmt.Sprint("family ", n), p.Sockets.HostFamilies || slices.Contains(p.Sockets.Families, policy.Family(n)))
	}
	a.give("unix sockets", p.Sockets.Unix != policy.UnixDeny)
	a.give("every unix socket", p.Sockets.Unix == policy.UnixHost)
	for _, path := range p.Sockets.UnixAllowed {
		a.give("unix socket "+path, true)
	}
	if p.Sockets.Unix == policy.UnixHost {
		a.given["unix socket /run/postgresql/.s.PGSQL.5432"] = true
	}
	for _, entry := range p.Process.Environment.Resolve(strings.Fields("PATH=p HOME=h TERM=t LANG=l LC_ALL=c CI=i GOPATH=g API_TOKEN=s USER=u")) {
		a.given["variable "+entry] = true
	}
	a.give("the caller's terminal", p.Process.Terminal == policy.TerminalHost)
	a.give("a relayed connection", p.Process.StdioSockets != policy.StdioRefuse)
	a.give("a connection", p.Process.StdioSockets == policy.StdioPass)
	a.give("a start in spite of the audit", p.Audit.Mode == policy.AuditReport)
	a.give("the host's name", p.Process.Hostname == "")
}

// values are what a random profile may say of each key: its words and examples in
// the table, and a few more.
func values() map[string][]string {
	all := map[string][]string{
		"filesystem.writable":      {"[/home/me/src/app]", "[/srv/data]", "[project, /srv/data]", `["~/.cache"]`, "[/home/me]"},
		"filesystem.private":       {"[/tmp]", "[/tmp, /srv]", "[/home/me/src]", "[/opt]", "[/run, /tmp, /var/tmp, /var/lib]"},
		"filesystem.hidden":        {"[/etc/ssl]", "[/etc/ssl, /srv/data]", "[/home/me/src/app/main.go]", `["~/.ssh"]`},
		"filesystem.protected":     {"[Makefile]", "[.git/config, Makefile]"},
		"filesystem.mounts":        {"[{destination: /srv/data, type: bind, source: /srv/data}]", "[{destination: /srv/data, type: bind, source: /srv/data, options: [rw]}]", "[{destination: /opt, type: tmpfs}]"},
		"process.environment.pass": {"[PATH]", "[PATH, HOME]", `["*"]`, `["*", API_TOKEN]`, "[LC_ALL, PATH]"},
		"process.environment.set":  {"{A: b}", "{A: c, D: e}"},
		"process.hostname":         {"jail", "other"},
		"process.inheritFds":       {"[0]", "[0, 1, 2, 5]"},
		"sockets.families":         {"[inet]", "[inet, vsock]", "[netlink]"},
		"loopback":                 {"{state: up, addresses: [127.0.0.1/8]}", "{state: up, addresses: [127.0.0.1/8, 127.0.0.2/32]}"},
		"capabilities":             {"[CAP_NET_RAW]", "[CAP_NET_RAW, CAP_CHOWN]"},
	}
	for _, k := range policy.Keys() {
		if strings.Contains(k.Path, "[]") || k.Own || strings.Count(k.Path, ".") == 1 && (strings.HasPrefix(k.Path, "loopback.") || strings.HasPrefix(k.Path, "capabilities.")) ||
			strings.HasSuffix(k.Path, ".join") || k.Path == "sockets.unix.allow" {
			continue
		}
		for _, w := range k.Words {
			all[k.Path] = append(all[k.Path], w.Text)
		}
		all[k.Path] = append(all[k.Path], k.Examples...)
	}
	delete(all, "filesystem") // its keys say the same
	maps.DeleteFunc(all, func(_ string, values []string) bool { return len(values) == 0 })
	return all
}

// profileOf is a profile that says these values.
func profileOf(chosen map[string]string) string {
	var lines func(parent, indent string) string
	lines = func(parent, indent string) string {
		text, done := "", map[string]bool{}
		for _, key := range slices.Sorted(maps.Keys(chosen)) {
			rest, below := strings.CutPrefix(key, parent)
			name, deeper, nested := strings.Cut(rest, ".")
			switch {
			case !below || done[name]:
			case nested && deeper != "":
				text += indent + name + ":\n" + lines(parent+name+".", indent+"  ")
			default:
				text += indent + name + ": " + chosen[key] + "\n"
			}
			done[name] = done[name] || below
		}
		return text
	}
	return policy.Smallest + "\n" + lines("", "")
}

// compiled is the policy of these values; nil where they do not go together.
func compiled(chosen map[string]string) *policy.Policy {
	r, _ := source.Compile("random.yaml", []byte(profileOf(chosen)))
	if r == nil {
		return nil
	}
	return r.Policy
}

// pairs calls f with random policies and what one to three changed keys make of
// them.
func pairs(n int, f func(a, b *policy.Policy, from, to map[string]string)) {
	random := rand.New(rand.NewPCG(5, 55))
	all := values()
	keys := slices.Sorted(maps.Keys(all))
	choose := func(chosen map[string]string, changes int) {
		for range changes {
			key := keys[random.IntN(len(keys))]
			chosen[key] = all[key][random.IntN(len(all[key]))]
		}
	}
	for range n {
		from := map[string]string{}
		choose(from, random.IntN(8))
		to := maps.Clone(from)
		choose(to, 1+random.IntN(3))
		a, b := compiled(from), compiled(to)
		if a != nil && b != nil {
			f(a, b, from, to)
		}
	}
}

// TestDiffAgainstPlans: where no change is looser or incomparable, nothing is given
// that was not, and nothing is taken away no longer; where every change is neutral,
// the plan has the same operations as well. It is what `extends` and the exit
// status of `diff` rest on.
func TestDiffAgainstPlans(t *testing.T) {
	d := newDisk()
	tighter, neutral := 0, 0
	pairs(4000, func(a, b *policy.Policy, from, to map[string]string) {
		changes := policy.Diff(a, b)
		if policy.Loosens(changes) || t.Failed() {
			return
		}
		same := !slices.ContainsFunc(changes, func(c policy.Change) bool { return c.Direction != policy.Neutral })
		for _, h := range hosts {
			before, after := ables(t, a, h.host(), d), ables(t, b, h.host(), d)
			if same && (before == nil) != (after == nil) {
				t.Errorf("as %s: one of the two is refused\nfrom\n%sto\n%s", h.name, profileOf(from), profileOf(to))
			}
			if before == nil || after == nil {
				continue // what is refused gives nothing
			}
			more, lost := wordsBeyond(after.given, before.given), wordsBeyond(before.taken, after.taken)
			if len(more)+len(lost) > 0 || same && !before.equal(after) {
				t.Errorf("as %s: gives %q, takes no longer %q\nchanges %+v\nfrom\n%sto\n%s", h.name, more, lost, changes, profileOf(from), profileOf(to))
			}
			if same {
				neutral++
			} else {
				tighter++
			}
		}
	})
	if tighter < 200 || neutral < 500 {
		t.Errorf("only %d tighter pairs were compared, and %d neutral ones", tighter, neutral)
	}
}

func (a *able) equal(b *able) bool {
	return maps.Equal(a.given, b.given) && maps.Equal(a.taken, b.taken) && slices.Equal(a.ops, b.ops)
}

// TestEachKeyAgainstPlans changes each key of the default to each of its values: a
// plan that gives more, or takes less, is told as looser or incomparable.
func TestEachKeyAgainstPlans(t *testing.T) {
	d := newDisk()
	base := compiled(nil)
	changed := map[string]bool{}
	for key, all := range values() {
		for _, value := range all {
			p := compiled(map[string]string{key: value})
			if p == nil {
				continue
			}
			told := policy.Diff(base, p)
			for _, h := range hosts {
				before, after := ables(t, base, h.host(), d), ables(t, p, h.host(), d)
				if before == nil || after == nil {
					continue
				}
				changed[key] = true
				if more, lost := wordsBeyond(after.given, before.given), wordsBeyond(before.taken, after.taken); len(more)+len(lost) > 0 && !policy.Loosens(told) {
					t.Errorf("%s: %s gives %q, takes no longer %q, and is told as %+v", key, value, more, lost, told)
				}
			}
		}
	}
	if len(changed) < 25 {
		t.Errorf("only %d keys were changed", len(changed))
	}
}

func wordsBeyond(all, known map[string]bool) []string {
	var out []string
	for word := range all {
		if !known[word] {
			out = append(out, word)
		}
	}
	slices.Sort(out)
	return out
}
