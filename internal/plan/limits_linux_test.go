package plan_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// TestCoreLimit: the kernel knows 1 as the limit at which it starts no helper; a
// caller who may have no more than 0 gets that.
func TestCoreLimit(t *testing.T) {
	for _, c := range []struct {
		name  string
		hard  uint64
		dumps policy.CoreDumps
		list  []policy.Rlimit
		want  []policy.Rlimit
	}{
		{"denied", policy.Unlimited, policy.CoreDumpsDeny, nil, []policy.Rlimit{{Type: policy.RlimitCore, Soft: 1, Hard: 1}}},
		{"denied, and none to be had", 0, policy.CoreDumpsDeny, nil, []policy.Rlimit{{Type: policy.RlimitCore}}},
		{"inherited", policy.Unlimited, policy.CoreDumpsInherited, nil, nil},
		{"declared", policy.Unlimited, policy.CoreDumpsInherited, []policy.Rlimit{{Type: policy.RlimitCore, Hard: 9}}, []policy.Rlimit{{Type: policy.RlimitCore, Hard: 9}}},
	} {
		p, h := bundled(t, "minimal"), ordinaryUser()
		p.Process.CoreDumps, p.Process.Rlimits, h.Limits[policy.RlimitCore].Hard = c.dumps, c.list, c.hard
		l, err := plan.Build(p, h, &plan.Command{Path: "/bin/true", Argv: []string{"true"}}, plan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Limits) != len(c.want) || len(c.want) > 0 && l.Limits[0] != c.want[0] {
			t.Errorf("%s: %v", c.name, l.Limits)
		}
		if (l.Index("limit.core") >= 0) != (c.want != nil) || (l.Index("read.limit.core") >= 0) != (c.want != nil) {
			t.Errorf("%s: the ops are not those of the limits", c.name)
		}
	}
}

// TestNoFile: the limit on open files that the runtime raised is given back, or
// replaced by the profile's, and never both.
func TestNoFile(t *testing.T) {
	p := bundled(t, "minimal")
	for range 2 {
		l, err := plan.Build(p, ordinaryUser(), &plan.Command{Path: "/bin/true", Argv: []string{"true"}}, plan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		declared := p.Process.Rlimits != nil
		if (l.Index("limit.nofile") >= 0) != declared || (l.Index("restore.nofile") >= 0) == declared {
			t.Errorf("declared %t: restore.nofile is op %d, limit.nofile op %d", declared, l.Index("restore.nofile"), l.Index("limit.nofile"))
		}
		p.Process.Rlimits = []policy.Rlimit{{Type: policy.RlimitNoFile, Soft: 64, Hard: 64}}
	}
}

// TestResourceNumbers holds the names of the language to the kernel's numbers.
func TestResourceNumbers(t *testing.T) {
	for n, name := range map[policy.RlimitType]string{
		unix.RLIMIT_CPU: "CPU", unix.RLIMIT_FSIZE: "FSIZE", unix.RLIMIT_DATA: "DATA", unix.RLIMIT_STACK: "STACK", unix.RLIMIT_CORE: "CORE",
		unix.RLIMIT_RSS: "RSS", unix.RLIMIT_NPROC: "NPROC", unix.RLIMIT_NOFILE: "NOFILE", unix.RLIMIT_MEMLOCK: "MEMLOCK", unix.RLIMIT_AS: "AS",
		unix.RLIMIT_LOCKS: "LOCKS", unix.RLIMIT_SIGPENDING: "SIGPENDING", unix.RLIMIT_MSGQUEUE: "MSGQUEUE", unix.RLIMIT_NICE: "NICE",
		unix.RLIMIT_RTPRIO: "RTPRIO", unix.RLIMIT_RTTIME: "RTTIME",
	} {
		if n.String() != "RLIMIT_"+name {
			t.Errorf("resource %d is %s, want RLIMIT_%s", n, n, name)
		}
	}
}
