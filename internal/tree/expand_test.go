package tree

import (
	"strconv"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// TestExpand: a directory with something mounted below it is put together.
func TestExpand(t *testing.T) {
	l := trial{
		files: `
f /etc/resolv.conf
f /etc/hosts
d /etc/ssl/certs
d /etc/app/data/deep
d /etc/app/data/state
f /etc/app/conf
l /etc/mtab ../proc/self/mounts
s /etc/app.sock
p /etc/fifo
c /etc/null
b /etc/disk
`,
		mounts: "ext4 /etc/resolv.conf\next4 /etc/app/data/state noexec\n",
	}.lay(t)
	entries(t, l, "/etc",
		"dir /etc", "dir /etc/app", "file /etc/app/conf", "bind /etc/app/conf ro",
		"dir /etc/app/data", "dir /etc/app/data/deep", "overlay /etc/app/data/deep ro",
		"dir /etc/app/data/state", "overlay /etc/app/data/state ro noexec",
		"file /etc/hosts", "bind /etc/hosts ro", "link /etc/mtab -> ../proc/self/mounts",
		"file /etc/passwd", "bind /etc/passwd ro", "file /etc/resolv.conf", "bind /etc/resolv.conf ro",
		"dir /etc/ssl", "overlay /etc/ssl ro")
}

// TestExpandAround: what a key names in an expanded directory is the key's.
func TestExpandAround(t *testing.T) {
	l := trial{
		files:  "d /opt/a/x\nd /opt/b/y\nd /opt/b/z\nf /opt/c",
		mounts: "ext4 /opt/b/y\n",
		policy: func(p *policy.Policy) {
			p.Filesystem.Private = []string{"/opt/a", "/opt/b/y"}
			p.Filesystem.Mounts = []policy.Mount{{Destination: "/opt/c", Type: "bind", Source: "/etc/passwd"}}
		},
	}.lay(t)
	entries(t, l, "/opt",
		"dir /opt", "dir /opt/a", "tmpfs /opt/a 755", "dir /opt/b", "dir /opt/b/y", "tmpfs /opt/b/y 755",
		"dir /opt/b/z", "overlay /opt/b/z ro", "file /opt/c", "bind /opt/c < /etc/passwd ro", "dir /opt/tool", "overlay /opt/tool ro")
}

// TestExpandNot: a key that covers a directory covers what is mounted below it.
func TestExpandNot(t *testing.T) {
	l := trial{mounts: "ext4 /opt/tool\n", policy: func(p *policy.Policy) { p.Filesystem.Private = []string{"/opt"} }}.lay(t)
	entries(t, l, "/opt", "dir /opt", "tmpfs /opt 755")
}

// TestExpandUnlisted: what cannot be listed stays empty.
func TestExpandUnlisted(t *testing.T) {
	l := trial{files: "x /opt/locked\nd /opt/locked/m", mounts: "ext4 /opt/locked/m\n"}.lay(t)
	entries(t, l, "/opt", "dir /opt", "dir /opt/locked", "dir /opt/tool", "overlay /opt/tool ro")
}

func TestExpandBound(t *testing.T) {
	var files strings.Builder
	for i := range maxExpanded - 1 { // and /opt/tool
		files.WriteString("f /opt/" + strconv.Itoa(i) + "\n")
	}
	x := trial{files: files.String(), mounts: "ext4 /opt/tool\n"}
	x.lay(t)
	x.files += "f /opt/more\n"
	x.refuses(t, "filesystem.root", "more than 2000", "unmount /opt/tool")
}

// TestFileSystems: what is remote, or the kernel's own, is covered where no key
// names it.
func TestFileSystems(t *testing.T) {
	readonly := func(p *policy.Policy) { p.Filesystem.Root = policy.RootReadonly }
	files := "d /mnt/a/sub\nd /mnt/b\nf /mnt/file\n"
	for _, kind := range []string{"nfs", "nfs4", "fuse", "fuse.sshfs", "fuseblk", "cifs", "smb3", "9p", "ceph", "afs", "autofs", "virtiofs", "cgroup2", "devpts", "nsfs", "sysfs", "proc"} {
		l := trial{files: files, policy: readonly, mounts: kind + " /mnt/a\n" + kind + " /mnt/file\n"}.lay(t)
		entries(t, l, "/mnt", "dir /mnt", "dir /mnt/a", "tmpfs /mnt/a 755 ro noexec", "dir /mnt/b", "overlay /mnt/b ro", "file /mnt/file", "mask /mnt/file ro noexec")
	}
	for _, kind := range []string{"ext4", "btrfs", "xfs", "zfs", "tmpfs", "overlay", "squashfs", "fuseless", "f2fs"} {
		l := trial{files: files, policy: readonly, mounts: kind + " /mnt/a\n"}.lay(t)
		entries(t, l, "/mnt/a", "dir /mnt/a", "overlay /mnt/a ro")
	}
	l := trial{files: files, policy: readonly, mounts: "vfat /mnt/a noexec\n"}.lay(t)
	entries(t, l, "/mnt/a", "dir /mnt/a", "bind /mnt/a ro noexec")
	// Another user's FUSE cannot even be looked at.
	l = trial{files: "x /mnt/a/b\n", policy: readonly, mounts: "fuse.x /mnt/a/b/c\n"}.lay(t)
	entries(t, l, "/mnt/a", "dir /mnt/a", "dir /mnt/a/b")
}

// TestRemoteNamed: what a key names is shown, and what lies in it.
func TestRemoteNamed(t *testing.T) {
	x := trial{
		files: "d /mnt/nfs/proj/data\nd /mnt/nfs/other\n", mounts: "nfs /mnt/nfs\nnfs /mnt/nfs/proj/data\n",
		policy: func(p *policy.Policy) {
			p.Filesystem.Root, p.Filesystem.Writable = policy.RootReadonly, []string{"/mnt/nfs/proj"}
		},
	}
	entries(t, x.lay(t), "/mnt",
		"dir /mnt", "dir /mnt/nfs", "tmpfs /mnt/nfs 755 ro noexec", "dir /mnt/nfs/proj", "bind /mnt/nfs/proj recursive")
	x.policy = func(p *policy.Policy) {
		p.Filesystem.Root = policy.RootReadonly
		p.Filesystem.Mounts = []policy.Mount{{Destination: "/mnt/nfs", Type: "bind", Source: "/mnt/nfs", Options: []string{"rbind"}}}
	}
	entries(t, x.lay(t), "/mnt", "dir /mnt", "dir /mnt/nfs", "bind /mnt/nfs recursive ro")
}

// TestRemoteRoot: what the root needs must be local.
func TestRemoteRoot(t *testing.T) {
	trial{mounts: "nfs4 /usr\n"}.refuses(t, "filesystem.root", "/usr is an nfs4 file system", "`mounts`")
	x := trial{facts: func(f *Facts) { f.Mounts[0].Type = "virtiofs" }}
	x.refuses(t, "filesystem.root", "the root directory is on a virtiofs", "`root: host`")
	x.policy = func(p *policy.Policy) { p.Filesystem.Root = policy.RootEmpty }
	x.lay(t)
	entries(t, trial{mounts: "nfs /opt\n"}.lay(t), "/opt", "dir /opt", "tmpfs /opt 755 ro noexec")
}

// TestUnknownRoot: a table that does not tell where the root is on is not
// believed.
func TestUnknownRoot(t *testing.T) {
	trial{facts: func(f *Facts) { f.Mounts = f.Mounts[1:] }}.refuses(t, "filesystem.root", "does not tell", "chroot")
	trial{facts: func(f *Facts) { f.Mounts[1].ID = f.Mounts[0].ID }}.refuses(t, "filesystem.root", "one number for two", "try again")
}
