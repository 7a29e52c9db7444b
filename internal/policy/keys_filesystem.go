package policy

// filesystemKeys are the keys of filesystem.
var filesystemKeys = []Key{
	{
		Path: "filesystem", Words: filesystemWords, Object: true, Since: "0.1",
		Meaning:  "What the command sees of the host's files. Everything but `host` and `joined` is made of mounts, and so needs `mount: new`. A path is absolute, or begins with `~/` for the caller's home directory as the password file names it. Of two paths the deeper one wins, whichever keys name them; one path in two keys is an error, and the home directory itself belongs to `home`.",
		Examples: []string{"host", "{root: system, home: ephemeral, writable: [project]}"},
		read:     readFilesystem,
		spread:   spreadFilesystem,
	},
	{
		Path: "filesystem.root", Words: rootWords, Default: "system", Since: "0.1",
		Meaning:  "What the command sees as its root directory. Unless it is `host` there are a fresh /dev and /proc and no /sys, and remote file systems are covered.",
		Examples: []string{"system"}, Checks: []string{
			"fs.root", "fs.fifo", "fs.remote", "fs.sysfs", "fs.cgroup", "fs.devices", "fs.propagation", "ipc.posix-shm", "escape.fifo", "fd.cwd", "proc.setuid",
		},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Filesystem.Root = Root(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Filesystem.Root) },
	},
	{
		Path: "filesystem.home", Words: homeWords, Default: "hidden", Since: "0.1",
		Meaning:  "What the command sees of the caller's home directory. Before Linux 6.6 a directory of the host's cannot be removed in an `ephemeral` one (EIO): an overlay covers it by an attribute that tmpfs does not have there.",
		Examples: []string{"ephemeral"}, Checks: []string{"fs.home"},
		read:  func(r *reader, k *Key, n *Node) { r.policy.Filesystem.Home = Home(k.word(n)) },
		write: func(p *Policy, k *Key) value { return chosen(k, p.Filesystem.Home) },
	},
	{
		Path: "filesystem.writable", Words: noneWord, Item: AtomPlace, Default: "none", Since: "0.1",
		Meaning:  "Files and directories of the host that the command may write as the caller may. They are shared with the host on purpose: what is written there stays, FIFOs and sockets included. `.` is the working directory; `project` the top of its git repository, or else the working directory itself. Run by root, what belongs to the owner of such a path is the command's own, what it writes belongs to that owner, and nobody else's files there can be written. Not with `root: host`, where nothing is read-only.",
		Examples: []string{"none", "[project]", `[project, "~/.cache/go-build"]`}, Checks: []string{"fs.writable", "fs.host-executes", "fs.owner", "fs.setid-planting"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Filesystem.Writable = readSorted(n) },
		write: writeWritable,
	},
	{
		Path: "filesystem.protected", Words: protectedWords, Item: AtomBelow, Default: "standard", Since: "0.1",
		Meaning:  "Paths below each directory of `writable`, and below each bind of `mounts` with `rw`, that stay read-only and cannot be moved away: what the host executes when somebody works in the directory, or what says who guards it. They are relative to that directory. Not with `root: host`, and not in the home directory of `home: host`.",
		Examples: []string{"standard", "none", "[.git/config, .git/hooks, Makefile]"}, Checks: []string{"fs.protected"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Filesystem.Protected = readPathList(n) },
		write: writeProtected,
	},
	{
		Path: "filesystem.hidden", Words: hiddenWords, Item: AtomPath, Default: "standard", Since: "0.1",
		Meaning:  "Files and directories that read as empty. One that does not exist is a line of the report.",
		Examples: []string{"standard", "none", `["~/.ssh", /etc/ssl/private]`}, Checks: []string{"fs.hidden"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Filesystem.Hidden = readPathList(n) },
		write: func(p *Policy, k *Key) value { return writePathList(k, p.Filesystem.Hidden) },
	},
	{
		Path: "filesystem.private", Words: noneWord, Item: AtomPath, Default: "[/run, /tmp, /var/tmp]", Since: "0.1",
		Meaning:  "Directories that are fresh, empty and in memory, and gone when the command ends.",
		Examples: []string{"none", "[/run, /tmp, /var/tmp]"}, Checks: []string{"fs.private"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Filesystem.Private = readSorted(n) },
		write: func(p *Policy, _ *Key) value { return listOrNone(p.Filesystem.Private, text) },
	},
	{
		Path: "filesystem.mounts", Words: noneWord, Objects: true, Default: "none", Since: "0.1",
		Meaning:  "Further mounts, with the names of the OCI runtime specification.",
		Examples: []string{"none", "[{destination: /scratch, type: tmpfs, options: [noexec, size=64m]}]", "[{destination: /data, type: bind, source: /srv/data}]"}, Checks: []string{"fs.root", "fs.writable"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Filesystem.Mounts = readMounts(n) },
		write: func(p *Policy, _ *Key) value { return listOrNone(p.Filesystem.Mounts, writeMount) },
	},
	{
		Path: "filesystem.mounts[].destination", Atom: AtomPath, Required: true, Since: "0.1",
		Meaning:  "Where the command sees it.",
		Examples: []string{"/data"},
	},
	{
		Path: "filesystem.mounts[].type", Words: mountTypes, Required: true, Since: "0.1",
		Meaning:  "What is mounted.",
		Examples: []string{"bind"},
	},
	{
		Path: "filesystem.mounts[].source", Atom: AtomPlace, Since: "0.1",
		Meaning:  "What a bind shows. It must be written for a bind, and a tmpfs has none.",
		Examples: []string{"/srv/data", "project"},
	},
	{
		Path: "filesystem.mounts[].options", Words: noneWord, Item: AtomMountOption, Default: "none", Since: "0.1",
		Meaning:  "Options of mount(8). For both types: `ro`, `rw`, `exec`, `noexec`, and `nosuid` and `nodev`, which hold in any case. For a bind: `bind`, or `rbind` to show what is mounted below the source as well. For a tmpfs: `mode=`, in octal, and `size=`, in bytes or with `k`, `m` or `g`. A bind is `bind` and `ro` where the list does not say otherwise, a tmpfs `rw`; both are `exec`.",
		Examples: []string{"none", "[mode=700, size=64m]", "[rbind, ro, noexec]"},
	},
}
