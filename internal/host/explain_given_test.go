package host

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/tree"
)

// TestExplainGiving: the explanation names the file system, and those below where
// they are given as well.
func TestExplainGiving(t *testing.T) {
	mounts := []tree.MountPoint{
		{Point: "/", Type: "ext4"},
		{Point: "/srv", Type: "xfs"},
		{Point: "/srv", Type: "overlay"},
		{Point: "/srv/work/nfs", Type: "nfs4"},
		{Point: "/srv/works", Type: "9p"},
	}
	for _, c := range []struct {
		entry  tree.Entry
		mounts []tree.MountPoint
		want   string
	}{
		{tree.Entry{Source: "/srv/work"}, mounts, "/srv/work is on /srv (overlay)"},
		{tree.Entry{Source: "/srv/work", Recursive: true}, mounts, "/srv/work is on /srv (overlay), and below it are /srv/work/nfs (nfs4)"},
		{tree.Entry{Source: "/srv/works"}, mounts, "/srv/works is on /srv/works (9p)"},
		{tree.Entry{Source: "/home"}, mounts, "/home is on / (ext4)"},
		{tree.Entry{Source: "/home"}, nil, "/home is on a file system that the mount table does not tell"},
	} {
		got := explainGiving(&c.entry, c.mounts)
		if !strings.HasSuffix(got.Cause, ": "+c.want) || !strings.Contains(got.Help, "take it out of `writable`") {
			t.Errorf("%+v\nwant %s", got, c.want)
		}
	}
}

// TestExplainOp: an op that gives has its own explanation for what no file system
// of that type can do, and for the rest that of its name.
func TestExplainOp(t *testing.T) {
	entry := []*tree.Entry{{Source: "/proc/self"}}
	for _, c := range []struct {
		name    string
		entries []*tree.Entry
		errno   unix.Errno
		want    string
	}{
		{"idmap.clone.owner", entry, unix.EINVAL, "/proc/self is on /proc (proc)"},
		{"idmap.clone.recursive.owner", entry, unix.EINVAL, "/proc/self is on /proc (proc)"},
		{"idmap.clone.owner", entry, unix.EPERM, "no power over this file system"},
		{"idmap.clone.owner", entry, unix.ENOSYS, "older than Linux 5.12"},
		{"idmap.users.0.0", nil, unix.EPERM, "CAP_SETUID"},
		{"mount.mask.target./root/x", nil, unix.EACCES, "may not enter a directory on the way"},
		{"idmap.source", entry, unix.ELOOP, "somebody has removed or replaced it"},
		{"idmap.source.same", entry, 0, "another file is there"},
		{"idmap.owner.gid", entry, 0, "changed its owner"},
	} {
		got, ok := ExplainOp(&plan.Op{Name: c.name, Entries: c.entries}, c.errno)
		if !ok || !strings.Contains(got.Cause, c.want) {
			t.Errorf("%s, %v: %+v, want %q", c.name, c.errno, got, c.want)
		}
	}
}
