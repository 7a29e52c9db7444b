package runner_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/netjail/netjail/internal/tree"
)

// fullTree is a tree as profiles have it: the host's programs behind overlays, a
// /dev, a fresh /proc of which parts are covered, a home that is kept in memory
// and a repository in it that is shared.
func fullTree(b *testing.B) *house {
	h := newRoot(b)
	for _, dev := range []string{"/dev/full", "/dev/random", "/dev/tty"} {
		h.file(dev).show(tree.Bind, dev, dev, tree.Nosuid|tree.Noexec)
	}
	for _, l := range [][2]string{{"/dev/fd", "/proc/self/fd"}, {"/dev/stdin", "/proc/self/fd/0"}, {"/dev/stdout", "/proc/self/fd/1"}, {"/dev/stderr", "/proc/self/fd/2"}, {"/dev/ptmx", "pts/ptmx"}} {
		h.add(tree.Entry{Kind: tree.Symlink, Target: l[0], Source: l[1]})
	}
	h.dir("/dev/pts").add(tree.Entry{Kind: tree.Devpts, Target: "/dev/pts", Options: tree.Nosuid | tree.Noexec})
	h.dir("/dev/shm").tmpfs("/dev/shm", 0o1777, 0).dir("/run").tmpfs("/run", 0o755, 0).dir("/var").dir("/var/tmp").tmpfs("/var/tmp", 0o1777, 0)
	for _, name := range []string{"bus", "fs", "irq", "sys", "sysrq-trigger"} {
		if exists("/proc/" + name) {
			h.add(tree.Entry{Kind: tree.Bind, Self: true, Target: "/proc/" + name, Options: readOnly | tree.Noexec})
		}
	}
	for _, name := range []string{"kcore", "keys", "latency_stats", "timer_list", "sched_debug"} {
		if exists("/proc/" + name) {
			h.mask("/proc/" + name)
		}
	}
	home, err := os.MkdirTemp("/tmp", "netjail-bench-")
	if err == nil {
		err = os.Chmod(home, 0o755) // root's jail has other ids
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(home) })
	work := filepath.Join(home, "work")
	for _, dir := range []string{".ssh", ".aws", "work/.git/hooks"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	for _, file := range []string{".netrc", ".npmrc", "work/.git/config", "work/.envrc"} {
		if err := os.WriteFile(filepath.Join(home, file), nil, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	inside(h, tree.Ephemeral, home, "/home/me", tree.Nosuid|tree.Nodev).mask("/home/me/.netrc").mask("/home/me/.npmrc")
	h.tmpfs("/home/me/.aws", 0o755, tree.ReadOnly).tmpfs("/home/me/.ssh", 0o755, tree.ReadOnly)
	h.show(tree.Bind, work, "/home/me/work", tree.Nosuid|tree.Nodev)
	return protect(h, work, "/home/me/work")
}

// BenchmarkTree starts a command in the caller's own tree, and in a whole one of
// its own.
func BenchmarkTree(b *testing.B) {
	for _, c := range []struct {
		name string
		make func(*testing.B) *house
	}{
		{"none", func(b *testing.B) *house { return inPlace(b) }},
		{"small", func(b *testing.B) *house { return newRoot(b) }},
		{"full", fullTree},
	} {
		b.Run(c.name, func(b *testing.B) {
			h := c.make(b)
			for b.Loop() {
				if err := h.exec(freeFD(b, 35), "/bin/true", "true"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(h.plan.Ops)), "ops")
		})
	}
}
