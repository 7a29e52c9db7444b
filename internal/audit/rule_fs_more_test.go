package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// bound binds a directory or file of the host at a path of its own, for a key.
func bound(source, at, key string, mode uint32, o tree.Options, line string) func(*Case) {
	return all(asked(tree.Entry{
		Kind: tree.Bind, Source: source, Target: at, Node: tree.Node{Type: mode}, Options: o, Key: key,
	}), mounted(line))
}

// closed makes the case one in which nothing of the host is bound but devices.
func closed(c *Case) {
	var rest []tree.Entry
	for _, e := range c.Expect.Tree.Entries {
		if !covers("/home/me/work", e.Target) || e.Kind == tree.Dir {
			rest = append(rest, e)
		}
	}
	c.Expect.Tree.Entries, c.Expect.Tree.Writable = rest, nil
	for _, at := range []string{"/config", "/hooks", ""} {
		unmounted("/home/me/work/.git" + at)(c)
	}
	unmounted("/home/me/work")(c)
}

func fifoTable() []row {
	return []row{
		{"overlays", closed, Pass, "2 overlays"},
		{"a directory", same, Declared, "/home/me/work"},
		{"in place", inPlace, Declared, "filesystem.root is host"},
		{"a file", all(closed, bound("/home/me/x", "/x", "filesystem.mounts", aFile, confined, "121 100 254:1 /@home/me/x /x ro,nosuid,nodev - btrfs /dev/vdb rw")), Pass, "2 overlays"},
		{"a FIFO", all(closed, bound("/home/me/x", "/x", "filesystem.mounts", 0o010600, confined, "121 100 254:1 /@home/me/x /x ro,nosuid,nodev - btrfs /dev/vdb rw")), Declared, "/x"},
		{"without FIFOs", all(closed, func(c *Case) { c.Expect.Tree.Mounts[9].Type = "vfat" },
			bound("/srv", "/srv", keyRoot, aDirectory, confined, "121 100 0:29 / /srv ro,nosuid,nodev - vfat /dev/vdc rw")), Pass, ""},
		{"no overlay", all(closed, isType("/usr", "ext4")), Fail, "/usr (ext4)"},
		{"one more", all(closed, mounted(another)), Fail, "/srv (tmpfs)"},
	}
}

func remoteTable() []row {
	srv := "121 100 0:29 / /srv ro,nosuid,nodev - nfs4 box:/srv rw"
	return []row{
		{"none", same, Pass, "none among 21 mounts"},
		{"in place", inPlace, Declared, "/srv (nfs4)\nfilesystem.root is host"},
		{"named", bound("/srv", "/srv", "filesystem.mounts", aDirectory, confined, srv), Declared, "/srv (nfs4) by filesystem.mounts"},
		{"come along", bound("/srv", "/srv", keyRoot, aDirectory, confined, srv), Fail, "/srv (nfs4)"},
		{"not asked for", mounted("121 100 0:29 / /mnt ro - fuse.sshfs me@box:/ rw"), Fail, "/mnt (fuse.sshfs)"},
		{"behind an overlay", all(asked(tree.Entry{Kind: tree.Overlay, Source: "/srv", Target: "/srv", Options: confined, Key: keyRoot}),
			mounted("121 100 0:73 / /srv ro,nosuid,nodev - overlay overlay ro,lowerdir=/a:/b")), Fail, "/srv (overlay)"},
		{"behind an overlay, named", all(asked(tree.Entry{Kind: tree.Ephemeral, Source: "/srv", Target: "/srv", Options: confined, Key: keyHome}),
			mounted("121 100 0:73 / /srv rw,nosuid,nodev - overlay overlay rw,lowerdir=/a,upperdir=/b")), Declared, "/srv (overlay) by filesystem.home"},
		{"the host's /proc", mounted("121 100 0:21 / /old rw - proc proc rw"), Fail, "/old (proc)"},
		{"the host's devices", mounted("121 100 0:6 / /old rw - devtmpfs udev rw"), Fail, "/old (devtmpfs)"},
	}
}

func sysfsTable() []row {
	line := "121 100 0:22 / /sys ro,nosuid,nodev,noexec - sysfs sysfs rw"
	return []row{
		{"none", same, Pass, "none among"},
		{"in place", inPlace, Declared, "/sys (sysfs)\nfilesystem.root is host"},
		{"named", bound("/sys", "/sys", "filesystem.mounts", aDirectory, dataOnly, line), Declared, "/sys (sysfs) by filesystem.mounts"},
		{"not asked for", mounted(line), Fail, "/sys (sysfs)"},
	}
}

func cgroupTable() []row {
	line := "121 100 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec - cgroup2 cgroup2 rw"
	return []row{
		{"none", same, Pass, "none among"},
		{"in place", inPlace, Declared, "/sys/fs/cgroup (cgroup2)\nfilesystem.root is host"},
		{"named", bound("/sys/fs/cgroup", "/sys/fs/cgroup", "filesystem.mounts", aDirectory, dataOnly, line), Declared, "by filesystem.mounts"},
		{"not asked for", mounted(line), Fail, "/sys/fs/cgroup (cgroup2)"},
	}
}

func devicesTable() []row {
	look := func(f evidence.File) func(*Case) {
		return all(full, func(c *Case) {
			f.Path = "/dev/null"
			c.Evidence.Outside.Files.Value[4] = f
		})
	}
	kvm := "121 114 0:6 /kvm /dev/kvm rw,nosuid,noexec - devtmpfs udev rw"
	return []row{
		{"two nodes", same, Pass, "2 nodes, every other mount nodev"},
		{"two nodes, looked at", full, Pass, "2 nodes"},
		{"in place", inPlace, Declared, "mounts of the caller's that are not nodev"},
		{"named", bound("/dev/kvm", "/dev/kvm", "filesystem.mounts", aDevice, tree.Nosuid|tree.Noexec, kvm), Declared, "/dev/kvm by filesystem.mounts"},
		{"one that came along", bound("/dev/kvm", "/dev/kvm", keyRoot, aDevice, tree.Nosuid|tree.Noexec, kvm), Fail, "/dev/kvm"},
		{"not asked for", mounted(kvm), Fail, "/dev/kvm"},
		{"a whole file system", loose("/usr", evidence.MountNodev), Fail, "/usr"},
		{"another node", with("/dev/null", func(m *evidence.Mount) { m.Root = "/kvm" }), Fail, "/dev/null shows /kvm"},
		{"the host's terminals", ofHost("/dev/pts", "0:24"), Fail, "/dev/pts"},
		{"another device", look(evidence.File{Exists: true, Kind: evidence.FileCharacter, Device: "10:232"}), Fail, "/dev/null is device 10:232"},
		{"no device", look(evidence.File{Exists: true, Kind: evidence.FileRegular}), Fail, "stands for another device"},
		{"another path", all(full, func(c *Case) { c.Evidence.Outside.Files.Value[4].Path = "/x" }), Unknown, "/dev/null was not found"},
		{"not looked at", all(full, func(c *Case) { lost(&c.Evidence.Outside.Files) }), Unknown, "EIO"},
		{"no nodes", all(full, func(c *Case) {
			for _, at := range []string{"/dev/null", "/dev/tty"} {
				c.Expect.Tree.Entries = lacking(c.Expect.Tree.Entries, at)
				unmounted(at)(c)
			}
		}), Pass, "0 nodes"},
	}
}

func procTable() []row {
	look := func(i int, f evidence.File) func(*Case) {
		return all(full, func(c *Case) {
			f.Path = c.Evidence.Outside.Files.Value[i].Path
			c.Evidence.Outside.Files.Value[i] = f
		})
	}
	return []row{
		{"restricted", same, Pass, "3 paths masked or read-only"},
		{"restricted, and looked at", full, Pass, "3 paths"},
		{"restricted, in place", inPlace, Pass, "1 path masked or read-only"},
		{"the caller's", all(inPlace, hostNS(ns.PID)), Declared, "namespaces.pid is host"},
		{"settings", loose("/proc/sys", evidence.MountReadOnly), Fail, "/proc/sys can be written"},
		{"settings, in place", all(inPlace, unmounted("/proc/sys")), Fail, "/proc/sys is not mounted"},
		{"settings covered", mounted("121 113 0:66 / /proc/sys rw - proc proc rw"), Fail, "/proc/sys is covered by a mount at /proc/sys"},
		{"settings forgotten", func(c *Case) {
			c.Expect.Tree.Entries = lacking(c.Expect.Tree.Entries, "/proc/sys")
			unmounted("/proc/sys")(c)
		}, Fail, "/proc/sys is not read-only"},
		{"not masked", unmounted("/proc/kcore"), Fail, "/proc/kcore is not mounted"},
		{"masked by the host's", ofHost("/proc/kcore", "0:25"), Fail, "/proc/kcore is the host's"},
		{"full", look(2, evidence.File{Exists: true, Kind: evidence.FileRegular, Size: 1}), Fail, "/proc/kcore is not empty"},
		{"a name", look(3, evidence.File{Exists: true, Kind: evidence.FileDirectory, Names: 1}), Fail, "/proc/scsi is not empty"},
		{"gone", look(3, evidence.File{}), Unknown, "/proc/scsi was not found"},
		{"another path", all(full, func(c *Case) { c.Evidence.Outside.Files.Value[2].Path = "/x" }), Unknown, "/proc/kcore was not found"},
		{"not looked at", all(full, func(c *Case) { lost(&c.Evidence.Outside.Files) }), Unknown, "EIO"},
	}
}

func setuidTable() []row {
	suid := "121 100 254:1 /@home/me/x /x ro,nodev - btrfs /dev/vdb rw"
	return []row{
		{"nosuid", same, Pass, "21 mounts, all nosuid"},
		{"in place", inPlace, Declared, "3 mounts of the caller's that are not nosuid"},
		{"named", bound("/home/me/x", "/x", "filesystem.mounts", aDirectory, tree.Nodev, suid), Declared, "/x by filesystem.mounts"},
		{"named otherwise", bound("/home/me/x", "/x", "filesystem.mounts", aDirectory, confined, suid), Fail, "/x"},
		{"one", loose("/usr", evidence.MountNosuid), Fail, "/usr"},
		{"a node", loose("/dev/null", evidence.MountNosuid), Pass, ""},
		{"not asked for", mounted(suid), Fail, "/x"},
	}
}

func shmTable() []row {
	return []row{
		{"own", same, Pass, "tmpfs 0:70 at /dev/shm"},
		{"in place", inPlace, Declared, "filesystem.root is host"},
		{"of /dev", func(c *Case) {
			c.Expect.Tree.Entries = lacking(c.Expect.Tree.Entries, "/dev/shm")
			unmounted("/dev/shm")(c)
		}, Pass, "at /dev"},
		{"the host's", ofHost("/dev/shm", "0:25"), Fail, "it is the host's"},
		{"the host's, named", func(c *Case) {
			c.Expect.Tree.Entries = lacking(c.Expect.Tree.Entries, "/dev/shm")
			unmounted("/dev/shm")(c)
			bound("/dev/shm", "/dev/shm", "filesystem.mounts", aDirectory, confined, "121 114 0:25 / /dev/shm rw,nosuid,nodev - tmpfs tmpfs rw")(c)
		}, Declared, "filesystem.mounts names it"},
		{"covered", mounted("121 118 0:73 / /dev/shm rw - tmpfs tmpfs rw"), Fail, "another mount at /dev/shm"},
		{"not mounted", unmounted("/dev/shm"), Fail, "another mount at /dev/shm"},
	}
}

func cwdTable() []row {
	inside := func(path string) func(*Case) { return func(c *Case) { c.Evidence.Inside.Cwd.Value = path } }
	outside := func(p evidence.Place) func(*Case) { return func(c *Case) { c.Evidence.Outside.Cwd.Value = p } }
	return []row{
		{"declared", same, Pass, "/home/me/work"},
		{"declared, in place", inPlace, Pass, "/home/me/work"},
		{"the root", all(inside("/"), outside(evidence.Place{Path: "/", Mount: 100}), func(c *Case) { c.Expect.Tree.Workdir = "/" }), Pass, "/"},
		{"another", all(inside("/"), outside(evidence.Place{Path: "/", Mount: 100})), Fail, "it is another directory"},
		{"outside the root", all(inside("(unreachable)/home/me/work"), outside(evidence.Place{Path: "/home/me/work", Mount: 29})), Fail, disagree},
		{"outside the root, by the same name", outside(evidence.Place{Path: "/home/me/work", Mount: 29}), Fail, "on a mount that the command's tree does not hold"},
		{"covered", mounted("121 106 0:73 / /home/me/work rw - tmpfs tmpfs rw"), Fail, "on the mount at /home/me/work"},
		{"below a cover", outside(evidence.Place{Path: "/home/me/work", Mount: 105}), Fail, "on the mount at /home/me"},
		{"inside unread", func(c *Case) { lost(&c.Evidence.Inside.Cwd) }, Unknown, "EIO"},
		{"outside unread", func(c *Case) { lost(&c.Evidence.Outside.Cwd) }, Unknown, "EIO"},
	}
}

func hostMountsTable() []row {
	after := func(change func([]evidence.Mount) []evidence.Mount) func(*Case) {
		return all(full, func(c *Case) { c.Evidence.After.Mounts.Value = change(readTable(hostTable)) })
	}
	more := func(line string) func(*Case) {
		return after(func(list []evidence.Mount) []evidence.Mount { return append(list, readTable(line+"\n")...) })
	}
	return []row{
		{"same", full, Pass, "10 mounts, the same"},
		{"the jail's", more("40 21 0:60 / /mnt ro - tmpfs none rw"), Fail, "/mnt (tmpfs)"},
		{"somebody's", more("40 21 0:99 / /mnt ro - tmpfs none rw"), Pass, "1 mount came, 0 mounts went, all of them somebody else's"},
		{"somebody's, of what was there", more("40 21 254:1 /@home/me/work /mnt ro - btrfs /dev/vdb rw"), Pass, "1 mount came"},
		{"of what was there, by propagation", more("40 21 254:1 /@home/me/work /mnt ro shared:7 - btrfs /dev/vdb rw"), Fail, "/mnt (btrfs)"},
		{"somebody's, by propagation", more("40 21 254:1 /@home/me/other /mnt ro shared:7 - btrfs /dev/vdb rw"), Pass, "1 mount came"},
		{"somebody's, and the jail has peers", all(more("40 21 0:99 / /mnt ro - tmpfs none rw"), func(c *Case) {
			c.Evidence.Outside.Mounts.Value[1].Peers = true
		}), Unknown, "cannot be told who"},
		{"went", after(func(list []evidence.Mount) []evidence.Mount { return list[1:] }), Pass, "0 mounts came, 1 mount went"},
		{"changed", after(func(list []evidence.Mount) []evidence.Mount {
			list[2].Flags |= evidence.MountReadOnly
			return list
		}), Pass, "1 mount came, 1 mount went"},
		{"in another order", after(func(list []evidence.Mount) []evidence.Mount {
			list[2], list[3] = list[3], list[2]
			return list
		}), Pass, "10 mounts"},
		{"not a full audit", same, Unknown, "only a full audit"},
		{"before unread", all(full, func(c *Case) { lost(&c.Evidence.Before.Mounts) }), Unknown, "EIO"},
		{"after unread", all(full, func(c *Case) { lost(&c.Evidence.After.Mounts) }), Unknown, "EIO"},
		{"jail unread", all(full, unreadMounts), Unknown, "EIO"},
		{"shared", hostNS(ns.Mount), NotApplicable, "namespaces.mount is host"},
	}
}

func umaskTable() []row {
	own := func(mask uint32) func(*Case) {
		return func(c *Case) { c.Policy.Process.Umask = policy.Umask{Own: true, Mask: mask} }
	}
	return []row{
		{"declared", all(own(0o027), func(c *Case) { c.Evidence.Outside.Umask.Value = 0o027 }), Pass, "0027"},
		{"declared, the caller's unread", all(own(0o022), func(c *Case) { lost(&c.Evidence.Before.Umask) }), Pass, "0022"},
		{"declared, and the caller's", own(0o027), Fail, "0022"},
		{"the caller's", same, Pass, "0022"},
		{"another", func(c *Case) { c.Evidence.Outside.Umask.Value = 0 }, Fail, "0000"},
		{"another after exec", all(held, func(c *Case) { c.Evidence.AfterExec.Umask.Value = 0o777 }), Fail, "0777"},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.Umask) }), Pass, "0022"},
		{"unread", func(c *Case) { lost(&c.Evidence.Outside.Umask) }, Unknown, "EIO"},
		{"own unread", func(c *Case) { lost(&c.Evidence.Before.Umask) }, Unknown, "netjail's own"},
	}
}
