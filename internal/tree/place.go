package tree

import "strings"

// place makes entries of the claims: what a mount needs to lie on comes before
// it, and parents come before what is below them.
func (l *layer) place() {
	p := placer{layer: l, open: []ground{{made: !l.layout.InPlace, host: l.layout.InPlace, directory: true}}}
	l.entries = make([]Entry, 0, 2*len(l.claims))
	for _, c := range l.claims {
		p.put(c)
	}
}

// placer goes through the claims, parents first.
type placer struct {
	layer *layer
	open  []ground // from the root to what encloses the claim at hand
}

// ground is what something is put on.
type ground struct {
	target    string // empty for the root
	directory bool
	// made is true where files can be made: in the new root, in a tmpfs, and in a
	// copy-on-write view.
	made bool
	// host is true where the host's files are seen; source is their name there.
	host   bool
	source string
}

// put makes the entry of a claim, and what it needs.
func (p *placer) put(c *claim) {
	for !p.top().encloses(c.Target) {
		p.open = p.open[:len(p.open)-1]
	}
	if !p.ready(c) {
		return
	}
	p.add(c.Entry)
	g := ground{target: c.Target, directory: c.directory()}
	switch c.Kind {
	case Dir, Tmpfs:
		g.made = true
	case Ephemeral, Overlay, Bind, Proc:
		g.made = c.Kind == Ephemeral
		g.source, g.host = c.hostPath(c.Target)
	}
	p.open = append(p.open, g)
}

func (p *placer) top() *ground { return &p.open[len(p.open)-1] }

// encloses says whether path lies below the ground.
func (g *ground) encloses(path string) bool { return g.target == "" || below(path, g.target) }

func (p *placer) add(e Entry) { p.layer.entries = append(p.layer.entries, e) }

// ready sees to it that a claim's Target is there to be mounted on, and that its
// parents are. It refuses what cannot be had.
func (p *placer) ready(c *claim) bool {
	g := *p.top()
	if !g.directory {
		p.layer.refuse(c.Key, c.Target+" lies below "+g.target+", which is no directory", "name another path")
		return false
	}
	if g.host {
		n := p.onHost(&g, c)
		switch {
		case n.exists() && n.is(typeDir) != c.directory():
			p.layer.refuse(c.Key, "a directory and a file are not mounted on each other, and on "+c.Target+" one would be", "name another path")
			return false
		case n.exists():
			return true
		case !g.made:
			p.layer.refuse(c.Key, "there is no "+c.Target+" to mount on, and it is not made: what is seen there is the host's", "make it on the host, or name another path")
			return false
		}
	}
	if !p.parents(&g, c) {
		return false
	}
	if c.Kind.Mounts() {
		p.point(c)
	}
	return true
}

// onHost is what a claim is mounted on where the host's files are seen.
func (p *placer) onHost(g *ground, c *claim) Node {
	if source := g.name(c.Target); source != c.Target {
		return p.look(source)
	}
	return c.found
}

// look is a file of the host. One behind a link lies elsewhere.
func (p *placer) look(source string) Node {
	if s, why := p.layer.finder.find(source); why == "" && s.path == source {
		return s.node
	}
	return Node{}
}

// name is the host's name of what is seen at path.
func (g *ground) name(path string) string {
	if g.target == "" {
		return path
	}
	return rebase(path, g.target, g.source)
}

// parents makes the directories between the ground and a claim. In a view of the
// host's files some of them may be there.
func (p *placer) parents(g *ground, c *claim) bool {
	for end := len(g.target) + 1; ; end++ {
		next := strings.IndexByte(c.Target[end:], '/')
		if next < 0 {
			return true
		}
		end += next
		dir := c.Target[:end]
		if g.host {
			if n := p.look(g.name(dir)); n.is(typeDir) {
				continue
			} else if n.exists() {
				p.layer.refuse(c.Key, c.Target+" lies below "+dir+", which is no directory", "name another path")
				return false
			}
		}
		p.add(Entry{Kind: Dir, Target: dir, Perm: 0o755, Key: c.Key, Why: "holds " + c.Target})
		p.open = append(p.open, ground{target: dir, made: true, directory: true})
	}
}

// point makes what a claim is mounted on.
func (p *placer) point(c *claim) {
	e := Entry{Kind: File, Target: c.Target, Perm: 0o644, Key: c.Key, Why: "to be mounted on"}
	if c.directory() {
		e.Kind, e.Perm = Dir, 0o755
	}
	p.add(e)
}
