package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

func treeRows() map[string][]row {
	tables := map[string][]row{
		"fs.root": rootTable(), "fs.writable": writableTable(), "fs.hidden": hiddenTable(), "fs.protected": protectedTable(),
		"fs.private": privateTable(), "fs.home": homeTable(), "fs.host-executes": executesTable(), "fs.fifo": fifoTable(),
		"fs.remote": remoteTable(), "fs.sysfs": sysfsTable(), "fs.cgroup": cgroupTable(), "fs.devices": devicesTable(),
		"fs.proc": procTable(), "proc.setuid": setuidTable(), "ipc.posix-shm": shmTable(), "fd.cwd": cwdTable(),
	}
	for id := range tables {
		tables[id] = append(tables[id],
			row{"unread", unreadMounts, Unknown, "EIO"},
			row{"not laid", notLaid, Unknown, "not known"},
			row{"no table of the caller's", func(c *Case) { c.Expect.Tree.Mounts = nil }, Unknown, "not known"},
			row{"no table of the caller's, in place", all(unasked, func(c *Case) { lost(&c.Evidence.After.Mounts) }), Unknown, "not known"},
			row{"shared", hostNS(ns.Mount), NotApplicable, "namespaces.mount is host"})
	}
	tables["fs.owner"], tables["fs.setid-planting"] = givenTable(), setIDTable()
	tables["host.mounts"], tables["proc.umask"] = hostMountsTable(), umaskTable()
	return tables
}

const another = "121 100 0:73 / /srv ro,nosuid,nodev - tmpfs tmpfs rw"

func rootTable() []row {
	return []row{
		{"as declared", same, Pass, "21 mounts, each as declared"},
		{"as declared, in place", inPlace, Declared, "13 mounts"},
		{"as declared, nothing asked", unasked, Declared, "12 mounts"},
		{"one more, nothing asked", all(unasked, mounted("304 221 0:73 / /mnt rw - tmpfs tmpfs rw")), Fail, "/mnt (tmpfs) was not asked for"},
		{"one more", mounted(another), Fail, "/srv (tmpfs) was not asked for"},
		{"the old root over the new", mounted("121 100 254:0 / / rw - ext4 /dev/vda rw"), Fail, "/ (ext4) was not asked for"},
		{"over a mount", mounted("121 101 0:73 / /usr ro,nosuid,nodev - tmpfs tmpfs rw"), Fail, "/usr (tmpfs) was not asked for; /usr is covered by a mount at /usr"},
		{"one less", unmounted("/etc/ssl/private"), Fail, "/etc/ssl/private is not mounted"},
		{"no root", unmounted("/"), Fail, "/usr (overlay) was not asked for"},
		{"nothing at all", func(c *Case) { c.Evidence.Outside.Mounts.Value = nil }, Fail, "and 13 more"},
		{"on another mount", with("/etc/ssl/private", func(m *evidence.Mount) { m.Parent = 100 }), Fail, "/etc/ssl/private is not mounted"},
		{"another type", isType("/usr", "tmpfs"), Fail, "/usr is tmpfs and not overlay"},
		{"the host's type", isType("/home/me/work", "ext4"), Fail, "/home/me/work is ext4 and not btrfs"},
		{"the root is writable", loose("/", evidence.MountReadOnly), Fail, "/ is not read-only"},
		{"the root has devices", loose("/", evidence.MountNodev), Fail, "/ is not nodev"},
		{"the root is the host's", ofHost("/", "0:26"), Fail, "/ is the host's file system 0:26"},
		{"set-ID programs", loose("/usr", evidence.MountNosuid), Fail, "/usr is not nosuid"},
		{"memory of the host's", ofHost("/tmp", "0:25"), Fail, "/tmp is the host's file system 0:25"},
		{"another device", ofHost("/home/me/work", "254:0"), Fail, "/home/me/work shows the file system 254:0 and not 254:1"},
		{"another directory", with("/home/me/work", func(m *evidence.Mount) { m.Root = "/@home/me" }), Fail, "shows /@home/me of its file system and not /@home/me/work"},
		{"a deleted directory", with("/home/me/work", func(m *evidence.Mount) { m.Root += "//deleted" }), Fail, "work//deleted of its file system"},
		{"another file of /proc", with("/proc/sys", func(m *evidence.Mount) { m.Root = "/" }), Fail, "/proc/sys shows / of its file system and not /sys"},
		{"what another lies on", ofHost("/proc/sys", "0:21"), Fail, "/proc/sys shows the file system 0:21 and not what it lies on"},
		{"a layer to write to", with("/usr", func(m *evidence.Mount) { m.Super += ",upperdir=/x" }), Fail, "/usr is an overlay that can be written"},
		{"read-only by its file system", all(loose("/usr", evidence.MountReadOnly), same), Pass, ""},
		{"writable after all", loose("/usr", evidence.MountReadOnly|evidence.SuperReadOnly), Fail, "/usr is not read-only"},
		{"without a layer of its own", all(ephemeral, with("/home/me", func(m *evidence.Mount) { m.Super = "rw,lowerdir=/a:/b" })), Fail, "without a layer of its own"},
		{"recursive", recursive, Pass, "22 mounts"},
		{"recursive, one of them lost", all(recursive, unmounted("/data/deep")), Fail, "/data/deep is not mounted"},
		{"another root", func(c *Case) { c.Evidence.Outside.Root.Value.Mount = 101 }, Fail, "the root is mount 101, and / is 100"},
		{"a mode", with("/run", func(m *evidence.Mount) { m.Super = "rw" }), Fail, "/run has the permission bits 1777"},
		{"the root's mode", with("/", func(m *evidence.Mount) { m.Super = "rw,mode=777" }), Fail, "/ has the permission bits 777"},
		{"a size", with("/tmp", func(m *evidence.Mount) { m.Super = "rw,size=1028k" }), Pass, "each as declared"}, // a page more, at most
		{"too large", with("/tmp", func(m *evidence.Mount) { m.Super = "rw,size=1088k" }), Fail, "/tmp may hold 1088k"},
		{"too small", with("/tmp", func(m *evidence.Mount) { m.Super = "rw,size=1020k" }), Fail, "/tmp may hold 1020k"},
		{"of no unit", with("/tmp", func(m *evidence.Mount) { m.Super = "rw,size=1048576" }), Fail, "/tmp may hold 1048576"},
		{"no size", with("/tmp", func(m *evidence.Mount) { m.Super = "rw" }), Fail, "/tmp may hold whatever the kernel lets it"},
		{"looked at", full, Pass, "each as declared"},
		{"ephemeral, looked at", all(full, ephemeral, homeSeen(evidence.File{Names: 8}, evidence.File{Names: 7})), Pass, "each as declared"},
		{"ephemeral, not to be listed", all(full, ephemeral, homeSeen(evidence.File{Names: -1}, evidence.File{Names: 7})), Pass, "each as declared"},
		{"ephemeral, of another directory", all(full, ephemeral, homeSeen(evidence.File{Names: 9}, evidence.File{Names: 7})), Fail, "/home/me shows another directory"},
		{"ephemeral, with other bits", all(full, ephemeral, homeSeen(evidence.File{Names: 8, Perm: 0o755}, evidence.File{Names: 7})), Fail, "/home/me has other permission bits"},
		{"another directory", saw("/usr", func(f *evidence.File) { f.Born = 4 }), Fail, "/usr shows another directory than /usr"},
		{"another directory, by its change", saw("/etc", func(f *evidence.File) { f.Changed = 61 }), Fail, "/etc shows another directory"},
		{"changed meanwhile", all(saw("/etc", func(f *evidence.File) { f.Changed = 55 }), readBefore("/etc", 50)), Pass, "each as declared"},
		{"changed before", all(saw("/etc", func(f *evidence.File) { f.Changed = 55 }), readBefore("/etc", 56)), Fail, "/etc shows another directory"},
		{"other bits", saw("/etc", func(f *evidence.File) { f.Perm = 0o777 }), Fail, "/etc has other permission bits"},
		{"another link", saw("/bin", func(f *evidence.File) { f.Link = "/home/me" }), Fail, "/bin is no link to usr/bin"},
		{"no link", saw("/bin", func(f *evidence.File) { f.Kind = evidence.FileDirectory }), Fail, "/bin is no link to usr/bin"},
		{"a link that is not there", saw("/bin", func(f *evidence.File) { f.Exists = false }), Fail, "/bin is not there"},
		{"an overlay not looked at", saw("/etc", func(f *evidence.File) { f.Path = "/x" }), Unknown, "/etc was not found"},
		{"a source not looked at", all(full, func(c *Case) { c.Evidence.Sources.Value = nil }), Unknown, "/usr was not found"},
		{"sources unread", all(full, func(c *Case) { lost(&c.Evidence.Sources) }), Unknown, "EIO"},
		{"not looked at", all(full, func(c *Case) { lost(&c.Evidence.Outside.Files) }), Unknown, "EIO"},
		{"root unread", func(c *Case) { lost(&c.Evidence.Outside.Root) }, Unknown, "EIO"},
		{"in place, one more", all(inPlace, mounted("304 221 0:73 / /mnt rw - tmpfs tmpfs rw")), Fail, "/mnt (tmpfs) was not asked for"},
		{"in place, one less", all(inPlace, unmounted("/srv")), Fail, "/srv is not mounted"},
		{"in place, loosened", all(inPlace, loose("/dev/shm", evidence.MountNosuid)), Fail, "/dev/shm is nodev and not nosuid, nodev"},
		{"in place, not covered", all(inPlace, unmounted("/home/me/.ssh")), Fail, "/home/me/.ssh is not mounted"},
		{"given to root's command", given, Pass, "each as declared"},
		{"not given to it", all(given, with("/home/me/work", func(m *evidence.Mount) { m.Flags &^= evidence.MountIdmapped })), Fail, "/home/me/work is not idmapped"},
		{"a part of it not given", all(given, with("/home/me/work/.git/hooks", func(m *evidence.Mount) { m.Flags &^= evidence.MountIdmapped })), Fail, "/home/me/work/.git/hooks is not idmapped"},
		{"after exec", all(held, func(c *Case) { c.Evidence.Outside.Mounts.Value = nil }), Pass, ""},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.Mounts) }), Pass, ""},
	}
}

// saw changes what a full audit saw at a path.
func saw(path string, change func(*evidence.File)) func(*Case) {
	return all(full, func(c *Case) {
		for i := range c.Evidence.Outside.Files.Value {
			if f := &c.Evidence.Outside.Files.Value[i]; f.Path == path {
				change(f)
				return
			}
		}
		panic("nobody looked at " + path)
	})
}

// homeSeen is what a full audit sees of an ephemeral home and of its source.
func homeSeen(home, source evidence.File) func(*Case) {
	return func(c *Case) {
		for _, f := range []*evidence.File{&home, &source} {
			f.Path, f.Exists, f.Kind = "/home/me", true, evidence.FileDirectory
		}
		c.Evidence.Outside.Files.Value = append(c.Evidence.Outside.Files.Value, home)
		c.Evidence.Sources.Value = append(c.Evidence.Sources.Value, source)
	}
}

// unasked makes the case one in which no file is to be other than the caller's,
// and for which his table was not read beforehand.
func unasked(c *Case) {
	inPlace(c)
	c.Policy.Filesystem.Hidden.Kind = policy.PathsNone
	c.Expect.Tree.Mounts, c.Expect.Tree.Entries = nil, c.Expect.Tree.Entries[1:]
	unmounted("/home/me/.ssh")(c)
}

// ephemeral makes the home one whose changes are discarded.
func ephemeral(c *Case) {
	c.Policy.Filesystem.Home = policy.HomeEphemeral
	for i := range c.Expect.Tree.Entries {
		if e := &c.Expect.Tree.Entries[i]; e.Kind == tree.Tmpfs && e.Target == "/home/me" {
			e.Kind, e.Source = tree.Ephemeral, "/home/me"
		}
	}
	m := mountAt(c, "/home/me")
	m.Type, m.Super = "overlay", "rw,lowerdir=/proc/self/fd/44,upperdir=/proc/self/fd/45/upper6,workdir=/proc/self/fd/45/work6,userxattr"
}

// recursive shows a directory of the host with what is mounted below it.
func recursive(c *Case) {
	c.Expect.Tree.Mounts = append(c.Expect.Tree.Mounts,
		tree.MountPoint{ID: 31, Parent: 21, Device: "254:2", Root: "/", Point: "/mnt/data", Type: "ext4"},
		tree.MountPoint{ID: 32, Parent: 31, Device: "254:3", Root: "/x", Point: "/mnt/data/deep", Type: "xfs", Options: tree.Noexec})
	asked(tree.Entry{
		Kind: tree.Bind, Recursive: true, Source: "/mnt/data", Target: "/data", Node: tree.Node{Type: aDirectory}, Options: confined | tree.ReadOnly, Key: "filesystem.mounts",
	})(c)
	mounted(`121 100 254:2 / /data ro,nosuid,nodev - ext4 /dev/vdc rw
122 121 254:3 /x /data/deep ro,nosuid,nodev,noexec - xfs /dev/vdd rw`)(c)
	// It is one mount less, so that the numbers of the others stay.
	c.Expect.Tree.Entries = lacking(c.Expect.Tree.Entries, "/run")
	unmounted("/run")(c)
}

// lacking are the entries but for those at a path.
func lacking(entries []tree.Entry, target string) []tree.Entry {
	var rest []tree.Entry
	for _, e := range entries {
		if e.Target != target {
			rest = append(rest, e)
		}
	}
	return rest
}

func writableTable() []row {
	none := func(c *Case) {
		c.Expect.Tree.Writable, c.Policy.Filesystem.Writable = nil, nil
		for _, at := range []string{"/home/me/work", "/home/me/work/.git"} {
			with(at, func(m *evidence.Mount) { m.Flags |= evidence.MountReadOnly })(c)
		}
	}
	return []row{
		{"declared", same, Declared, "/home/me/work"},
		{"none", none, Pass, "none"},
		{"in place", inPlace, Declared, "filesystem.root is host"},
		{"one more", mounted("121 100 254:1 /@home/you /home/you rw,nosuid,nodev - btrfs /dev/vdb rw"), Fail, "/home/you"},
		{"one more, read-only", mounted("121 100 254:1 /@home/you /home/you ro,nosuid,nodev - btrfs /dev/vdb rw"), Declared, ""},
		{"one that only looks like memory", ofHost("/tmp", "0:25"), Fail, "/tmp"},
		{"not the declared one", func(c *Case) { c.Expect.Tree.Writable = []string{"/home/me/wor"} }, Fail, "/home/me/work"},
		{"declared and read-only", with("/home/me/work", func(m *evidence.Mount) { m.Flags |= evidence.MountReadOnly }), Fail, "read-only: /home/me/work"},
		{"declared, on a read-only file system", with("/home/me/work", func(m *evidence.Mount) { m.Flags |= evidence.SuperReadOnly }), Fail, "read-only: /home/me/work"},
	}
}

func hiddenTable() []row {
	look := func(i int, f evidence.File) func(*Case) {
		return all(full, func(c *Case) {
			f.Path = c.Evidence.Outside.Files.Value[i].Path
			c.Evidence.Outside.Files.Value[i] = f
		})
	}
	named := func(c *Case) {
		bound("/home/me/keys", "/etc/ssl/private/keys", "filesystem.mounts", aDirectory, confined,
			"121 103 254:1 /@home/me/keys /etc/ssl/private/keys rw,nosuid,nodev - btrfs /dev/vdb rw")(c)
		c.Evidence.Outside.Files.Value[0].Names = 1
	}
	const open = "what is to be hidden is not"
	return []row{
		{"covered", same, Pass, "2 paths covered; the host has no /home/me/.ssh"},
		{"covered, in place", inPlace, Pass, "1 path covered"},
		{"covered, and looked at", full, Pass, "each looked at, and empty"},
		{"none", all(inPlace, func(c *Case) {
			c.Policy.Filesystem.Hidden.Kind = policy.PathsNone
			c.Expect.Tree.Entries = c.Expect.Tree.Entries[1:]
			unmounted("/home/me/.ssh")(c)
		}), Declared, "filesystem.hidden is none"},
		{"not covered", unmounted("/etc/ssl/private"), Fail, open},
		{"not covered, in place", all(inPlace, unmounted("/home/me/.ssh")), Fail, "/home/me/.ssh is not mounted"},
		{"writable", loose("/etc/ssl/private", evidence.MountReadOnly|evidence.SuperReadOnly), Fail, "is not read-only"},
		{"by a file system of the host", ofHost("/etc/secret one", "0:25"), Fail, "/etc/secret one is covered by a file system of the host"},
		{"something in it", mounted("121 103 0:73 / /etc/ssl/private/keys ro - tmpfs tmpfs rw"), Fail, "/etc/ssl/private/keys is mounted in what is to be empty"},
		{"something in it that a key names", all(full, named), Pass, "2 paths covered"},
		{"and more", all(full, named, look(0, evidence.File{Exists: true, Kind: evidence.FileDirectory, Names: 2})), Fail, "/etc/ssl/private is not empty"},
		{"not to be listed", look(0, evidence.File{Exists: true, Kind: evidence.FileDirectory, Names: -1}), Unknown, "/etc/ssl/private may not be listed"},
		{"a name in it", look(0, evidence.File{Exists: true, Kind: evidence.FileDirectory, Names: 1}), Fail, "/etc/ssl/private is not empty"},
		{"a byte in it", look(1, evidence.File{Exists: true, Kind: evidence.FileRegular, Size: 1}), Fail, "/etc/secret one is not empty"},
		{"a socket", look(1, evidence.File{Exists: true, Kind: evidence.FileOther}), Fail, "/etc/secret one is not empty"},
		{"gone", look(1, evidence.File{}), Unknown, "/etc/secret one was not found"},
		{"another path", all(full, func(c *Case) { c.Evidence.Outside.Files.Value[0].Path = "/x" }), Unknown, "/etc/ssl/private was not found"},
		{"not looked at", all(full, func(c *Case) { lost(&c.Evidence.Outside.Files) }), Unknown, "EIO"},
	}
}

func protectedTable() []row {
	const git, config = "/home/me/work/.git", "/home/me/work/.git/config"
	everything := func(c *Case) { c.Expect.Tree.Absent = nil }
	return []row{
		{"protected", everything, Pass, "2 paths read-only"},
		{"some are not there", same, Declared, "what does not exist can be made by the command"},
		{"nothing is writable", func(c *Case) { c.Expect.Tree.Writable = nil }, Pass, "nothing is writable"},
		{"in place", inPlace, Declared, "filesystem.root is host"},
		{"none", func(c *Case) { c.Policy.Filesystem.Protected.Kind = policy.PathsNone }, Declared, "filesystem.protected is none"},
		{"covered", mounted("121 106 0:73 / /home/me/work rw - tmpfs tmpfs rw"), Fail, config + " is covered by a mount at /home/me/work"},
		{"not mounted", unmounted(config), Fail, config + " is not mounted"},
		{"writable", loose(config, evidence.MountReadOnly), Fail, config + " can be written"},
		{"another file", with(config, func(m *evidence.Mount) { m.Root = "/@home/me/work/.git/HEAD" }), Fail, "shows /@home/me/work/.git/HEAD"},
		{"can be moved away", func(c *Case) {
			c.Expect.Tree.Entries = lacking(c.Expect.Tree.Entries, git)
			unmounted(git)(c)
			for _, at := range []string{config, "/home/me/work/.git/hooks"} {
				with(at, func(m *evidence.Mount) { m.Parent = 106 })(c)
			}
		}, Fail, git + ", on the way to " + config + ", is no mount"},
	}
}

func privateTable() []row {
	return []row{
		{"private", same, Pass, "/tmp, /run"},
		{"none", func(c *Case) {
			c.Policy.Filesystem.Private = nil
			c.Expect.Tree.Entries = lacking(lacking(c.Expect.Tree.Entries, "/tmp"), "/run")
		}, NotApplicable, "filesystem.private is none"},
		{"forgotten", func(c *Case) {
			c.Expect.Tree.Entries = lacking(lacking(c.Expect.Tree.Entries, "/tmp"), "/run")
		}, Unknown, "the layout makes none"},
		{"not mounted", unmounted("/tmp"), Fail, "/tmp is not mounted"},
		{"covered", mounted("121 119 0:25 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw"), Fail, "/tmp is covered by a mount at /tmp"},
		{"the host's", ofHost("/tmp", "0:25"), Fail, "/tmp is no memory of the jail's own"},
		{"on a disk", isType("/tmp", "ext4"), Fail, "/tmp is no memory of the jail's own"},
	}
}

func homeTable() []row {
	as := func(home policy.Home) func(*Case) {
		return func(c *Case) { c.Policy.Filesystem.Home = home }
	}
	homeless := func(c *Case) {
		for i := range c.Expect.Tree.Entries {
			if e := &c.Expect.Tree.Entries[i]; e.Key == keyHome {
				e.Key = keyWritable
			}
		}
	}
	readonly := all(ephemeral, as(policy.HomeReadonly), with("/home/me", func(m *evidence.Mount) {
		m.Super, m.Flags = "ro,lowerdir=/a:/b", m.Flags|evidence.MountReadOnly|evidence.SuperReadOnly
	}), func(c *Case) { homeEntry(c).Kind = tree.Overlay })
	return []row{
		{"hidden", same, Pass, "/home/me"},
		{"ephemeral", ephemeral, Pass, "/home/me"},
		{"read-only", readonly, Pass, "/home/me"},
		{"host", all(inPlace, as(policy.HomeHost)), Declared, "filesystem.home is host"},
		{"hidden, and the host's", ofHost("/home/me", "254:1"), Fail, "the host's file system 254:1"},
		{"hidden, and not empty", isType("/home/me", "overlay"), Fail, "/home/me is overlay and not tmpfs"},
		{"hidden, and asked for otherwise", all(ephemeral, as(policy.HomeHidden)), Fail, "/home/me is overlay"},
		{"ephemeral, and asked for otherwise", as(policy.HomeEphemeral), Fail, "/home/me is tmpfs"},
		{"read-only, and writable", all(readonly, loose("/home/me", evidence.MountReadOnly|evidence.SuperReadOnly)), Fail, "/home/me is overlay"},
		{"read-only, and with a layer of its own", all(readonly, with("/home/me", func(m *evidence.Mount) { m.Super += ",upperdir=/x" })), Fail, "can be written"},
		{"not mounted", unmounted("/home/me"), Fail, "/home/me is not mounted"},
		{"there is none", all(homeless, func(c *Case) {
			c.Expect.Tree.Absent = append(c.Expect.Tree.Absent, tree.Absent{Path: "/home/me", Key: keyHome})
		}), Pass, "the host has no /home/me"},
		{"nothing of it is shown", homeless, Pass, "no mount shows any of it"},
		{"forgotten", all(homeless, func(c *Case) { c.Policy.Filesystem.Root = policy.RootReadonly }), Unknown, "the layout makes none"},
	}
}

func homeEntry(c *Case) *tree.Entry {
	for i := range c.Expect.Tree.Entries {
		if e := &c.Expect.Tree.Entries[i]; e.Key == keyHome && e.Kind.Mounts() {
			return e
		}
	}
	panic("no home")
}

func executesTable() []row {
	return []row{
		{"some", same, Declared, "/home/me/work, but for 2 paths that stay read-only"},
		{"in place", inPlace, Declared, "every file that the caller may write"},
		{"none", func(c *Case) {
			c.Expect.Tree.Writable = nil
			for _, at := range []string{"/home/me/work", "/home/me/work/.git"} {
				with(at, func(m *evidence.Mount) { m.Flags |= evidence.MountReadOnly })(c)
			}
		}, Pass, "none"},
		{"one more", mounted("121 100 254:1 /@home/you /home/you rw,nosuid,nodev - btrfs /dev/vdb rw"), Fail, "/home/you"},
	}
}

// TestNotePlanted: what the command made is added to the finding that said that it
// could be, and to no other.
func TestNotePlanted(t *testing.T) {
	findings := []Finding{{Check: "fs.root", Found: "a"}, {Check: "fs.protected", Verdict: Declared, Found: "b"}}
	NotePlanted(findings, []string{"/p/.envrc", "/p/.git"})
	if f := findings[1]; findings[0].Found != "a" || f.Verdict != Declared || f.Found != "b; new since the command was started: /p/.envrc; /p/.git" {
		t.Errorf("%+v", findings)
	}
}

// readBefore gives a source the change that the first of two readings has seen.
func readBefore(path string, changed int64) func(*Case) {
	return func(c *Case) {
		for i := range c.Evidence.Sources.Value {
			if f := &c.Evidence.Sources.Value[i]; f.Path == path {
				f.Before = changed
			}
		}
	}
}
