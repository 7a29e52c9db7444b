package tree

import (
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// TestCommand: the command's own file is there, and the links to it.
func TestCommand(t *testing.T) {
	for _, tt := range []struct {
		name    string
		x       trial
		command string
		at      string
		want    []string
	}{
		{"visible", trial{}, "/bin/true", "/bin /usr", []string{"link /bin -> usr/bin", "dir /usr", "overlay /usr ro"}},
		{"by a link that is seen", trial{files: "l /usr/bin/alias true\n"}, "/bin/alias", "/bin /usr", []string{"link /bin -> usr/bin", "dir /usr", "overlay /usr ro"}},
		{"outside of the root", trial{files: "f /srv/data/tool\n"}, "/srv/data/tool", "/srv", []string{"dir /srv", "dir /srv/data", "file /srv/data/tool", "bind /srv/data/tool ro"}},
		{"in a hidden home", trial{files: "f /home/me/go/tool-1\nl /home/me/bin go\nl /home/me/go/tool tool-1\n"}, "/home/me/bin/tool", "/home/me", []string{"dir /home/me", "tmpfs /home/me 700", "link /home/me/bin -> go", "dir /home/me/go", "link /home/me/go/tool -> tool-1", "file /home/me/go/tool-1", "bind /home/me/go/tool-1 ro"}},
		{"in a fresh directory", trial{files: "f /tmp/x/tool\n", policy: func(p *policy.Policy) { p.Filesystem.Private = []string{"/tmp"} }}, "/tmp/x/tool", "/tmp", []string{"dir /tmp", "tmpfs /tmp 1777", "dir /tmp/x", "file /tmp/x/tool", "bind /tmp/x/tool ro"}},
		{"in place", trial{files: "f /tmp/tool\n", policy: func(p *policy.Policy) { p.Filesystem.Root, p.Filesystem.Private = policy.RootHost, []string{"/tmp"} }}, "/tmp/tool", "/tmp", []string{"tmpfs /tmp 1777", "file /tmp/tool", "bind /tmp/tool ro"}},
		{"in a hidden directory", trial{files: "f /opt/tool/run\n", policy: func(p *policy.Policy) { p.Filesystem.Hidden = listed("/opt/tool") }}, "/opt/tool/run", "/opt", []string{"dir /opt", "overlay /opt ro", "tmpfs /opt/tool 755 ro noexec", "file /opt/tool/run", "bind /opt/tool/run ro"}},
		{"the project's", trial{files: "f " + app + "/run\n", policy: writing("project")}, app + "/run", app, []string{"dir " + app, "bind " + app}},
		{"of another root", trial{files: "f /srv/root/usr/bin/true\n", policy: mounting("bind /usr /srv/root/usr")}, "/usr/bin/true", "/usr", []string{"dir /usr", "bind /usr < /srv/root/usr ro"}},
		{"not in another root", trial{files: "d /srv/root/usr/bin\n", policy: mounting("bind /usr /srv/root/usr")}, "/usr/bin/true", "/usr", []string{"dir /usr", "bind /usr < /srv/root/usr ro"}},
		{"under a tmpfs", trial{policy: mounting("tmpfs /usr/bin -")}, "/usr/bin/true", "/usr", []string{"dir /usr", "overlay /usr ro", "tmpfs /usr/bin 1777", "file /usr/bin/true", "bind /usr/bin/true ro"}},
		{"none", trial{}, "", "/srv", nil},
		{"missing", trial{}, "/srv/none", "/srv", nil},
		{"a directory", trial{}, "/srv/data", "/srv", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.x.facts = func(f *Facts) { f.Command = tt.command }
			l := tt.x.lay(t)
			entries(t, l, tt.at, tt.want...)
			if l.Command != tt.command {
				t.Errorf("command %q", l.Command)
			}
			for i := range l.Entries {
				if e := &l.Entries[i]; e.Kind == Bind && e.Target == tt.command && e.Options == ReadOnly|Nosuid|Nodev && e.Key != "-" {
					t.Errorf("key %s", e.Key)
				}
			}
		})
	}
}

// TestCommandOddPath: a path with `..` in it may not lead through what the
// command does not have.
func TestCommandOddPath(t *testing.T) {
	l := trial{files: "f /srv/data/tool\nl /srv/link data/sub\nd /srv/data/sub\n", facts: func(f *Facts) { f.Command = "/srv/link/../tool" }}.lay(t)
	entries(t, l, "/srv", "dir /srv", "dir /srv/data", "file /srv/data/tool", "bind /srv/data/tool ro", "link /srv/link -> data/sub")
	if l.Command != "/srv/data/tool" {
		t.Errorf("command %s", l.Command)
	}
}

func TestCommandHidden(t *testing.T) {
	trial{policy: func(p *policy.Policy) { p.Filesystem.Hidden = listed("/usr/bin/true") }}.
		refuses(t, "filesystem.hidden", "the command's own file, /usr/bin/true, is hidden", "another command")
}

// TestWorkdir: the command starts where it was called only if it sees that very
// directory.
func TestWorkdir(t *testing.T) {
	at := func(dir string) func(*Facts) { return func(f *Facts) { f.Workdir = dir } }
	shut := func(dir string, shut ...string) func(*Facts) {
		return func(f *Facts) { f.Workdir, f.Shut = dir, shut }
	}
	given := func(facts func(*Facts)) func(*Facts) {
		return func(f *Facts) {
			facts(f)
			f.Idmap = true
		}
	}
	for _, tt := range []struct {
		name string
		x    trial
		want string
	}{
		{"in an overlay", trial{facts: at("/usr/lib")}, "/usr/lib"},
		{"an expanded directory", trial{facts: at("/opt"), mounts: "ext4 /opt/tool\n"}, "/opt"},
		{"in an expanded directory", trial{facts: at("/opt/tool"), mounts: "ext4 /opt/tool\n"}, "/opt/tool"},
		{"an empty home", trial{facts: at("/home/me")}, "/"},
		{"a directory that only holds another", trial{facts: at("/home")}, "/"},
		{"a fresh directory", trial{facts: at("/tmp"), policy: func(p *policy.Policy) { p.Filesystem.Private = []string{"/tmp"} }}, "/"},
		{"a hidden directory in place", trial{facts: at("/srv/data"), policy: func(p *policy.Policy) {
			p.Filesystem.Root, p.Filesystem.Hidden = policy.RootHost, listed("/srv")
		}}, "/"},
		{"in place", trial{facts: at("/srv/data"), policy: func(p *policy.Policy) { p.Filesystem.Root = policy.RootHost }}, "/srv/data"},
		{"replaced", trial{facts: at("/opt/tool"), policy: mounting("bind /opt /srv")}, "/"},
		{"not to be seen, in place", trial{facts: at("/root/x/y"), files: "x /root/x\nd /root/x/y\n", policy: func(p *policy.Policy) { p.Filesystem.Root = policy.RootHost }}, "/root/x/y"},
		{"removed, in place", trial{facts: at(""), policy: func(p *policy.Policy) { p.Filesystem.Root = policy.RootHost }}, "/"},
		{"an ephemeral home in place", trial{policy: withHome(policy.RootHost, policy.HomeEphemeral)}, app},
		{"shut, in place", trial{facts: shut("/root", "/root"), policy: func(p *policy.Policy) { p.Filesystem.Root = policy.RootHost }}, "/"},
		{"shut, as it is", trial{facts: shut("/root", "/root"), policy: func(p *policy.Policy) {
			p.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost, Hidden: none}
		}}, "/"},
		{"shut below an overlay", trial{facts: shut(app, "/home/me/src"), policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, "/"},
		{"shut above what is shared", trial{facts: shut(app, "/home/me/src", app), policy: writing("project")}, app},
		{"shut, and given to root's command", trial{facts: given(shut(app, "/home/me/src", app)), policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, app},
		{"shut by somebody else, in what is given", trial{facts: given(shut("/home/me/theirs", "/home/me/theirs")), files: "d /home/me/theirs\n", policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, "/"},
		{"shut above an overlay", trial{facts: shut("/opt/tool", "/opt"), mounts: "ext4 /opt/tool\n"}, "/opt/tool"},
		{"removed", trial{facts: at("")}, "/"},
		{"not to be seen", trial{facts: at("/root/x/y"), files: "x /root/x\nd /root/x/y\n", policy: withHome(policy.RootReadonly, policy.HomeHidden)}, "/"},
		{"covered", trial{facts: at("/mnt/nfs/x"), files: "d /mnt/nfs/x\n", mounts: "nfs /mnt/nfs\n", policy: withHome(policy.RootReadonly, policy.HomeHidden)}, "/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if l := tt.x.lay(t); l.Workdir != tt.want {
				t.Errorf("workdir %s, want %s", l.Workdir, tt.want)
			}
		})
	}
}
