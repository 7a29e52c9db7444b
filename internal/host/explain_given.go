package host

import (
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/tree"
)

// ExplainOp says why an op failed, where the errno alone would mislead; an errno
// of 0 is a result that is none. ok is false where there is nothing to add.
func ExplainOp(o *plan.Op, errno unix.Errno) (e Explanation, ok bool) {
	if errno == unix.EINVAL && len(o.Entries) == 1 && isGiving(o.Name) {
		return explainGiving(o.Entries[0], ownMounts()), true
	}
	return ExplainStep(o.Name, errno)
}

// isGiving says whether an op of this name makes an idmapped mount.
func isGiving(name string) bool {
	return name == "idmap.clone.owner" || name == "idmap.clone.recursive.owner"
}

// ownMounts is netjail's own mount table, empty where it cannot be read.
func ownMounts() []tree.MountPoint {
	text, err := readAll("/proc/self/mountinfo")
	if err != nil {
		return nil
	}
	mounts, err := parseMountInfo(text)
	if err != nil {
		return nil
	}
	return mounts
}

// explainGiving: the kernel knows no idmapped mounts of a file system. It does not
// say of which, where others are mounted below.
//
// Source: mount_setattr(2), and can_idmap_mount in fs/namespace.c.
func explainGiving(e *tree.Entry, mounts []tree.MountPoint) Explanation {
	return Explanation{
		"run by root, what the command shares is given to it as an idmapped mount, which the kernel does not make of every file system: " + lies(e, mounts),
		"put it on one that can be idmapped (ext4, XFS, Btrfs; tmpfs since Linux 6.3), run netjail as the user who owns it, or do without: take it out of `writable` and `mounts`, or write `home: hidden`",
	}
}

// lies says on which file systems a source is: its own, and those that are mounted
// below it and are given with it.
func lies(e *tree.Entry, mounts []tree.MountPoint) string {
	var on *tree.MountPoint
	var below []string
	for i := range mounts {
		m := &mounts[i]
		switch {
		case m.Point == "/" || e.Source == m.Point || strings.HasPrefix(e.Source, m.Point+"/"):
			if on == nil || len(m.Point) >= len(on.Point) {
				on = m // a later one at the same point lies over it
			}
		case e.Recursive && strings.HasPrefix(m.Point, e.Source+"/"):
			below = append(below, m.Point+" ("+m.Type+")")
		}
	}
	text := e.Source + " is on a file system that the mount table does not tell"
	if on != nil {
		text = e.Source + " is on " + on.Point + " (" + on.Type + ")"
	}
	if len(below) > 0 {
		text += ", and below it are " + strings.Join(below, ", ")
	}
	return text
}

// givingFailures are why what root's command shares was not given to it.
//
// Source: mount_setattr(2), open_tree(2), user_namespaces(7).
var givingFailures = []mountFailure{
	{[]string{"idmap.users."}, []unix.Errno{unix.EPERM, unix.EACCES}, Explanation{
		"run by root, what the command shares is given to it by a user namespace whose maps netjail may not write: root's capabilities CAP_SETUID and CAP_SETGID are missing, or a security module forbids it",
		"run netjail with root's capabilities, or as an ordinary user",
	}},
	{[]string{"idmap.source"}, []unix.Errno{unix.ENOENT, unix.ENOTDIR, unix.ELOOP}, Explanation{
		"what is to be shared is not where it was when netjail looked: somebody has removed or replaced it meanwhile", startAgain,
	}},
	{[]string{"idmap.clone", "idmap.clone.recursive", "idmap.clone.owner", "idmap.clone.recursive.owner"}, []unix.Errno{unix.EPERM}, Explanation{
		"run by root, what the command shares is given to it as an idmapped mount, and the kernel does not let netjail make one of it: netjail has no power over this file system, as root of a container has none, or it is mounted idmapped already",
		"run netjail as root of the machine, or as the ordinary user who owns the files",
	}},
	{[]string{"idmap.owner.uid", "idmap.owner.gid"}, nil, Explanation{
		"what is to be shared does not belong to whom it belonged when netjail looked: somebody has changed its owner meanwhile", startAgain,
	}},
	{[]string{"idmap.clone", "idmap.clone.recursive", "idmap.clone.owner", "idmap.clone.recursive.owner"}, []unix.Errno{unix.ENOSYS}, Explanation{
		"the kernel makes no idmapped mounts: it is older than Linux 5.12, or a seccomp filter that netjail runs under hides them",
		"use a newer kernel, or run netjail as the user who owns the files",
	}},
}
