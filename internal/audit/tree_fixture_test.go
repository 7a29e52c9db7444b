package audit

import (
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// hostTable is the mount table of a host, as its kernel wrote it.
const hostTable = `21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
22 21 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw
23 21 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
24 23 0:28 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:8 - cgroup2 cgroup2 rw
25 21 0:6 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=12334460k,mode=755
26 25 0:24 / /dev/pts rw,nosuid,noexec,relatime shared:3 - devpts devpts rw,mode=600,ptmxmode=000
27 25 0:25 / /dev/shm rw,nosuid,nodev shared:4 - tmpfs tmpfs rw
28 21 0:26 / /run rw,nosuid,nodev shared:5 - tmpfs tmpfs rw,mode=755
29 21 254:1 /@home /home rw,nodev,relatime shared:6 - btrfs /dev/vdb rw
30 21 0:29 / /srv rw,relatime shared:9 - nfs4 box:/srv rw
`

// jailTable is that of a command on it, which systemLayout makes.
const jailTable = `100 90 0:60 / / ro,nosuid,nodev,relatime - tmpfs none rw,mode=755,uid=1000,gid=1000
101 100 0:61 / /usr ro,nosuid,nodev,relatime - overlay overlay ro,lowerdir=/proc/self/fd/44:/proc/self/fd/45/empty,userxattr
102 100 0:62 / /etc ro,nosuid,nodev,relatime - overlay overlay ro,lowerdir=/proc/self/fd/46:/proc/self/fd/45/empty,userxattr
103 102 0:63 / /etc/ssl/private ro,nosuid,nodev,noexec,relatime - tmpfs tmpfs ro,mode=755
104 102 0:64 /none /etc/secret\040one ro,nosuid,nodev,noexec,relatime - tmpfs none rw
105 100 0:65 / /home/me rw,nosuid,nodev,relatime - tmpfs tmpfs rw,mode=700
106 105 254:1 /@home/me/work /home/me/work rw,nosuid,nodev,relatime - btrfs /dev/vdb rw
107 106 254:1 /@home/me/work/.git /home/me/work/.git rw,nosuid,nodev,relatime - btrfs /dev/vdb rw
108 107 254:1 /@home/me/work/.git/config /home/me/work/.git/config ro,nosuid,nodev,relatime - btrfs /dev/vdb rw
109 107 254:1 /@home/me/work/.git/hooks /home/me/work/.git/hooks ro,nosuid,nodev,relatime - btrfs /dev/vdb rw
110 100 0:66 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
111 110 0:64 /none /proc/kcore ro,nosuid,nodev,noexec,relatime - tmpfs none rw
112 110 0:67 / /proc/scsi ro,nosuid,nodev,noexec,relatime - tmpfs tmpfs ro,mode=755
113 110 0:66 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
114 100 0:68 / /dev ro,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755
115 114 0:6 /null /dev/null rw,nosuid,noexec,relatime - devtmpfs udev rw,size=12334460k,mode=755
116 114 0:6 /tty /dev/tty rw,nosuid,noexec,relatime - devtmpfs udev rw,size=12334460k,mode=755
117 114 0:69 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,mode=600,ptmxmode=666
118 114 0:70 / /dev/shm rw,nosuid,nodev,relatime - tmpfs tmpfs rw
119 100 0:71 / /tmp rw,nosuid,nodev,relatime - tmpfs tmpfs rw,size=1024k
120 100 0:72 / /run rw,nosuid,nodev,relatime - tmpfs tmpfs rw,mode=755
`

// Types of files, as Node has them. Source: inode(7).
const (
	aDirectory = 0o040755
	aFile      = 0o100644
	aDevice    = 0o020666
)

const (
	confined = tree.Nosuid | tree.Nodev
	dataOnly = confined | tree.Noexec
)

// systemLayout is `root: system` with a hidden home, one writable directory in
// it, and everything else that such a profile can ask for.
func systemLayout() *tree.Layout {
	return &tree.Layout{
		Writable: []string{"/home/me/work"},
		Workdir:  "/home/me/work",
		Absent:   []tree.Absent{{Path: "/home/me/work/.envrc", Key: keyProtected}, {Path: "/home/me/.ssh", Key: keyHidden}},
		Entries: []tree.Entry{
			{Kind: tree.Overlay, Target: "/usr", Source: "/usr", Node: tree.Node{Type: aDirectory}, Options: confined | tree.ReadOnly, Key: keyRoot},
			{Kind: tree.Symlink, Target: "/bin", Source: "usr/bin", Key: keyRoot},
			{Kind: tree.Overlay, Target: "/etc", Source: "/etc", Node: tree.Node{Type: aDirectory}, Options: confined | tree.ReadOnly, Key: keyRoot},
			{Kind: tree.Tmpfs, Target: "/etc/ssl/private", Options: dataOnly | tree.ReadOnly, Perm: 0o755, Key: keyHidden},
			{Kind: tree.Mask, Target: "/etc/secret one", Options: dataOnly | tree.ReadOnly, Key: keyHidden},
			{Kind: tree.Dir, Target: "/home", Key: keyHome},
			{Kind: tree.Tmpfs, Target: "/home/me", Options: confined, Perm: 0o700, Key: keyHome},
			{Kind: tree.Dir, Target: "/home/me/work", Key: keyWritable},
			{Kind: tree.Bind, Target: "/home/me/work", Source: "/home/me/work", Node: tree.Node{Type: aDirectory}, Options: confined, Key: keyWritable},
			{Kind: tree.Bind, Self: true, Target: "/home/me/work/.git", Source: "/home/me/work/.git", Options: confined, Key: keyProtected},
			{Kind: tree.Bind, Self: true, Target: "/home/me/work/.git/config", Source: "/home/me/work/.git/config", Options: confined | tree.ReadOnly, Key: keyProtected},
			{Kind: tree.Bind, Self: true, Target: "/home/me/work/.git/hooks", Source: "/home/me/work/.git/hooks", Options: confined | tree.ReadOnly, Key: keyProtected},
			{Kind: tree.Proc, Target: "/proc", Options: dataOnly, Key: keyProc},
			{Kind: tree.Mask, Target: "/proc/kcore", Options: dataOnly | tree.ReadOnly, Key: keyProc},
			{Kind: tree.Tmpfs, Target: "/proc/scsi", Options: dataOnly | tree.ReadOnly, Perm: 0o755, Key: keyProc},
			{Kind: tree.Bind, Self: true, Target: "/proc/sys", Options: dataOnly | tree.ReadOnly, Key: keyProc},
			{Kind: tree.Tmpfs, Target: "/dev", Options: dataOnly | tree.ReadOnly, Perm: 0o755, Key: keyRoot},
			{Kind: tree.File, Target: "/dev/null", Key: keyRoot},
			{Kind: tree.Bind, Target: "/dev/null", Source: "/dev/null", Node: tree.Node{Type: aDevice}, Options: tree.Nosuid | tree.Noexec, Key: keyRoot},
			{Kind: tree.Bind, Target: "/dev/tty", Source: "/dev/tty", Node: tree.Node{Type: aDevice}, Options: tree.Nosuid | tree.Noexec, Key: keyRoot},
			{Kind: tree.Devpts, Target: "/dev/pts", Options: tree.Nosuid | tree.Noexec, Key: keyRoot},
			{Kind: tree.Tmpfs, Target: "/dev/shm", Options: confined, Perm: 0o1777, Key: keyRoot},
			{Kind: tree.Tmpfs, Target: "/tmp", Options: confined, Perm: 0o1777, Size: 1 << 20, Key: keyPrivate},
			{Kind: tree.Tmpfs, Target: "/run", Options: confined, Perm: 0o755, Key: keyPrivate},
		},
	}
}

// readTable is a mount table from its text.
func readTable(text string) []evidence.Mount {
	mounts, err := evidence.ParseMountInfo(text)
	if err != nil {
		panic(err)
	}
	return mounts
}

// callersTable is a mount table as netjail hands it to the layout.
func callersTable(text string) []tree.MountPoint {
	var points []tree.MountPoint
	for _, m := range readTable(text) {
		points = append(points, tree.MountPoint{ID: m.ID, Parent: m.Parent, Device: m.Device, Root: m.Root, Point: m.Point, Type: m.Type, Options: optionsOf(&m)})
	}
	return points
}

// healthyTree gives a case a tree of files in which everything is as declared.
func healthyTree(c *Case) {
	c.Policy.Filesystem = policy.Filesystem{Root: policy.RootSystem, Writable: []string{"project"}, Private: []string{"/tmp", "/run"}}
	c.Expect.Tree = systemLayout()
	c.Expect.Tree.Mounts = callersTable(hostTable)
	e := c.Evidence
	e.Outside.Mounts = known(readTable(jailTable), "/proc/72/mountinfo")
	e.Outside.Root = known(evidence.Place{Path: "/", Mount: 100}, "/proc/72/root")
	e.Outside.Cwd = known(evidence.Place{Path: "/home/me/work", Mount: 106}, "/proc/72/cwd")
	e.Inside.Cwd = known("/home/me/work", "getcwd(2)")
	own := known(readTable(hostTable), "/proc/thread-self/mountinfo")
	e.Before.Umask, e.Outside.Umask = known(uint32(0o022), "umask(2)"), known(uint32(0o022), "/proc/72/status")
	e.Before.Mounts, e.After.Mounts = own, own
	healthyLimits(c)
	healthyEnvironment(c)
	healthyKeyring(c)
	e.Outside.Files = known([]evidence.File{
		{Path: "/etc/ssl/private", Exists: true, Kind: evidence.FileDirectory},
		{Path: "/etc/secret one", Exists: true, Kind: evidence.FileRegular},
		{Path: "/proc/kcore", Exists: true, Kind: evidence.FileRegular},
		{Path: "/proc/scsi", Exists: true, Kind: evidence.FileDirectory},
		{Path: "/dev/null", Exists: true, Kind: evidence.FileCharacter, Device: "1:3"},
		{Path: "/dev/tty", Exists: true, Kind: evidence.FileCharacter, Device: "5:0"},
		{Path: "/bin", Exists: true, Kind: evidence.FileLink, Link: "usr/bin"},
		{Path: "/usr", Exists: true, Kind: evidence.FileDirectory, Perm: 0o755, Names: 9, Born: 3, Changed: 50},
		{Path: "/etc", Exists: true, Kind: evidence.FileDirectory, Perm: 0o755, Names: 99, Changed: 60},
	}, "/proc/72/root")
	e.Sources = known([]evidence.File{
		{Path: "/usr", Exists: true, Kind: evidence.FileDirectory, Perm: 0o755, Names: 9, Born: 3, Changed: 51}, // meanwhile
		{Path: "/etc", Exists: true, Kind: evidence.FileDirectory, Perm: 0o755, Names: 99, Changed: 60},
	}, "/proc/thread-self/root")
}

// inPlace makes the case one of `root: host`, with a fresh /proc and one hidden
// directory mounted over the caller's tree.
func inPlace(c *Case) {
	c.Policy.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost}
	c.Expect.Tree = &tree.Layout{
		InPlace: true, Workdir: "/home/me/work", Mounts: callersTable(hostTable),
		Entries: []tree.Entry{
			{Kind: tree.Tmpfs, Target: "/home/me/.ssh", Options: dataOnly | tree.ReadOnly, Perm: 0o1777, Key: keyHidden},
			{Kind: tree.Proc, Target: "/proc", Options: dataOnly, Key: keyProc},
			{Kind: tree.Bind, Self: true, Target: "/proc/sys", Options: dataOnly | tree.ReadOnly, Key: keyProc},
		},
	}
	mounts := readTable(hostTable)
	for i := range mounts { // a copy has numbers of its own
		mounts[i].ID += 200
		mounts[i].Parent += 200
		mounts[i].Peers = false
	}
	mounts = append(mounts, readTable(`301 229 0:60 / /home/me/.ssh ro,nosuid,nodev,noexec - tmpfs tmpfs ro
302 222 0:61 / /proc rw,nosuid,nodev,noexec - proc proc rw
303 302 0:61 /sys /proc/sys ro,nosuid,nodev,noexec - proc proc rw
`)...)
	e := c.Evidence
	e.Outside.Mounts.Value = mounts
	e.Outside.Root.Value.Mount = 221
	e.Outside.Cwd.Value.Mount = 229
	e.Outside.Files.Value = []evidence.File{{Path: "/home/me/.ssh", Exists: true, Kind: evidence.FileDirectory}}
}

// mount is the line of the command's table at a path, the last one.
func mountAt(c *Case, at string) *evidence.Mount {
	list := c.Evidence.Outside.Mounts.Value
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Point == at {
			return &list[i]
		}
	}
	panic("no mount at " + at)
}

// with changes the line at a path.
func with(at string, change func(*evidence.Mount)) func(*Case) {
	return func(c *Case) { change(mountAt(c, at)) }
}

// loose takes attributes from the mount at a path.
func loose(at string, flags evidence.MountFlags) func(*Case) {
	return with(at, func(m *evidence.Mount) { m.Flags &^= flags })
}

// isType makes the mount at a path one of another type.
func isType(at, fstype string) func(*Case) {
	return with(at, func(m *evidence.Mount) { m.Type = fstype })
}

// ofHost makes the mount at a path one of a file system of the host's.
func ofHost(at, device string) func(*Case) {
	return with(at, func(m *evidence.Mount) { m.Device = device })
}

// unmounted takes the line at a path away.
func unmounted(at string) func(*Case) {
	return func(c *Case) {
		m := *mountAt(c, at)
		list := &c.Evidence.Outside.Mounts.Value
		*list = slices.DeleteFunc(*list, func(x evidence.Mount) bool { return x == m })
	}
}

// mounted adds lines to the table.
func mounted(lines string) func(*Case) {
	return func(c *Case) {
		list := &c.Evidence.Outside.Mounts.Value
		*list = append(*list, readTable(lines+"\n")...)
	}
}

// asked adds an entry to the layout.
func asked(e tree.Entry) func(*Case) {
	return func(c *Case) { c.Expect.Tree.Entries = append(c.Expect.Tree.Entries, e) }
}

// unread loses the table.
func unreadMounts(c *Case) { lost(&c.Evidence.Outside.Mounts) }

// notLaid is a case whose layout is not known.
func notLaid(c *Case) { c.Expect.Tree = nil }

func BenchmarkMounts(b *testing.B) {
	c := healthy()
	b.ReportAllocs()
	for b.Loop() {
		if t := compareMounts(c.Expect.Tree, c.Expect.Tree.Mounts, c.Evidence.Outside.Mounts.Value); len(t.extra) > 0 {
			b.Fatal("a healthy table is not")
		}
	}
}
