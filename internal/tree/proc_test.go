package tree

import (
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

func TestProc(t *testing.T) {
	host := func(p *policy.Policy) {
		p.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost, Hidden: none, Protected: none}
	}
	fresh := []string{"proc /proc noexec", "tmpfs /proc/acpi 755 ro noexec", "mask /proc/kcore ro noexec", "bind /proc/sys self ro noexec"}
	for _, tt := range []struct {
		name   string
		pid    policy.NamespaceMode
		policy func(*policy.Policy)
		mounts string
		want   []string
	}{
		{"new", policy.NamespaceNew, nil, "", append([]string{"dir /proc"}, fresh...)},
		{"new, in place", policy.NamespaceNew, host, "", fresh},
		{"joined", policy.NamespaceJoin, nil, "", append([]string{"dir /proc"}, fresh...)},
		{"host, in place", policy.NamespaceHost, host, "", nil},
		{
			"host", policy.NamespaceHost, nil, "autofs /proc/sys/fs/binfmt_misc\n",
			[]string{"dir /proc", "bind /proc recursive noexec", "tmpfs /proc/acpi 755 ro noexec", "mask /proc/kcore ro noexec", "bind /proc/sys self recursive ro noexec"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := trial{mounts: tt.mounts, policy: func(p *policy.Policy) {
				if tt.policy != nil {
					tt.policy(p)
				}
				p.Namespaces[ns.PID] = tt.pid
			}}.lay(t)
			entries(t, l, "/proc", tt.want...)
			for i := range l.Entries {
				if e := &l.Entries[i]; under(e.Target, "/proc") && e.Key != "namespaces.pid" {
					t.Errorf("%s: key %s", entryText(e), e.Key)
				}
			}
		})
	}
}

func TestProcTable(t *testing.T) {
	for _, p := range procPaths {
		if !clean(p.path) || !below(p.path, "/proc") || p.reason == "" {
			t.Errorf("%+v", p)
		}
	}
}

func TestDevices(t *testing.T) {
	l := trial{}.lay(t)
	entries(t, l, "/dev",
		"dir /dev", "tmpfs /dev 755 noexec", "link /dev/fd -> /proc/self/fd", "file /dev/full", "bind /dev/full noexec dev",
		"file /dev/null", "bind /dev/null noexec dev", "link /dev/ptmx -> pts/ptmx", "dir /dev/pts", "devpts /dev/pts noexec dev",
		"file /dev/random", "bind /dev/random noexec dev", "dir /dev/shm", "tmpfs /dev/shm 1777",
		"link /dev/stderr -> /proc/self/fd/2", "link /dev/stdin -> /proc/self/fd/0", "link /dev/stdout -> /proc/self/fd/1",
		"file /dev/tty", "bind /dev/tty noexec dev", "file /dev/urandom", "bind /dev/urandom noexec dev", "file /dev/zero", "bind /dev/zero noexec dev")
	entries(t, trial{policy: func(p *policy.Policy) { p.Filesystem.Root = policy.RootHost }}.lay(t), "/dev")
}

func TestDevicesOfABrokenHost(t *testing.T) {
	p, f := bare(), facts(t, "")
	files := "d /proc\nd /home/me/src/app\nf /usr/bin/true\nf /dev/zero\nl /dev/null /etc/passwd\nc /dev/tty\n"
	_, err := Lay(p, f, newHost(t, files))
	refused, ok := err.(*Refusals)
	if !ok || len(refused.List) != 2 || refused.List[0].Cause != "/dev/null is no device on this host" || refused.List[1].Cause != "/dev/zero is no device on this host" {
		t.Errorf("%v", err)
	}
	l, err := Lay(p, f, newHost(t, "d /proc\nd /home/me/src/app\nf /usr/bin/true\nc /dev/null\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := absents(l, "filesystem.root"); len(got) != 5 {
		t.Errorf("absent %q", got)
	}
}

// TestNoProcNoDevices: what a fresh /proc and a fresh /dev are made after must be
// there.
func TestNoProcNoDevices(t *testing.T) {
	for _, files := range []string{"f /usr/bin/true\n", "f /usr/bin/true\nl /proc /usr\nl /dev /usr\n"} {
		_, err := Lay(bare(), facts(t, ""), newHost(t, files))
		refused, ok := err.(*Refusals)
		if !ok || len(refused.List) != 2 || refused.List[0].Key != "namespaces.pid" || refused.List[1].Key != "filesystem.root" {
			t.Errorf("%q: %v", files, err)
		}
	}
}
