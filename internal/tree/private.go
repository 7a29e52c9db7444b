package tree

const privateKey = "filesystem.private"

// privateMode is the permission bits of a fresh directory.
func privateMode(path string) uint32 {
	switch path {
	case "/dev/shm", "/tmp", "/var/tmp":
		return 0o1777 // every user may make files in it
	}
	return 0o755
}

// claimPrivate claims the directories that are fresh.
func (l *layer) claimPrivate() {
	for _, written := range l.files.Private {
		s, ok := l.find(privateKey, written)
		if !ok || !l.mayCover(privateKey, written, s.path) {
			continue
		}
		if s.node.exists() && !s.node.is(typeDir) {
			l.refuse(privateKey, written+" is no directory", "take it out of the list")
			continue
		}
		l.add(claim{Entry: Entry{
			Kind: Tmpfs, Target: s.path, Options: Nosuid | Nodev, Perm: privateMode(s.path),
			Key: privateKey, Why: "fresh, empty and in memory",
		}, found: s.node})
		l.want(privateKey, s.links)
	}
}

// mayCover refuses to put something else where the command needs what netjail
// made.
func (l *layer) mayCover(key, written, path string) bool {
	switch {
	case path == "/":
		l.refuse(key, written+" is the root directory", "say with `root` what the command sees there")
	case path == "/dev":
		l.refuse(key, written+" holds the devices that every command needs", "name a path below it")
	case under(path, "/proc"):
		l.refuse(key, written+" is the kernel's", "take it out: the command gets a /proc of its own with `pid: new`")
	default:
		return true
	}
	return false
}
