package tree

import (
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

const everywhere = "/bin /boot /etc /home /lib /lib64 /mnt /opt /root /run /sbin /srv /sys /tmp /usr /var /vmlinuz"

func TestSystemRoot(t *testing.T) {
	l := trial{}.lay(t)
	entries(t, l, everywhere,
		"link /bin -> usr/bin", "dir /etc", "overlay /etc ro", "dir /home", "dir /home/me", "tmpfs /home/me 700",
		"link /lib -> usr/lib", "dir /opt", "overlay /opt ro", "dir /usr", "overlay /usr ro",
	)
	if l.InPlace || l.Workdir != "/" || len(l.Absent) != 0 || len(l.Mounts) != 5 || l.Command != "/usr/bin/true" {
		t.Errorf("%+v", l)
	}
}

// TestSystemRootUnmerged: where they are directories of their own, they are
// shown as that.
func TestSystemRootUnmerged(t *testing.T) {
	p, f, h := bare(), facts(t, ""), newHost(t, "d /bin\nd /sbin\nf /usr/bin/true\nd /etc\nd /home/me\nd /home/me/src/app\nd /proc\nc /dev/null")
	l, err := Lay(p, f, h)
	if err != nil {
		t.Fatal(err)
	}
	entries(t, l, everywhere,
		"dir /bin", "overlay /bin ro", "dir /etc", "overlay /etc ro", "dir /home", "dir /home/me", "tmpfs /home/me 700",
		"dir /sbin", "overlay /sbin ro", "dir /usr", "overlay /usr ro")
}

func TestReadonlyRoot(t *testing.T) {
	l := trial{policy: func(p *policy.Policy) {
		p.Filesystem.Root = policy.RootReadonly
		p.Filesystem.Private = []string{"/run", "/tmp", "/var/tmp"}
	}}.lay(t)
	entries(t, l, everywhere,
		"link /bin -> usr/bin", "dir /boot", "overlay /boot ro", "dir /etc", "overlay /etc ro",
		"dir /home", "overlay /home ro", "tmpfs /home/me 700",
		"link /lib -> usr/lib", "dir /opt", "overlay /opt ro", "dir /root", "overlay /root ro", "dir /run", "tmpfs /run 755",
		"dir /srv", "overlay /srv ro", "dir /tmp", "tmpfs /tmp 1777", "dir /usr", "overlay /usr ro",
		"dir /var", "overlay /var ro", "tmpfs /var/tmp 1777", "file /vmlinuz", "bind /vmlinuz ro",
	)
}

func TestEmptyRoot(t *testing.T) {
	l := trial{policy: func(p *policy.Policy) {
		p.Filesystem.Root, p.Filesystem.Home = policy.RootEmpty, policy.HomeHidden
		p.Filesystem.Private = []string{"/run"}
	}}.lay(t)
	entries(t, l, everywhere,
		"dir /home", "dir /home/me", "tmpfs /home/me 700", "dir /run", "tmpfs /run 755",
		// The command's own file is all that there is of the host's.
		"dir /usr", "dir /usr/bin", "file /usr/bin/true", "bind /usr/bin/true ro",
		"dir /var", "link /var/run -> /run")
}

// TestHostRoot: in place, there is nothing beside what the keys ask for.
func TestHostRoot(t *testing.T) {
	asIs := func(p *policy.Policy) {
		p.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost, Hidden: none, Protected: none}
		p.Namespaces[ns.PID] = policy.NamespaceHost
	}
	l, _, h := trial{policy: asIs}.try(t)
	if len(l.Entries) != 0 || !l.InPlace || l.Workdir != "/home/me/src/app" || h.calls != 0 {
		t.Errorf("%d calls for %+v", h.calls, l)
	}
	l = trial{policy: func(p *policy.Policy) {
		asIs(p)
		p.Filesystem.Private, p.Filesystem.Hidden = []string{"/tmp"}, listed("/etc/passwd", "/srv/data")
		p.Filesystem.Home = policy.HomeHidden
	}}.lay(t)
	entries(t, l, "/", "mask /etc/passwd ro noexec", "tmpfs /home/me 700", "tmpfs /srv/data 755 ro noexec", "tmpfs /tmp 1777")
}

// TestMountNamespace: without one of its own, the jail has the host's files or
// none.
func TestMountNamespace(t *testing.T) {
	host := func(p *policy.Policy) {
		p.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost, Hidden: none, Protected: none}
		p.Namespaces[ns.Mount], p.Namespaces[ns.PID] = policy.NamespaceHost, policy.NamespaceHost
	}
	if l := (trial{policy: host}).lay(t); len(l.Entries) != 0 || !l.InPlace || l.Workdir != "/home/me/src/app" {
		t.Errorf("%+v", l)
	}
	for name, change := range map[string]func(*policy.Filesystem){
		"root":     func(f *policy.Filesystem) { f.Root = policy.RootSystem },
		"home":     func(f *policy.Filesystem) { f.Home = policy.HomeReadonly },
		"hidden":   func(f *policy.Filesystem) { f.Hidden = listed("/srv") },
		"private":  func(f *policy.Filesystem) { f.Private = []string{"/tmp"} },
		"mounts":   func(f *policy.Filesystem) { f.Mounts = []policy.Mount{{Destination: "/x", Type: "tmpfs"}} },
		"writable": func(f *policy.Filesystem) { f.Writable = []string{"project"} },
	} {
		t.Run(name, func(t *testing.T) {
			for _, mode := range []policy.NamespaceMode{policy.NamespaceHost, policy.NamespaceJoin} {
				trial{policy: func(p *policy.Policy) {
					host(p)
					p.Namespaces[ns.Mount] = mode
					change(&p.Filesystem)
				}}.refuses(t, "namespaces.mount", "new mount namespace", "`mount: new`")
			}
		})
	}
}

func TestVarRun(t *testing.T) {
	for _, tt := range []struct {
		name    string
		private []string
		want    []string
	}{
		{"no /run", nil, nil},
		{"fresh /run", []string{"/run"}, []string{"dir /var", "link /var/run -> /run"}},
		{"by its other name", []string{"/var/run"}, []string{"dir /var", "link /var/run -> /run"}},
		{"fresh /var", []string{"/run", "/var"}, []string{"dir /var", "tmpfs /var 755"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := trial{policy: func(p *policy.Policy) { p.Filesystem.Private = tt.private }}.lay(t)
			entries(t, l, "/var", tt.want...)
		})
	}
}
