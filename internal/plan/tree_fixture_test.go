package plan_test

import "github.com/netjail/netjail/internal/tree"

// Types of files, as stat(2) gives them.
const (
	fileType   = 0o100000
	dirType    = 0o040000
	deviceType = 0o020000
)

const strict = tree.Nosuid | tree.Nodev

// node is a file of a host's disk.
func node(inode uint64, kind uint32) tree.Node {
	return tree.Node{Device: 0xfe00, Inode: inode, Type: kind} // 254:0
}

// wholeTree is a new root with an entry of every kind: what is alike and what is
// not, and mounts in places that netjail made and in places that it did not.
func wholeTree() *tree.Layout {
	return &tree.Layout{Workdir: "/home/me/work", Writable: []string{"/home/me/work"}, Entries: []tree.Entry{
		{Kind: tree.Symlink, Target: "/bin", Source: "usr/bin", Key: "filesystem.root"},
		{Kind: tree.Dir, Target: "/dev", Perm: 0o755, Key: "filesystem.root"},
		{Kind: tree.File, Target: "/dev/null", Perm: 0o444, Key: "filesystem.root"},
		{Kind: tree.Bind, Target: "/dev/null", Source: "/dev/null", Node: node(4, deviceType), Options: tree.Nosuid | tree.Noexec, Key: "filesystem.root"},
		{Kind: tree.File, Target: "/dev/zero", Perm: 0o444, Key: "filesystem.root"},
		{Kind: tree.Bind, Target: "/dev/zero", Source: "/dev/zero", Node: node(6, deviceType), Options: tree.Nosuid | tree.Noexec, Key: "filesystem.root"},
		{Kind: tree.Dir, Target: "/dev/pts", Perm: 0o755, Key: "filesystem.root"},
		{Kind: tree.Devpts, Target: "/dev/pts", Options: tree.Nosuid | tree.Noexec, Key: "filesystem.root"},
		{Kind: tree.Dir, Target: "/etc", Perm: 0o755, Key: "filesystem.root"},
		{Kind: tree.Overlay, Target: "/etc", Source: "/etc", Node: node(12, dirType), Options: strict, Key: "filesystem.root"},
		{Kind: tree.Overlay, Target: "/etc/ssl", Source: "/etc/ssl", Node: tree.Node{Device: 35, Inode: 2, Type: dirType}, Options: strict, Key: "filesystem.root"},
		{Kind: tree.Dir, Target: "/home", Perm: 0o755, Key: "filesystem.home"},
		{Kind: tree.Dir, Target: "/home/me", Perm: 0o755, Key: "filesystem.home"},
		{Kind: tree.Ephemeral, Target: "/home/me", Source: "/home/me", Node: node(20, dirType), Options: strict, Key: "filesystem.home", Why: "the caller's home, copy-on-write"},
		{Kind: tree.Mask, Target: "/home/me/.netrc", Options: strict | tree.ReadOnly | tree.Noexec, Key: "filesystem.hidden"},
		{Kind: tree.Mask, Target: "/home/me/.npmrc", Options: strict | tree.ReadOnly | tree.Noexec, Key: "filesystem.hidden"},
		{Kind: tree.Tmpfs, Target: "/home/me/.ssh", Options: strict | tree.ReadOnly, Perm: 0o755, Key: "filesystem.hidden"},
		{Kind: tree.Dir, Target: "/home/me/made", Perm: 0o700, Key: "filesystem.private"},
		{Kind: tree.Tmpfs, Target: "/home/me/made", Options: strict, Perm: 0o700, Size: 1 << 20, Key: "filesystem.private"},
		{Kind: tree.Dir, Target: "/home/me/made/here", Perm: 0o755, Key: "filesystem.private"},
		{Kind: tree.Bind, Target: "/home/me/work", Source: "/srv/work", Node: node(30, dirType), Options: strict, Recursive: true, Key: "filesystem.writable", Why: "shared with the host"},
		{Kind: tree.Bind, Self: true, Target: "/home/me/work/.envrc", Source: "/srv/work/.envrc", Node: node(33, fileType), Options: strict | tree.ReadOnly, Key: "filesystem.protected"},
		{Kind: tree.Bind, Self: true, Target: "/home/me/work/.git", Source: "/srv/work/.git", Node: node(31, dirType), Key: "filesystem.protected"},
		{Kind: tree.Bind, Self: true, Target: "/home/me/work/.git/hooks", Source: "/srv/work/.git/hooks", Node: node(32, dirType), Options: strict | tree.ReadOnly, Key: "filesystem.protected"},
		{Kind: tree.Dir, Target: "/proc", Perm: 0o555, Key: "filesystem.root"},
		{Kind: tree.Proc, Target: "/proc", Options: strict | tree.Noexec, Key: "filesystem.root"},
		{Kind: tree.Mask, Target: "/proc/kcore", Options: strict | tree.Noexec, Key: "filesystem.root"},
		{Kind: tree.Mask, Target: "/proc/keys", Options: strict | tree.Noexec, Key: "filesystem.root"},
		{Kind: tree.Bind, Self: true, Target: "/proc/bus", Options: strict | tree.Noexec | tree.ReadOnly, Key: "filesystem.root"},
		{Kind: tree.Bind, Self: true, Target: "/proc/sys", Options: strict | tree.Noexec | tree.ReadOnly, Key: "filesystem.root"},
		{Kind: tree.Dir, Target: "/run", Perm: 0o755, Key: "filesystem.private"},
		{Kind: tree.Tmpfs, Target: "/run", Perm: 0o755, Options: strict | tree.ReadOnly, Key: "filesystem.private"},
		{Kind: tree.Dir, Target: "/run/lock", Perm: 0o1777, Key: "filesystem.private"},
		{Kind: tree.Tmpfs, Target: "/run/lock", Perm: 0o1777, Options: strict, Key: "filesystem.private"},
		{Kind: tree.Symlink, Target: "/sbin", Source: "usr/sbin", Key: "filesystem.root"},
		{Kind: tree.Dir, Target: "/tmp", Perm: 0o1777, Key: "filesystem.private"},
		{Kind: tree.Tmpfs, Target: "/tmp", Perm: 0o1777, Options: strict, Key: "filesystem.private"},
		{Kind: tree.Dir, Target: "/usr", Perm: 0o755, Key: "filesystem.root"},
		{Kind: tree.Overlay, Target: "/usr", Source: "/usr", Node: node(2, dirType), Options: strict, Key: "filesystem.root"},
	}}
}

// treeInPlace is the caller's own tree with something of most kinds over it.
func treeInPlace() *tree.Layout {
	return &tree.Layout{InPlace: true, Workdir: "/srv/work", Entries: []tree.Entry{
		{Kind: tree.Tmpfs, Target: "/home", Options: strict, Perm: 0o755, Key: "filesystem.home"},
		{Kind: tree.Dir, Target: "/home/me", Perm: 0o755, Key: "filesystem.home"},
		{Kind: tree.Bind, Target: "/home/me", Source: "/home/me", Node: node(20, dirType), Options: strict, Key: "filesystem.writable"},
		{Kind: tree.Mask, Target: "/home/me/.netrc", Options: strict | tree.Noexec, Key: "filesystem.hidden"},
		{Kind: tree.Overlay, Target: "/opt", Source: "/opt", Node: node(40, dirType), Options: strict, Key: "filesystem.mounts"},
		{Kind: tree.Proc, Target: "/proc", Options: strict | tree.Noexec, Key: "namespaces.pid"},
		{Kind: tree.Bind, Self: true, Target: "/proc/sys", Options: strict | tree.Noexec | tree.ReadOnly, Key: "filesystem.root"},
		{Kind: tree.Bind, Self: true, Target: "/srv/work/.git", Source: "/srv/work/.git", Node: node(31, dirType), Key: "filesystem.protected"},
	}}
}

// treeOwned is wholeTree as root's command gets it: the home and what is writable
// are given to it, of which one belongs to somebody else.
func treeOwned() *tree.Layout {
	l := wholeTree()
	for i := range l.Entries {
		switch e := &l.Entries[i]; {
		case e.Kind == tree.Ephemeral:
			e.Node.Owner = tree.Owner{UID: 0, GID: 0}
			e.Owner = &e.Node.Owner
		case e.Key == "filesystem.writable":
			e.Node.Owner = tree.Owner{UID: 1000, GID: 100}
			e.Owner = &e.Node.Owner
		}
	}
	return l
}

// treeOwnedInPlace has a home that is put together, and a part of it that is
// another user's.
func treeOwnedInPlace() *tree.Layout {
	l := treeInPlace()
	me := tree.Owner{UID: 7, GID: 8}
	for i := range l.Entries {
		switch e := &l.Entries[i]; e.Target {
		case "/home/me":
			if e.Kind == tree.Bind {
				e.Node.Owner, e.Owner = me, &me
			}
		case "/opt":
			e.Key, e.Owner = "filesystem.home", &me
		}
	}
	return l
}
