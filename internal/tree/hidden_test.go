package tree

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// hiding is a policy that shows the home read-only and hides these paths.
func hiding(paths ...string) func(*policy.Policy) {
	return func(p *policy.Policy) {
		p.Filesystem.Home, p.Filesystem.Hidden = policy.HomeReadonly, listed(paths...)
	}
}

func TestHidden(t *testing.T) {
	files := `
d /home/me/.ssh/keys
f /home/me/.netrc
s /home/me/.agent
d /etc/secret
`
	l := trial{files: files, policy: hiding("~/.ssh", "~/.netrc", "~/.agent", "~/.none", "/etc/secret", "/srv/data", "/etc/passwd")}.lay(t)
	entries(t, l, "/home/me /etc /srv",
		"dir /etc", "overlay /etc ro", "mask /etc/passwd ro noexec", "tmpfs /etc/secret 755 ro noexec",
		"dir /home/me", "overlay /home/me ro",
		"mask /home/me/.agent ro noexec", "mask /home/me/.netrc ro noexec", "tmpfs /home/me/.ssh 755 ro noexec")
	if got := absents(l, "filesystem.hidden"); !slices.Equal(got, []string{"~/.none"}) {
		t.Errorf("absent %q", got)
	}
}

// TestHiddenUnseen: what the command does not see needs no cover.
func TestHiddenUnseen(t *testing.T) {
	l := trial{files: "d /home/me/.ssh\n", policy: func(p *policy.Policy) {
		p.Filesystem.Hidden = listed("~/.ssh", "/srv/data", "/boot")
	}}.lay(t)
	entries(t, l, "/home/me /srv /boot", "dir /home/me", "tmpfs /home/me 700")
}

// TestHiddenHome: the list holds in every home, the host's included.
func TestHiddenHome(t *testing.T) {
	for root, home := range map[policy.Root]policy.Home{policy.RootHost: policy.HomeHost, policy.RootReadonly: policy.HomeHost, policy.RootSystem: policy.HomeEphemeral} {
		l := trial{files: "d /home/me/.ssh\n", policy: func(p *policy.Policy) {
			p.Filesystem.Root, p.Filesystem.Home, p.Filesystem.Hidden = root, home, listed("~/.ssh")
		}}.lay(t)
		entries(t, l, "/home/me/.ssh", "tmpfs /home/me/.ssh 755 ro noexec")
	}
}

// TestHiddenLink: a link cannot be covered, so what it leads to is.
func TestHiddenLink(t *testing.T) {
	l := trial{
		files:  "l /home/me/.aws dotfiles/aws\nd /home/me/dotfiles/aws\nl /home/me/.kube /boot/kube\nd /boot/kube\nl /home/me/.docker /none\nl /home/me/.config dotfiles/config\nd /home/me/dotfiles/config/gh\n",
		policy: hiding("~/.aws", "~/.kube", "~/.docker", "~/.config/gh"),
	}.lay(t)
	entries(t, l, "/home/me /boot", "dir /home/me", "overlay /home/me ro", "tmpfs /home/me/dotfiles/aws 755 ro noexec", "tmpfs /home/me/dotfiles/config/gh 755 ro noexec")
	if got := absents(l, "filesystem.hidden"); !slices.Equal(got, []string{"~/.docker"}) {
		t.Errorf("absent %q", got)
	}
}

// TestHiddenAlias: a path is hidden wherever a key or a mount of the host shows
// it.
func TestHiddenAlias(t *testing.T) {
	bind := func(from, to string) policy.Mount {
		return policy.Mount{Destination: to, Type: "bind", Source: from, Options: []string{"rbind"}}
	}
	files := "d /home/me/.ssh/keys\nf /home/me/.netrc\nd /again/me/.ssh\n"
	l := trial{files: files, policy: func(p *policy.Policy) {
		p.Filesystem.Home, p.Filesystem.Hidden = policy.HomeReadonly, listed("~/.ssh", "~/.netrc")
		p.Filesystem.Mounts = []policy.Mount{bind("/home/me", "/data"), bind("/home", "/homes"), bind("/home/me/.ssh", "/named"), bind("/srv", "/homes/me/.ssh")}
	}}.lay(t)
	entries(t, l, "/data /homes /named",
		"dir /data", "bind /data < /home/me recursive ro", "mask /data/.netrc ro noexec", "tmpfs /data/.ssh 755 ro noexec",
		"dir /homes", "bind /homes < /home recursive ro", "mask /homes/me/.netrc ro noexec", "bind /homes/me/.ssh < /srv recursive ro",
		"dir /named", "bind /named < /home/me/.ssh recursive ro")
	l = trial{files: files, mounts: "ext4 /home dev=9:9\next4 /again dev=9:9\n", policy: func(p *policy.Policy) {
		hiding("~/.ssh")(p)
		p.Filesystem.Root = policy.RootReadonly
	}}.lay(t)
	entries(t, l, "/again", "dir /again", "overlay /again ro", "tmpfs /again/me/.ssh 755 ro noexec")
}

// TestHiddenDeeper: the deeper path wins.
func TestHiddenDeeper(t *testing.T) {
	l := trial{
		files: "d /home/me/.ssh/keys\nf /home/me/.ssh/known_hosts\nd /opt/tool/m\n", mounts: "ext4 /opt/tool/m\n",
		policy: func(p *policy.Policy) {
			hiding("~/.ssh", "~/.ssh/keys", "/opt/tool")(p)
			p.Filesystem.Writable = []string{"~/.ssh/known_hosts"}
		},
	}.lay(t)
	entries(t, l, "/home/me /opt",
		"dir /home/me", "overlay /home/me ro", "tmpfs /home/me/.ssh 755 ro noexec", "file /home/me/.ssh/known_hosts", "bind /home/me/.ssh/known_hosts",
		"dir /opt", "dir /opt/tool", "tmpfs /opt/tool 755 ro noexec")
}

func TestHiddenRefused(t *testing.T) {
	trial{policy: hiding("/root2"), files: "l /root2 /\n"}.refuses(t, "filesystem.hidden", "root directory", "`root: empty`")
	trial{policy: hiding("~")}.refuses(t, "filesystem.hidden", "/home/me is named by `filesystem.home`", "keep one")
	trial{policy: hiding("/loop"), files: "l /loop loop\n"}.refuses(t, "filesystem.hidden", "more than 40", "name the file")
	trial{policy: func(p *policy.Policy) {
		hiding("/tmp")(p)
		p.Filesystem.Private = []string{"/tmp"}
	}}.refuses(t, "filesystem.hidden", "named by `filesystem.private`", "keep one")
}

var standard = policy.PathList{Kind: policy.PathsStandard}

func TestHiddenStandard(t *testing.T) {
	l := trial{
		files: "d /home/me/.ssh\nf /home/me/.netrc\nd /home/me/.config/gh\nd /home/me/.config/other\nl /home/me/.aws .config/other\nf /home/me/.bash_history\n",
		policy: func(p *policy.Policy) {
			p.Filesystem.Home, p.Filesystem.Hidden = policy.HomeEphemeral, standard
		},
	}.lay(t)
	entries(t, l, "/home/me", "dir /home/me", "ephemeral /home/me", "mask /home/me/.bash_history ro noexec",
		"tmpfs /home/me/.config/gh 755 ro noexec", "tmpfs /home/me/.config/other 755 ro noexec",
		"mask /home/me/.netrc ro noexec", "tmpfs /home/me/.ssh 755 ro noexec")
	absent := absents(l, "filesystem.hidden")
	if len(absent) != len(standardHidden)-5 || !slices.Contains(absent, "/home/me/.gnupg") || slices.Contains(absent, "/home/me/.ssh") {
		t.Errorf("%d absent of %d: %q", len(absent), len(standardHidden), absent)
	}
}

// TestHiddenStandardUnlisted: a home that cannot be listed is asked for each.
func TestHiddenStandardUnlisted(t *testing.T) {
	x := trial{files: "d /home/me/.ssh\n", policy: func(p *policy.Policy) {
		p.Filesystem.Home, p.Filesystem.Hidden = policy.HomeEphemeral, standard
	}}
	p, f, h := bare(), facts(t, ""), newHost(t, standardFiles+x.files)
	x.policy(p)
	l, err := Lay(p, f, unlisted{h})
	if err != nil {
		t.Fatal(err)
	}
	entries(t, l, "/home/me", "dir /home/me", "ephemeral /home/me", "tmpfs /home/me/.ssh 755 ro noexec")
}

// unlisted is a host whose directories can be passed and not listed.
type unlisted struct{ *fakeHost }

func (unlisted) ReadDir(string) ([]string, error) { return nil, fs.ErrPermission }

// TestHiddenStandardNamed: what the standard list hides cannot be shared at once.
func TestHiddenStandardNamed(t *testing.T) {
	x := trial{files: "d /home/me/.config/gh\n", policy: func(p *policy.Policy) {
		p.Filesystem.Hidden, p.Filesystem.Writable = standard, []string{"~/.config/gh"}
	}}
	x.refuses(t, "filesystem.hidden", "/home/me/.config/gh is named by `filesystem.writable`", "keep one")
	// A fresh directory there holds no secret.
	x.policy = func(p *policy.Policy) {
		p.Filesystem.Hidden, p.Filesystem.Private = standard, []string{"/home/me/.config/gh"}
	}
	entries(t, x.lay(t), "/home/me/.config", "dir /home/me/.config", "dir /home/me/.config/gh", "tmpfs /home/me/.config/gh 755")
}

// TestHiddenStandardHomeless: without a home there is nothing to hide where
// nothing of one is shown, and no way to hide it elsewhere.
func TestHiddenStandardHomeless(t *testing.T) {
	unknown := func(f *Facts) { f.Home, f.HomeWhy = "", "why" }
	l := trial{facts: unknown, policy: func(p *policy.Policy) { p.Filesystem.Hidden = standard }}.lay(t)
	if got := absents(l, "filesystem.hidden"); len(got) != 0 {
		t.Errorf("absent %q", got)
	}
	trial{facts: unknown, policy: func(p *policy.Policy) {
		p.Filesystem.Root, p.Filesystem.Home, p.Filesystem.Hidden = policy.RootHost, policy.HomeHost, standard
	}}.refuses(t, "filesystem.hidden", "not known: why", "`hidden` as a list")
	l = trial{facts: func(f *Facts) { f.Home = "/nonexistent" }, policy: func(p *policy.Policy) {
		p.Filesystem.Root, p.Filesystem.Home, p.Filesystem.Hidden = policy.RootHost, policy.HomeHost, standard
	}}.lay(t)
	if got := absents(l, "filesystem.hidden"); !slices.Equal(got, []string{"/nonexistent"}) {
		t.Errorf("absent %q", got)
	}
}

// TestStandardHiddenTable: each path is there once, has a reason, and is not
// below another.
func TestStandardHiddenTable(t *testing.T) {
	for i, s := range standardHidden {
		if !clean(s.path) || s.reason == "" {
			t.Errorf("%+v", s)
		}
		for j, other := range standardHidden {
			if i != j && under(s.path, other.path) {
				t.Errorf("%s lies below %s", s.path, other.path)
			}
		}
	}
	// What the documentation of the key names.
	for _, path := range strings.Fields("/.ssh /.aws /.gnupg /.netrc /.npmrc /.pypirc /.git-credentials /.docker /.kube /.config/gh /.config/gcloud") {
		if !slices.ContainsFunc(standardHidden[:], func(s secret) bool { return s.path == path }) {
			t.Errorf("%s is missing", path)
		}
	}
}
