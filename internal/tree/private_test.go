package tree

import (
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

func TestPrivate(t *testing.T) {
	l := trial{policy: func(p *policy.Policy) {
		p.Filesystem.Private = []string{"/dev/shm", "/new/dir", "/run", "/tmp", "/var/tmp", "~/.cache"}
	}}.lay(t)
	entries(t, l, "/dev/shm /new /run /tmp /var/tmp /home/me",
		"dir /dev/shm", "tmpfs /dev/shm 1777", "dir /home/me", "tmpfs /home/me 700", "dir /home/me/.cache", "tmpfs /home/me/.cache 755",
		"dir /new", "dir /new/dir", "tmpfs /new/dir 755", "dir /run", "tmpfs /run 755", "dir /tmp", "tmpfs /tmp 1777", "dir /var/tmp", "tmpfs /var/tmp 1777")
}

// TestPrivateBehindLink: in place, the link is the host's.
func TestPrivateBehindLink(t *testing.T) {
	l := trial{policy: func(p *policy.Policy) {
		p.Filesystem.Root, p.Filesystem.Private = policy.RootHost, []string{"/var/run"}
	}}.lay(t)
	entries(t, l, "/run /var", "tmpfs /run 755")
}

func TestPrivateRefused(t *testing.T) {
	for _, tt := range []struct {
		name        string
		root        policy.Root
		files       string
		path        string
		cause, help string
	}{
		{"the root", policy.RootSystem, "l /all /\n", "/all", "the root directory", "`root`"},
		{"devices", policy.RootSystem, "", "/dev", "the devices", "below it"},
		{"processes", policy.RootSystem, "", "/proc/self", "the kernel's", "take it out"},
		{"a file", policy.RootSystem, "", "/etc/passwd", "no directory", "take it out"},
		{"missing in an overlay", policy.RootReadonly, "", "/var/none/x", "there is no /var/none/x to mount on", "make it"},
		{"missing in place", policy.RootHost, "", "/none", "there is no /none to mount on", "make it"},
		{"the home", policy.RootSystem, "", "~", "/home/me is named by `filesystem.home`", "keep one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			trial{files: tt.files, policy: func(p *policy.Policy) {
				p.Filesystem.Root, p.Filesystem.Private = tt.root, []string{tt.path}
			}}.refuses(t, "filesystem.private", tt.cause, tt.help)
		})
	}
}
