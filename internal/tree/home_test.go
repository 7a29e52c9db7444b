package tree

import (
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
