package tree

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// withHome is a policy with this home, on this root.
func withHome(root policy.Root, home policy.Home) func(*policy.Policy) {
	return func(p *policy.Policy) { p.Filesystem.Root, p.Filesystem.Home = root, home }
}

func TestHome(t *testing.T) {
	for _, tt := range []struct {
		name   string
		root   policy.Root
		home   policy.Home
		mounts string
		want   []string
	}{
		{"hidden", policy.RootSystem, policy.HomeHidden, "", []string{"dir /home", "dir /home/me", "tmpfs /home/me 700"}},
		{"hidden with a mount below", policy.RootSystem, policy.HomeHidden, "nfs /home/me/src\n", []string{"dir /home", "dir /home/me", "tmpfs /home/me 700"}},
		{"hidden and remote", policy.RootSystem, policy.HomeHidden, "nfs /home/me\n", []string{"dir /home", "dir /home/me", "tmpfs /home/me 700"}},
		{"readonly", policy.RootSystem, policy.HomeReadonly, "", []string{"dir /home", "dir /home/me", "overlay /home/me ro"}},
		{"readonly, noexec", policy.RootSystem, policy.HomeReadonly, "ext4 /home noexec\n", []string{"dir /home", "dir /home/me", "overlay /home/me ro noexec"}},
		{"readonly on FAT", policy.RootSystem, policy.HomeReadonly, "vfat /home\n", []string{"dir /home", "dir /home/me", "bind /home/me ro"}},
		{
			"readonly with a mount below", policy.RootSystem, policy.HomeReadonly, "ext4 /home/me/src/app\n",
			[]string{"dir /home", "dir /home/me 700", "dir /home/me/src", "dir /home/me/src/app", "overlay /home/me/src/app ro"},
		},
		{"readonly in place", policy.RootHost, policy.HomeReadonly, "", []string{"overlay /home/me ro"}},
		{
			"readonly in place with a mount below", policy.RootHost, policy.HomeReadonly, "nfs /home/me/src/app\n",
			[]string{"tmpfs /home/me 700 ro", "dir /home/me/src", "dir /home/me/src/app", "tmpfs /home/me/src/app 755 ro noexec"},
		},
		{"ephemeral", policy.RootSystem, policy.HomeEphemeral, "ext4 /home noexec\n", []string{"dir /home", "dir /home/me", "ephemeral /home/me noexec"}},
		{"ephemeral in place", policy.RootHost, policy.HomeEphemeral, "", []string{"ephemeral /home/me"}},
		{"host", policy.RootSystem, policy.HomeHost, "", []string{"dir /home", "dir /home/me", "bind /home/me"}},
		{"host with a mount below", policy.RootReadonly, policy.HomeHost, "nfs /home/me/src\n", []string{"dir /home", "dir /home/me", "bind /home/me recursive", "dir /home/you", "overlay /home/you ro"}},
		{"host and remote", policy.RootSystem, policy.HomeHost, "nfs /home\n", []string{"dir /home", "dir /home/me", "bind /home/me"}},
		{"host in place", policy.RootHost, policy.HomeHost, "nfs /home/me/src\n", nil},
		{"hidden in place", policy.RootHost, policy.HomeHidden, "", []string{"tmpfs /home/me 700"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			entries(t, trial{mounts: tt.mounts, policy: withHome(tt.root, tt.home)}.lay(t), "/home", tt.want...)
		})
	}
}

// TestHomeBehindLink: inside, the path that the password file has leads where it
// does outside.
func TestHomeBehindLink(t *testing.T) {
	l := trial{
		files: "d /data/home/me/src\nl /users data/home\n",
		facts: func(f *Facts) { f.Home, f.Workdir = "/users/me", "/data/home/me/src" },
		policy: func(p *policy.Policy) {
			p.Filesystem.Home, p.Filesystem.Writable = policy.HomeEphemeral, []string{"."}
		},
	}.lay(t)
	entries(t, l, "/data /users",
		"dir /data", "dir /data/home", "dir /data/home/me", "ephemeral /data/home/me", "bind /data/home/me/src", "link /users -> data/home")
	if l.Workdir != "/data/home/me/src" {
		t.Errorf("workdir %s", l.Workdir)
	}
}

func TestHomeRefused(t *testing.T) {
	home := func(path string) func(*Facts) { return func(f *Facts) { f.Home = path } }
	nowhere := func(f *Facts) { f.Home, f.HomeWhy = "", "it has no line for user 7" }
	rootless := func(f *Facts) { f.Mounts = f.Mounts[1:] }
	for _, tt := range []struct {
		name        string
		x           trial
		cause, help string
	}{
		{"ephemeral with a mount below", trial{mounts: "ext4 /home/me/src\n", policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, "/home/me/src is mounted below", "`home: readonly`"},
		{"ephemeral and remote", trial{mounts: "nfs4 /home\n", policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, "/home/me is on /home, an nfs4", "`home: hidden`"},
		{"readonly and remote", trial{mounts: "fuse.x /home/me\n", policy: withHome(policy.RootHost, policy.HomeReadonly)}, "a process of the host answers", "`home: hidden`"},
		{"ephemeral on FAT", trial{mounts: "vfat /home\n", policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, "a vfat file system", "`home: readonly`"},
		{"readonly on nobody knows what", trial{facts: rootless, policy: withHome(policy.RootHost, policy.HomeReadonly)}, "does not tell which file system /home/me", "chroot"},
		{"unknown", trial{facts: nowhere, policy: withHome(policy.RootReadonly, policy.HomeHidden)}, "no line for user 7", "/etc/passwd"},
		{"unknown, in place", trial{facts: nowhere, policy: withHome(policy.RootHost, policy.HomeHidden)}, "no line for user 7", "/etc/passwd"},
		{"unknown and ephemeral", trial{facts: nowhere, policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, "no line for user 7", "/etc/passwd"},
		{"the root", trial{facts: home("/"), policy: withHome(policy.RootReadonly, policy.HomeHidden)}, "is /, which", "home directory of its own"},
		{"the root, ephemeral", trial{facts: home("/"), policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, "is /, which", "home directory of its own"},
		{"the system", trial{facts: home("/bin"), policy: withHome(policy.RootSystem, policy.HomeHidden)}, "is /usr/bin, which", "home directory of its own"},
		{"a kernel's", trial{facts: home("/proc/sys"), policy: withHome(policy.RootSystem, policy.HomeHidden)}, "belongs to the system", "home directory of its own"},
		{"missing", trial{facts: home("/nonexistent"), policy: withHome(policy.RootSystem, policy.HomeReadonly)}, "/nonexistent, is no directory", "`home: hidden`"},
		{"a file", trial{facts: home("/etc/passwd"), policy: withHome(policy.RootSystem, policy.HomeHidden)}, "is no directory", "make it"},
		{"in a circle", trial{facts: home("/loop"), files: "l /loop loop\n", policy: withHome(policy.RootSystem, policy.HomeReadonly)}, "more than 40", "/etc/passwd"},
		{"the root by another name", trial{
			facts:  func(f *Facts) { f.Mounts[0].Root = "/me" },
			mounts: "ext4 /home dev=8:0\n", policy: withHome(policy.RootHost, policy.HomeHidden),
		}, "/home/me is the root directory under another name", "`root: system`"},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.x.refuses(t, "filesystem.home", tt.cause, tt.help) })
	}
}

// TestHomeless: a home that nothing shows needs no cover.
func TestHomeless(t *testing.T) {
	for _, tt := range []struct {
		home, absent string
	}{{"", "~"}, {"/nonexistent", "/nonexistent"}, {"/", ""}} {
		for _, root := range []policy.Root{policy.RootSystem, policy.RootEmpty} {
			l := trial{facts: func(f *Facts) { f.Home, f.HomeWhy = tt.home, "why" }, policy: withHome(root, policy.HomeHidden)}.lay(t)
			entries(t, l, "/home /nonexistent")
			if got := strings.Join(absents(l, "filesystem.home"), " "); got != tt.absent {
				t.Errorf("%q: absent %q, want %q", tt.home, got, tt.absent)
			}
		}
	}
}

// TestHomeOtherName: a hidden home is hidden also where it is mounted a second
// time.
func TestHomeOtherName(t *testing.T) {
	files := "d /data/home/me\nd /data/home/you\n"
	l := trial{
		files: files, mounts: "ext4 /data dev=9:9\next4 /home dev=9:9 root=/home\n",
		policy: withHome(policy.RootReadonly, policy.HomeHidden),
	}.lay(t)
	entries(t, l, "/data /home",
		"dir /data", "overlay /data ro", "tmpfs /data/home/me 755 ro noexec", "dir /home", "overlay /home ro", "tmpfs /home/me 700")
	l = trial{files: files, policy: mounting("bind /homes /home", "bind /named ~")}.lay(t)
	entries(t, l, "/homes /named",
		"dir /homes", "bind /homes < /home ro", "tmpfs /homes/me 755 ro noexec", "dir /named", "bind /named < /home/me ro")
}
