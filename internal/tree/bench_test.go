package tree

import (
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// ordinary is a policy as a profile for everyday work has it.
func ordinary() *policy.Policy {
	p := bare()
	p.Filesystem.Home = policy.HomeEphemeral
	p.Filesystem.Writable, p.Filesystem.Protected = []string{"project"}, standard
	p.Filesystem.Hidden = standard
	p.Filesystem.Private = []string{"/run", "/tmp", "/var/tmp"}
	return p
}

const ordinaryFiles = standardFiles + `
d /home/me/.cache
d /home/me/.config/gh
d /home/me/.local/share
f /home/me/.bash_history
f /home/me/.bashrc
f /home/me/.profile
d /home/me/.ssh
l /lib64 usr/lib64
l /sbin usr/sbin
`

// TestHostCalls: each of them is a system call at every start.
func TestHostCalls(t *testing.T) {
	h := newHost(t, ordinaryFiles)
	if _, err := Lay(ordinary(), facts(t, ""), h); err != nil {
		t.Fatal(err)
	}
	if h.calls > 83 {
		t.Errorf("%d calls", h.calls)
	}
}

func BenchmarkLay(b *testing.B) {
	p, f, h := ordinary(), facts(b, ""), newHost(b, ordinaryFiles)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Lay(p, f, unchecked{h}); err != nil {
			b.Fatal(err)
		}
	}
}

// unchecked is a host that does not check the contract, which takes time.
type unchecked struct{ *fakeHost }

func (h unchecked) Lstat(path string) (Node, bool) {
	n, ok := h.nodes[path]
	return n, ok
}

func (h unchecked) Readlink(path string) (string, error) { return h.texts[path], nil }

func (h unchecked) ReadText(string) (string, bool)        { return "", false }
func (h unchecked) ReadDir(path string) ([]string, error) { return h.names[path], nil }
