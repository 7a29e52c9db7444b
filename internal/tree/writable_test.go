package tree

import (
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

func writing(paths ...string) func(*policy.Policy) {
	return func(p *policy.Policy) { p.Filesystem.Writable = paths }
}

// own tells where netjail keeps its own.
func own(dirs ...string) func(*Facts) { return func(f *Facts) { f.Own = dirs } }

// What lies beside netjail's own is shared as ever.
func TestWritableBesideOwn(t *testing.T) {
	l := trial{facts: own("/home/me/.local/share/netjail", "/home/me/.config/netjail"), policy: writing("project")}.lay(t)
	if len(l.Writable) != 1 || l.Writable[0] != app {
		t.Errorf("%v", l.Writable)
	}
}

func TestMountOfOwn(t *testing.T) {
	trial{facts: own("/srv/netjail"), policy: mounting("bind /opt /srv rw")}.
		refuses(t, "filesystem.mounts", "/srv cannot be shared: netjail keeps in /srv/netjail", "leave `rw` out")
	trial{facts: own("/srv/netjail"), policy: mounting("bind /opt /srv ro")}.lay(t)
}

func TestWritable(t *testing.T) {
	for _, tt := range []struct {
		name    string
		x       trial
		at      string
		want    []string
		workdir string
	}{
		{"project", trial{facts: func(f *Facts) { f.Workdir = app + "/.git/hooks" }, policy: writing("project")}, app, []string{"dir " + app, "bind " + app}, app + "/.git/hooks"},
		{"working directory", trial{policy: writing(".")}, app, []string{"dir " + app, "bind " + app}, app},
		{"project without a repository", trial{facts: func(f *Facts) { f.Workdir = "/srv/data" }, policy: writing("project")}, "/srv", []string{"dir /srv", "dir /srv/data", "bind /srv/data"}, "/srv/data"},
		{"project below somebody else's repository", trial{facts: func(f *Facts) { f.Workdir = "/shared/me/x" }, files: "d /shared/me/x\nd /shared/.git\n", policy: writing("project")}, "/shared", []string{"dir /shared", "dir /shared/me", "dir /shared/me/x", "bind /shared/me/x"}, "/shared/me/x"},
		{"project of somebody else's, from inside", trial{facts: func(f *Facts) { f.Workdir = "/shared/you/x" }, files: "d /shared/you/x\nd /shared/you/.git\n", policy: writing("project")}, "/shared", []string{"dir /shared", "dir /shared/you", "bind /shared/you"}, "/shared/you/x"},
		{"own project, in somebody else's directory in it", trial{facts: func(f *Facts) { f.Workdir = app + "/theirs" }, files: "d " + app + "/theirs\n", policy: writing("project")}, app, []string{"dir " + app, "bind " + app}, app + "/theirs"},
		{"own project in somebody else's directory", trial{facts: func(f *Facts) { f.Workdir = "/shared/me/x" }, files: "d /shared/me/x\nd /shared/me/.git\n", policy: writing("project")}, "/shared", []string{"dir /shared", "dir /shared/me", "bind /shared/me"}, "/shared/me/x"},
		{"a file", trial{policy: writing("~/src/app/main.go")}, app, []string{"dir " + app, "file " + app + "/main.go", "bind " + app + "/main.go"}, "/"},
		{"with mounts below", trial{mounts: "nfs /home/me/src/app/.git\n", policy: writing(".")}, app, []string{"dir " + app, "bind " + app + " recursive"}, app},
		{"a FIFO", trial{files: "p /srv/fifo\n", policy: writing("/srv/fifo")}, "/srv", []string{"dir /srv", "file /srv/fifo", "bind /srv/fifo"}, "/"},
		{"in place", trial{policy: func(p *policy.Policy) { p.Filesystem.Root = policy.RootHost; writing(".")(p) }}, app, []string{"dir " + app, "bind " + app}, app},
		{"in an ephemeral home", trial{policy: func(p *policy.Policy) { p.Filesystem.Home = policy.HomeEphemeral; writing(".")(p) }}, app, []string{"bind " + app}, app},
		{"below another", trial{policy: writing("~/src", "project")}, "/home/me/src", []string{"dir /home/me/src", "bind /home/me/src", "bind " + app}, app},
		{"through a link", trial{files: "l /work /home/me/src\n", policy: writing("/work/app")}, "/work " + app, []string{"dir " + app, "bind " + app, "link /work -> /home/me/src"}, app},
		{"in a fresh directory", trial{files: "d /tmp/x/y\n", policy: func(p *policy.Policy) { p.Filesystem.Private = []string{"/tmp"}; writing("/tmp/x/y")(p) }}, "/tmp", []string{"dir /tmp", "tmpfs /tmp 1777", "dir /tmp/x", "dir /tmp/x/y", "bind /tmp/x/y"}, "/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := tt.x.lay(t)
			entries(t, l, tt.at, tt.want...)
			if l.Workdir != tt.workdir {
				t.Errorf("workdir %s, want %s", l.Workdir, tt.workdir)
			}
			if len(l.Writable) == 0 {
				t.Error("nothing is noted as shared")
			}
		})
	}
}

func TestWritableRefused(t *testing.T) {
	in := func(dir string) func(*Facts) { return func(f *Facts) { f.Workdir = dir } }
	for _, tt := range []struct {
		name        string
		x           trial
		cause, help string
	}{
		{"the home by project", trial{facts: in("/home/me/x"), files: "d /home/me/x\nd /home/me/.git\n", policy: writing("project")}, "`project` (/home/me) cannot be shared: it is the home directory", "a git repository of its own"},
		{"the home by working directory", trial{facts: in("/home/me"), policy: writing(".")}, "`.` (/home/me) cannot be shared: it is the home", "another directory"},
		{"above the home", trial{policy: writing("/home")}, "/home cannot be shared: it holds the home", "below it"},
		{"what netjail trusts", trial{facts: own("/home/me/.local/share/netjail"), files: "d /home/me/.local/share\n", policy: writing("~/.local/share")}, "netjail keeps in /home/me/.local/share/netjail which profiles", "below it"},
		{"above what netjail trusts", trial{facts: own("/home/me/.local/share/netjail"), files: "d /home/me/.local\n", policy: writing("~/.local")}, "netjail keeps in", "below it"},
		{"below what netjail trusts", trial{facts: own("/srv/netjail"), files: "d /srv/netjail/trust\n", policy: writing("/srv/netjail/trust")}, "netjail keeps in", "below it"},
		{"what netjail trusts, through a link", trial{facts: own("/home/me/.local/share/netjail"), files: "l /home/me/.local /srv/data\n", policy: writing("/srv/data")}, "netjail keeps in /home/me/.local/share/netjail", "below it"},
		{"the user's profiles", trial{facts: own("/home/me/.config/netjail"), files: "d /home/me/.config/.git\n", policy: func(p *policy.Policy) { writing("~/.config")(p) }}, "netjail keeps in /home/me/.config/netjail", "below it"},
		{"the home, which holds it", trial{facts: func(f *Facts) { own("/home/me/.config/netjail")(f); f.Workdir = "/home/me" }, policy: writing(".")}, "it is the home directory", "another directory"},
		{"the root by project", trial{facts: in("/"), policy: writing("project")}, "it holds the whole host", "a git repository of its own"},
		{"the root by a link", trial{files: "l /all /\n", policy: writing("/all")}, "`/all` (/) cannot be shared", "below it"},
		{"settings", trial{policy: writing("/etc")}, "configured there", "below it"},
		{"programs", trial{policy: writing("/bin")}, "`/bin` (/usr/bin) cannot be shared: the host executes", "below it"},
		{"processes", trial{policy: writing("/proc/sys")}, "the host's processes", "below it"},
		{"devices", trial{policy: writing("/dev/shm")}, "the host's devices", "below it"},
		{"missing", trial{policy: writing("/srv/none")}, "/srv/none does not exist", "make it first"},
		{"a device", trial{files: "c /srv/null\n", policy: writing("/srv/null")}, "is a device", "take it out"},
		{"a socket", trial{files: "s /srv/sock\n", policy: writing("/srv/sock")}, "is a unix socket", "sockets: {unix: {allow"},
		{"no working directory", trial{facts: in(""), policy: writing("project")}, "not to be seen", "another directory"},
		{"a relative path", trial{policy: writing("src")}, "src is relative", "`/`"},
		{"twice", trial{policy: writing(app, "project")}, "two of its items lead to " + app, "keep one"},
		{"no home", trial{facts: func(f *Facts) { f.Home, f.HomeWhy = "", "why" }, policy: writing("~/x")}, "not known: why", "/etc/passwd"},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.x.refuses(t, "filesystem.writable", tt.cause, tt.help) })
	}
}
