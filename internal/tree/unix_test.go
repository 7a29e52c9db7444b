package tree

import (
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

func allowing(paths ...string) func(*policy.Policy) {
	return func(p *policy.Policy) {
		p.Sockets.Unix, p.Sockets.UnixAllowed = policy.UnixAllow, paths
		p.Filesystem.Private = []string{"/run", "/tmp"}
	}
}

func TestAllowedSockets(t *testing.T) {
	l := trial{
		files:  "s /run/app/sock\ns /run/app/other\ns /home/me/x.sock\ns /usr/lib/sock\n",
		policy: allowing("/var/run/app/sock", "/usr/lib/sock", "/home/me/x.sock"),
	}.lay(t)
	entries(t, l, "/run /home/me /usr /var",
		"dir /home/me", "tmpfs /home/me 700", "file /home/me/x.sock", "bind /home/me/x.sock ro noexec",
		"dir /run", "tmpfs /run 755", "dir /run/app", "file /run/app/sock", "bind /run/app/sock ro noexec",
		"dir /usr", "overlay /usr ro", "bind /usr/lib/sock ro noexec",
		"dir /var", "link /var/run -> /run")
	if len(l.Writable) != 0 {
		t.Errorf("writable %q", l.Writable)
	}
}

func TestSocketsRefused(t *testing.T) {
	trial{policy: allowing("/run/none")}.refuses(t, "sockets.unix", "/run/none is no unix socket", "start what listens")
	trial{policy: allowing("/etc/passwd")}.refuses(t, "sockets.unix", "/etc/passwd is no unix socket", "take it out")
	for _, word := range []policy.UnixSockets{policy.UnixIsolated, policy.UnixAllow} {
		for _, home := range []policy.Home{policy.HomeHost, policy.HomeHidden} {
			trial{policy: func(p *policy.Policy) {
				p.Sockets.Unix, p.Filesystem.Root, p.Filesystem.Home = word, policy.RootHost, home
			}}.refuses(t, "sockets.unix", "every socket of the host is in reach", "`unix: deny`")
		}
	}
	trial{policy: func(p *policy.Policy) { p.Sockets.Unix, p.Filesystem.Home = policy.UnixIsolated, policy.HomeHost }}.
		refuses(t, "sockets.unix", "every socket in the home", "`unix: deny`")
	for _, word := range []policy.UnixSockets{policy.UnixDeny, policy.UnixHost} {
		trial{policy: func(p *policy.Policy) { p.Sockets.Unix, p.Filesystem.Root = word, policy.RootHost }}.lay(t)
	}
}
