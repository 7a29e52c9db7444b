package tree

import "strconv"

// giveAway says whose files become the command's, where root's command has ids
// that own nothing on the host: those of the owner of the home, of what a profile
// shares to be written, and of what it names to be read where only an owner can do
// that. What comes with the root stays whose it is: there the command reads what
// everybody may, and /etc/shadow is not among that.
func (l *layer) giveAway() {
	if !l.facts.Idmap {
		return
	}
	for _, c := range l.claims {
		if c.given && c.Key != homeKey || c.Self || c.Source == "" {
			continue
		}
		switch c.Kind {
		case Bind, Overlay, Ephemeral:
			c.Owner = l.ownerOf(c)
		}
	}
}

// ledAstray refuses to give away what somebody else's symbolic link leads to:
// whoever owns the link could point it at any file of root's.
func (l *layer) ledAstray(key, written string, s *spot) bool {
	if !l.facts.Idmap {
		return false
	}
	for i, owner := range s.owners {
		if owner != l.facts.UID && owner != s.node.Owner.UID {
			l.refuse(key, called(written, s.path)+" is reached by the symbolic link "+s.links[i].path+" of user "+strconv.FormatUint(uint64(owner), 10)+
				", who could lead root's command to any other file", "name what is meant without the link")
			return true
		}
	}
	return false
}

// ownerOf is whose files in a claim become the command's. A home that is put
// together has one owner, whoever owns the parts.
func (l *layer) ownerOf(c *claim) *Owner {
	switch {
	case c.Key == homeKey:
		return &l.home.node.Owner
	case c.Key == writableKey, c.Key == mountsKey && c.shared(), !l.public(c):
		return &c.Node.Owner
	}
	return nil
}

// public says whether everybody may reach what a claim shows, and use it: read it
// or, where it is a socket, connect to it.
func (l *layer) public(c *claim) bool {
	for at := c.Source; at != "/"; {
		if at = parent(at); l.finder.look(at, false).Perm&0o001 == 0 {
			return false
		}
	}
	need := uint32(0o004)
	switch {
	case c.Node.is(typeDir):
		need = 0o005
	case c.Node.is(typeSocket):
		need = 0o002
	case c.Node.isDevice():
		need = 0
	}
	return c.Node.Perm&need == need
}
