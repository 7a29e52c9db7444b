package tree

// devices are the nodes of a fresh /dev. Source: the OCI runtime specification,
// config-linux.md, Default Devices.
var devices = [...]string{"/dev/full", "/dev/null", "/dev/random", "/dev/tty", "/dev/urandom", "/dev/zero"}

// terminalDevice is the terminal of the session of whoever opens it, in both
// directions.
const terminalDevice = "/dev/tty"

// deviceLinks are the links in it, from the same place.
var deviceLinks = [...]link{
	{"/dev/fd", "/proc/self/fd"},
	{"/dev/ptmx", "pts/ptmx"},
	{"/dev/stderr", "/proc/self/fd/2"},
	{"/dev/stdin", "/proc/self/fd/0"},
	{"/dev/stdout", "/proc/self/fd/1"},
}

// showDevices makes a fresh /dev in a new root. The nodes are the host's, bound
// one by one: a user namespace cannot make any.
func (l *layer) showDevices() {
	if l.layout.InPlace {
		return
	}
	if n, ok := l.finder.host.Lstat("/dev"); !ok || !n.is(typeDir) {
		l.refuse(rootKey, "the host has no directory /dev, and so no devices to bind", "restore the host's /dev")
		return
	}
	l.give(claim{Entry: Entry{
		Kind: Tmpfs, Target: "/dev", Options: Nosuid | Nodev | Noexec, Perm: 0o755,
		Key: rootKey, Why: "a /dev with the devices that every command may use",
	}})
	for _, path := range devices {
		if path != terminalDevice || !l.facts.NoTerminal {
			l.showDevice(path)
		}
	}
	for _, at := range deviceLinks {
		l.give(claim{Entry: Entry{Kind: Symlink, Target: at.path, Source: at.text, Key: rootKey, Why: "as in every /dev"}})
	}
	l.give(claim{Entry: Entry{
		Kind: Devpts, Target: "/dev/pts", Options: Nosuid | Noexec, Key: rootKey, Why: "terminals of the jail's own",
	}})
	l.give(claim{Entry: Entry{
		Kind: Tmpfs, Target: "/dev/shm", Options: Nosuid | Nodev, Perm: 0o1777, Key: rootKey, Why: "POSIX shared memory of the jail's own",
	}})
}

func (l *layer) showDevice(path string) {
	n, ok := l.finder.host.Lstat(path)
	switch {
	case !ok:
		l.absent(rootKey, path)
	case !n.is(typeChar):
		l.refuse(rootKey, path+" is no device on this host", "restore the host's /dev")
	default:
		l.give(claim{Entry: Entry{
			Kind: Bind, Target: path, Source: path, Node: n, Options: Nosuid | Noexec,
			Key: rootKey, Why: "the host's node of a device that holds nothing",
		}, found: n})
	}
}
