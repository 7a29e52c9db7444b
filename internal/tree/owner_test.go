package tree

import (
	"strconv"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// owners are the places whose files become the command's, with whose those are.
func owners(l *Layout) string {
	var all []string
	for i := range l.Entries {
		if e := &l.Entries[i]; e.Owner != nil {
			all = append(all, e.Target+" "+strconv.Itoa(int(e.Owner.UID)))
		}
	}
	return strings.Join(all, ", ")
}

func idmap(f *Facts) { f.Idmap = true }

// TestOwners: root's command is given the home and what it may write, and nothing
// that comes with the root or is only to be read.
func TestOwners(t *testing.T) {
	const disk = "d /shared/work\n"
	for _, tt := range []struct {
		name string
		x    trial
		want string
	}{
		{"an ordinary user", trial{policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, ""},
		{"hidden", trial{facts: idmap, policy: withHome(policy.RootSystem, policy.HomeHidden)}, ""},
		{"ephemeral", trial{facts: idmap, policy: withHome(policy.RootSystem, policy.HomeEphemeral)}, "/home/me 1000"},
		{"readonly", trial{facts: idmap, policy: withHome(policy.RootSystem, policy.HomeReadonly)}, "/home/me 1000"},
		{"as it is", trial{facts: idmap, policy: withHome(policy.RootSystem, policy.HomeHost)}, "/home/me 1000"},
		{"a tree of which nothing is mounted", trial{facts: idmap, policy: func(p *policy.Policy) {
			p.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost, Hidden: none}
		}}, ""},
		{"put together", trial{
			facts: idmap, files: "d /home/me/theirs\n", mounts: "ext4 /home/me/theirs\n", policy: withHome(policy.RootSystem, policy.HomeReadonly),
		}, "/home/me/src 1000, /home/me/theirs 1000"},
		{"the project, and what is protected in it", trial{facts: idmap, policy: func(p *policy.Policy) {
			p.Filesystem.Writable, p.Filesystem.Protected = []string{"project"}, policy.PathList{}
		}}, app + " 1000"},
		{"another user's", trial{facts: idmap, files: disk, policy: writing("/shared/work")}, "/shared/work 66"},
		{"a mount to be read", trial{facts: idmap, policy: mounting("bind /opt /srv/data")}, ""},
		{"a mount to be read by its owner", trial{facts: idmap, files: "d /srv/shut\n", policy: mounting("bind /opt /srv/shut")}, "/opt 1000"},
		{"a mount of what lies where only its owner enters", trial{facts: idmap, files: "d /srv/shut/x\n", policy: mounting("bind /opt /srv/shut/x")}, "/opt 1000"},
		{"the command's own file", trial{facts: func(f *Facts) { f.Idmap, f.Command = true, "/root/shut/tool" }, files: "f /root/shut/tool\n"}, "/root/shut/tool 1000"},
		{"the command's own file, for everybody", trial{facts: func(f *Facts) { f.Idmap, f.Command = true, "/root/tool" }, files: "f /root/tool\n"}, ""},
		{"an allowed socket", trial{facts: idmap, files: "s /srv/sock\n", policy: func(p *policy.Policy) {
			p.Sockets.Unix, p.Sockets.UnixAllowed = policy.UnixAllow, []string{"/srv/sock"}
		}}, "/srv/sock 1000"},
		{"a mount to be written", trial{facts: idmap, policy: mounting("bind /opt /srv/data rw")}, "/opt 1000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := owners(tt.x.lay(t)); got != tt.want {
				t.Errorf("given are %q, want %q", got, tt.want)
			}
		})
	}
}

// TestForeignLinks: root's command is not given what somebody else's link leads
// to. An ordinary user's has no more rights there than the user.
func TestForeignLinks(t *testing.T) {
	const files = "d /srv/www\nl /shared/out /srv/www\nd /shared/work\nl /shared/in /shared/work\n"
	astray := trial{facts: idmap, files: files, policy: writing("/shared/out")}
	astray.refuses(t, "filesystem.writable", "the symbolic link /shared/out of user 66", "without the link")
	trial{facts: idmap, files: files, policy: mounting("bind /opt /shared/out rw")}.
		refuses(t, "filesystem.mounts", "the symbolic link /shared/out of user 66", "without the link")
	if got := owners(trial{facts: idmap, files: files, policy: writing("/shared/in")}.lay(t)); got != "/shared/work 66" {
		t.Errorf("a link to the same user's directory: given are %q", got)
	}
	own := func(f *Facts) { f.Idmap, f.UID = true, 66 }
	if got := owners(trial{facts: own, files: files, policy: writing("/shared/out")}.lay(t)); got != "/srv/www 1000" {
		t.Errorf("the caller's own link: given are %q", got)
	}
	astray.facts = nil
	astray.lay(t)
}
