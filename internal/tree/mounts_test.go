package tree

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// mounting is a policy with these mounts, each a type, a destination, a source
// and options, parted by blanks; `-` is no source.
func mounting(lines ...string) func(*policy.Policy) {
	return func(p *policy.Policy) {
		for _, line := range lines {
			f := strings.Fields(line)
			m := policy.Mount{Type: f[0], Destination: f[1], Options: f[3:]}
			if f[2] != "-" {
				m.Source = f[2]
			}
			p.Filesystem.Mounts = append(p.Filesystem.Mounts, m)
		}
	}
}

func TestMounts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files string
		root  policy.Root
		home  policy.Home
		lines []string
		at    string
		want  []string
	}{
		{"a bind", "", policy.RootSystem, policy.HomeHidden, []string{"bind /data /srv/data"}, "/data", []string{"dir /data", "bind /data < /srv/data ro"}},
		{"a bind with options", "", policy.RootSystem, policy.HomeHidden, []string{"bind /data /srv/data rw noexec"}, "/data", []string{"dir /data", "bind /data < /srv/data noexec"}},
		{"a bind of a file", "", policy.RootSystem, policy.HomeHidden, []string{"bind /etc2/x /etc/passwd"}, "/etc2", []string{"dir /etc2", "file /etc2/x", "bind /etc2/x < /etc/passwd ro"}},
		{"over a directory of the root's", "", policy.RootSystem, policy.HomeHidden, []string{"bind /opt /srv/data", "bind /etc/passwd /vmlinuz"}, "/opt /etc", []string{"dir /etc", "overlay /etc ro", "bind /etc/passwd < /vmlinuz ro", "dir /opt", "bind /opt < /srv/data ro"}},
		{"a tmpfs", "", policy.RootSystem, policy.HomeHidden, []string{"tmpfs /a -", "tmpfs /b - ro mode=700 size=64k noexec"}, "/a /b", []string{"dir /a", "tmpfs /a 1777", "dir /b", "tmpfs /b 700 size=65536 ro noexec"}},
		{"the project", "", policy.RootEmpty, policy.HomeHidden, []string{"bind /work project"}, "/work", []string{"dir /work", "bind /work < " + app + " ro"}},
		{"recursive", "", policy.RootSystem, policy.HomeHidden, []string{"bind /x /run rbind"}, "/x", []string{"dir /x", "bind /x < /run recursive ro"}},
		{"inside another", "d /srv/data/sub\n", policy.RootSystem, policy.HomeHidden, []string{"bind /data /srv/data", "tmpfs /data/sub -"}, "/data", []string{"dir /data", "bind /data < /srv/data ro", "tmpfs /data/sub 1777"}},
		{"made in a copy-on-write home", "", policy.RootSystem, policy.HomeEphemeral, []string{"tmpfs ~/src/new/dir -", "bind ~/file /etc/passwd"}, "/home/me", []string{"dir /home/me", "ephemeral /home/me", "file /home/me/file", "bind /home/me/file < /etc/passwd ro", "dir /home/me/src/new", "dir /home/me/src/new/dir", "tmpfs /home/me/src/new/dir 1777"}},
		{"at a link", "l /link /srv/data\n", policy.RootSystem, policy.HomeHidden, []string{"tmpfs /link -"}, "/link /srv", []string{"link /link -> /srv/data", "dir /srv", "dir /srv/data", "tmpfs /srv/data 1777"}},
		{"of what a link leads to", "l /link /srv/data\n", policy.RootSystem, policy.HomeHidden, []string{"bind /x /link"}, "/x /link", []string{"dir /x", "bind /x < /srv/data ro"}},
		{"in place", "", policy.RootHost, policy.HomeHost, []string{"bind /srv/data /opt/tool"}, "/srv", []string{"bind /srv/data < /opt/tool ro"}},
		{"the deepest wins", "d /opt/tool/bin\n", policy.RootSystem, policy.HomeHidden, []string{"bind /opt/tool/bin /srv", "tmpfs /opt -"}, "/opt", []string{"dir /opt", "tmpfs /opt 1777", "dir /opt/tool", "dir /opt/tool/bin", "bind /opt/tool/bin < /srv ro"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := trial{files: tt.files, policy: func(p *policy.Policy) {
				p.Filesystem.Root, p.Filesystem.Home = tt.root, tt.home
				mounting(tt.lines...)(p)
			}}.lay(t)
			entries(t, l, tt.at, tt.want...)
		})
	}
}

func TestMountsRefused(t *testing.T) {
	for _, tt := range []struct {
		name        string
		files       string
		mounts      string
		line        string
		cause, help string
	}{
		{"missing source", "", "", "bind /x /srv/none", "/srv/none does not exist", "make it first"},
		{"mounts below", "", "ext4 /srv/data\n", "bind /x /srv", "/srv/data is mounted below /srv, and `bind`", "`rbind`"},
		{"a socket", "s /srv/sock\n", "", "bind /x /srv/sock", "a unix socket", "allow"},
		{"a device", "", "", "bind /x /dev/null", "is a device", "take it out"},
		{"the whole host", "l /all /\n", "", "bind /x /all rbind", "`/all` (/) is the whole host", "`root: readonly`"},
		{"processes", "", "", "bind /x /proc rbind", "the host's processes", "take it out"},
		{"writable programs", "", "", "bind /x /usr/bin rw", "the host executes", "leave `rw` out"},
		{"writable home", "", "", "bind /x ~ rw", "the home directory", "leave `rw` out"},
		{"over /proc", "", "", "tmpfs /proc/sys -", "the kernel's", "take it out"},
		{"over /dev", "", "", "bind /dev /srv/data", "the devices", "below it"},
		{"a tmpfs on a file", "", "", "tmpfs /etc/passwd -", "/etc/passwd is no directory", "another destination"},
		{"a file on a directory", "", "", "bind /etc/ssl /vmlinuz", "a directory and a file", "another path"},
		{"a directory on a file", "", "", "bind /etc/passwd /srv", "a directory and a file", "another path"},
		{"missing in an overlay", "", "", "bind /etc/none /srv", "there is no /etc/none", "make it"},
		{"below a file", "", "", "bind /etc/passwd/x /srv", "there is no /etc/passwd/x", "make it"},
		{"below a file of the root's", "", "", "bind /dev/null/x /srv", "is no directory", "another path"},
		{"twice by a link", "l /link /srv/data\n", "", "tmpfs /link -;tmpfs /srv/data -", "two of its items", "keep one"},
		{"the home", "", "", "tmpfs ~ -", "/home/me is named by `filesystem.home`", "keep one"},
		{"through a link of a source", "d /srv/data\nl /srv/data/l /opt\n", "", "bind /d /srv/data;tmpfs /d/l/x -", "there is no /d/l/x", "make it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			trial{files: tt.files + "d /etc/ssl\n", mounts: tt.mounts, policy: mounting(strings.Split(tt.line, ";")...)}.
				refuses(t, "filesystem.mounts", tt.cause, tt.help)
		})
	}
}

// TestMountOverVfat: below a bind of the root's own nothing is made either.
func TestMountOverBind(t *testing.T) {
	trial{mounts: "vfat /opt\n", policy: mounting("tmpfs /opt/none -")}.refuses(t, "filesystem.mounts", "there is no /opt/none", "make it")
}

// TestTwice: two keys that lead to one path.
func TestTwice(t *testing.T) {
	trial{files: "l /link /srv/data\n", policy: func(p *policy.Policy) {
		p.Filesystem.Private, p.Filesystem.Writable = []string{"/srv/data"}, []string{"/link"}
	}}.refuses(t, "filesystem.writable", "/srv/data is named by `filesystem.private`", "keep one")
}
