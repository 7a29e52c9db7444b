package tree

// wantedLink is a symbolic link by which a key, or the command, names a path.
type wantedLink struct {
	link
	key string
}

// want keeps the links in mind that a key's path leads through.
func (l *layer) want(key string, links []link) {
	for _, at := range links {
		l.links = append(l.links, wantedLink{at, key})
	}
}

// showLinks makes the links that the tree does not have already, so that a path
// leads inside to where it leads outside. Where a part of the host is seen, its
// links are.
func (l *layer) showLinks() {
	for _, at := range l.links {
		over := l.claims.over(at.path)
		switch {
		case over == nil && l.layout.InPlace:
		case over != nil && (over.Target == at.path || over.Kind != Dir && over.Kind != Tmpfs):
		default:
			l.insert(claim{Entry: Entry{Kind: Symlink, Target: at.path, Source: at.text, Key: at.key, Why: "the host's: a path leads through it"}})
		}
	}
}
