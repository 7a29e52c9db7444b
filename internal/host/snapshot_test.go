package host

import (
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// TestSnapshot compares with what package os and the kernel's files say.
func TestSnapshot(t *testing.T) {
	p := policy.Default()
	p.Process.InheritFDs = []int{0, 1, 2, 300}
	h, err := Snapshot(&p, "")
	if err != nil {
		t.Fatal(err)
	}
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if h.PID != os.Getpid() || int(h.UID) != os.Getuid() || int(h.GID) != os.Getgid() || h.Hostname != name {
		t.Errorf("%+v", h)
	}
	groups, err := os.Getgroups()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(groups, h.Groups, func(a int, b uint32) bool { return a == int(b) }) {
		t.Errorf("groups %v, want %v", h.Groups, groups)
	}
	if !slices.Contains(h.ClosedFDs, 300) || h.FDBase < blockStart {
		t.Errorf("closed %v, the block begins at %d", h.ClosedFDs, h.FDBase)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if h.NoFile.Hard != limit.Max || h.NoFile.Soft > limit.Max {
		t.Errorf("limit %+v, now %+v", h.NoFile, limit)
	}
	if h.LastCap < 37 || h.LastCap > 63 {
		t.Errorf("the last capability is %d", h.LastCap)
	}
	if ranged := h.RootRange != (plan.Range{}) || h.RootRangeWhy != ""; ranged != (os.Getuid() == 0) {
		t.Errorf("range %+v, %q", h.RootRange, h.RootRangeWhy)
	}
	p.Namespaces[ns.User] = policy.NamespaceHost
	if h, err = Snapshot(&p, ""); err != nil || h.RootRange.Size != 0 {
		t.Errorf("a range without a user namespace: %+v, %v", h.RootRange, err)
	}
}
