package tree

import "github.com/netjail/netjail/internal/policy"

const homeKey = "filesystem.home"

// claimHome claims the home directory, so that no other key can.
func (l *layer) claimHome() {
	if l.files.Home == policy.HomeHost && l.layout.InPlace || !l.homeFits() {
		return
	}
	c := claim{Entry: Entry{Target: l.home.path, Key: homeKey}, found: l.home.node}
	switch l.files.Home {
	case policy.HomeHidden:
		c.Kind, c.Perm, c.Options, c.Why = Tmpfs, 0o700, Nosuid|Nodev, "an empty home, in memory"
	case policy.HomeReadonly:
		c.Kind, c.Options, c.Why = Overlay, ReadOnly|Nosuid|Nodev, "the caller's home, read-only; its sockets and FIFOs are dead"
	case policy.HomeEphemeral:
		c.Kind, c.Options, c.Why = Ephemeral, Nosuid|Nodev, "the caller's home; what is written stays in memory and is discarded"
	case policy.HomeHost:
		c.Kind, c.Options, c.Why = Bind, Nosuid|Nodev, "the caller's home as it is, shared with the host"
		c.Recursive = l.mounted(l.home.path)
	}
	if c.Kind != Tmpfs {
		c.Source, c.Node = l.home.path, l.home.node
		c.Options |= l.noexecOf(c.Target)
		if !l.homeShows() {
			return
		}
	}
	l.add(c)
	l.want(homeKey, l.home.links)
}

// homeFits says whether there is a home directory that can be treated as the
// profile says, and refuses or notes what there is instead.
func (l *layer) homeFits() bool {
	hidden := l.files.Home == policy.HomeHidden
	switch h := &l.home; {
	case h.path == "" && hidden && l.barren():
		l.absent(homeKey, "~") // nothing of it can be seen, wherever it is
	case h.path == "":
		l.refuse(homeKey, "the caller's home directory is not known: "+l.homeWhy(), "give this user a line in /etc/passwd, or write `home: host` with `root: host`")
	case h.path == "/" && hidden && l.barren():
		// The new root takes its place.
	case h.path == "/" || systemHome(h.path):
		l.refuse(homeKey, "the caller's home directory is "+h.path+", which belongs to the system", "give this user a home directory of its own, or write `home: host` with `root: host`")
	case !h.node.exists() && hidden:
		l.absent(homeKey, h.path)
	case !h.node.is(typeDir):
		l.refuse(homeKey, "the caller's home directory, "+h.path+", is no directory that can be seen", "make it, or write `home: hidden`")
	default:
		return true
	}
	return false
}

// homeWhy says why there is no home.
func (l *layer) homeWhy() string {
	if l.facts.Home == "" {
		return l.facts.HomeWhy
	}
	_, why := l.finder.find(l.facts.Home)
	return why
}

// barren says whether the root holds nothing of the host but the system's
// directories: no home is among them.
func (l *layer) barren() bool {
	return l.files.Root == policy.RootSystem || l.files.Root == policy.RootEmpty
}

// systemHome says whether a home is a directory without which no command runs,
// or lies where the kernel's own files are.
func systemHome(path string) bool {
	switch path {
	case "/bin", "/boot", "/dev", "/etc", "/lib", "/opt", "/proc", "/run", "/sbin", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/sbin", "/usr/share", "/var":
		return true
	}
	return under(path, "/proc") || under(path, "/sys") || under(path, "/dev")
}

// homeShows says whether the home's own file system can be shown as the profile
// says, and refuses otherwise.
func (l *layer) homeShows() bool {
	h := l.home.path
	m := l.table.holding(h)
	if m == nil {
		l.refuse(homeKey, "the mount table does not tell which file system "+h+" is on", "run netjail outside a chroot")
		return false
	}
	if kind, covered := m.hides(); covered && l.files.Home != policy.HomeHost {
		l.refuse(homeKey, h+" is on "+m.Point+", "+a(m.Type)+" file system: "+kind.reason, "write `home: hidden`, and name what is needed of it in `writable` or `mounts`")
		return false
	}
	if l.files.Home != policy.HomeEphemeral {
		return true
	}
	if kind := kindOf(m.Type); kind != nil && kind.show == byBind {
		l.refuse(homeKey, h+" is on "+a(m.Type)+" file system, which overlayfs does not take", "write `home: hidden` or `home: readonly`")
		return false
	}
	if b := l.table.below(h); b != nil {
		l.refuse(homeKey, b.Point+" is mounted below the home directory, and an overlay does not hold what is mounted below", "unmount it, or write `home: readonly` or `home: hidden`")
		return false
	}
	return true
}

// showHome puts together a read-only home that an overlay cannot show whole.
func (l *layer) showHome() {
	c := l.claims.at(l.home.path)
	if c == nil || c.Key != homeKey || c.Kind != Overlay {
		return
	}
	if kind := kindOf(l.table.holding(c.Target).Type); kind != nil && kind.show == byBind {
		c.Kind = Bind
	}
	if !l.mounted(c.Target) {
		return
	}
	c.Kind, c.expanded, c.Perm, c.Source, c.Node = Dir, true, 0o700, "", Node{}
	if l.layout.InPlace {
		c.Kind = Tmpfs
	} else {
		c.Options = 0
	}
	c.Why = "the caller's home, read-only, put together as something is mounted below it"
	l.expand(homeKey, c.Target)
}

// hideHome covers a hidden home under the other names that it has on the host.
func (l *layer) hideHome() {
	if c := l.claims.at(l.home.path); l.files.Home == policy.HomeHidden && c != nil && c.Key == homeKey {
		l.hideEverywhere(homeKey, l.home.path, l.home.node, "the caller's home under another name")
	}
}
