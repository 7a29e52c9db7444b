package tree

import "github.com/netjail/netjail/internal/policy"

const mountsKey = "filesystem.mounts"

// claimMounts claims what the profile mounts by itself.
func (l *layer) claimMounts() {
	for i := range l.files.Mounts {
		m := &l.files.Mounts[i]
		at, ok := l.find(mountsKey, m.Destination)
		if !ok || !l.mayCover(mountsKey, m.Destination, at.path) {
			continue
		}
		c := claim{Entry: Entry{Target: at.path, Options: mountOptions(m), Key: mountsKey}, found: at.node}
		if m.Type == "tmpfs" {
			ok = l.tmpfs(&c, m)
		} else {
			ok = l.bind(&c, m)
		}
		if ok {
			l.add(c)
			l.want(mountsKey, at.links)
		}
	}
}

// mountOptions are a mount's attributes. It is nosuid and nodev in any case.
func mountOptions(m *policy.Mount) Options {
	o := Nosuid | Nodev
	if m.ReadOnly() {
		o |= ReadOnly
	}
	if m.Has("noexec") {
		o |= Noexec
	}
	return o
}

func (l *layer) tmpfs(c *claim, m *policy.Mount) bool {
	c.Kind, c.Perm, c.Why = Tmpfs, 0o1777, "the profile's: empty and in memory" // tmpfs(5): 1777 without `mode=`
	if mode, ok := m.Mode(); ok {
		c.Perm = mode
	}
	c.Size, _ = m.Size()
	if c.found.exists() && !c.found.is(typeDir) {
		l.refuse(mountsKey, called(m.Destination, c.Target)+" is no directory", "a tmpfs is mounted on a directory: name another destination")
		return false
	}
	return true
}

func (l *layer) bind(c *claim, m *policy.Mount) bool {
	s, ok := l.find(mountsKey, m.Source)
	if !ok || !l.usable(mountsKey, m.Source, &s) || !l.mayBind(m, &s) {
		return false
	}
	c.Kind, c.Source, c.Node, c.Why = Bind, s.path, s.node, "the profile's: "+s.path+" of the host"
	if c.Recursive = m.Has("rbind"); c.Recursive || !s.node.is(typeDir) {
		return true
	}
	if b := l.table.below(s.path); b != nil {
		l.refuse(mountsKey, b.Point+" is mounted below "+called(m.Source, s.path)+", and `bind` does not bring it along", "write the option `rbind`, or bind what lies beside it")
		return false
	}
	return true
}

// mayBind refuses sources that hold more than files.
func (l *layer) mayBind(m *policy.Mount, s *spot) bool {
	switch name := called(m.Source, s.path); {
	case s.path == "/":
		l.refuse(mountsKey, name+" is the whole host", "write `root: readonly`, or name what is meant")
	case under(s.path, "/proc"):
		l.refuse(mountsKey, name+" shows the host's processes", "take it out: the command has a /proc of its own")
	case !m.ReadOnly() && l.dangerous(s.path) != "":
		l.refuse(mountsKey, name+" cannot be shared: "+l.dangerous(s.path), "leave `rw` out, or name what lies below it")
	case !m.ReadOnly() && l.ledAstray(mountsKey, m.Source, s):
	default:
		return true
	}
	return false
}
