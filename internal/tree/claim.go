package tree

import "slices"

// claim is an entry that a key asks for. Its parents, and what it is mounted on,
// are added where it is placed.
type claim struct {
	Entry
	// found is what the host has at Target; the zero Node where that is nothing.
	found Node
	// given is true for what comes with the root or shows a part of the host: it
	// makes way for what a profile names.
	given bool
	// expanded is true for a directory that stands for the host's, whose children
	// are claims of their own.
	expanded bool
}

// directory says whether what is at Target afterwards is a directory.
func (c *claim) directory() bool {
	switch c.Kind {
	case Dir, Tmpfs, Overlay, Ephemeral, Proc, Devpts:
		return true
	case Bind:
		return c.Node.is(typeDir) || c.Source == "" && c.found.is(typeDir)
	}
	return false
}

// hostPath is the host's name for path, which is at or below Target. ok is false
// where what is there is not the host's.
func (c *claim) hostPath(path string) (source string, ok bool) {
	switch {
	case c.Kind == Overlay, c.Kind == Ephemeral, c.Kind == Bind && c.Source != "":
		return rebase(path, c.Target, c.Source), true
	case c.Kind == Proc, c.Kind == Bind:
		return path, true // a /proc has the names that the host's has
	case c.expanded && path == c.Target:
		return path, true
	}
	return "", false
}

// shared says whether the command writes to the host's own files there.
func (c *claim) shared() bool {
	return c.Kind == Bind && c.Source != "" && !c.Options.Has(ReadOnly)
}

// claims are sorted by their Target, except for those that were added since.
type claims []*claim

// claimRoom is how many claims are made at once: more than most policies have.
const claimRoom = 64

// keep makes a claim that stays where it is.
func (l *layer) keep(c claim) *claim {
	if len(l.room) == cap(l.room) {
		l.room = make([]claim, 0, claimRoom)
	}
	l.room = append(l.room, c)
	return &l.room[len(l.room)-1]
}

// add adds a claim to what is to be sorted, insert to what is.
func (l *layer) add(c claim) { l.claims = append(l.claims, l.keep(c)) }

func (l *layer) insert(c claim) {
	i, _ := l.claims.search(c.Target)
	l.claims = slices.Insert(l.claims, i, l.keep(c))
}

// sort puts parents first. Of two at one Target, which only refuseTwice sees,
// the one that was added first stays first.
func (s claims) sort() {
	slices.SortStableFunc(s, func(a, b *claim) int { return compare(a.Target, b.Target) })
}

// at is the claim whose Target is path.
func (s claims) at(path string) *claim {
	i, ok := s.search(path)
	if !ok {
		return nil
	}
	return s[i]
}

// over is the claim that decides what is at path: the nearest one at or above
// it.
func (s claims) over(path string) *claim {
	for {
		if c := s.at(path); c != nil || path == "/" {
			return c
		}
		path = parent(path)
	}
}

// drop takes out what comes with the root at path and below it.
func (s *claims) drop(path string) {
	i, _ := s.search(path)
	end := i
	for end < len(*s) && under((*s)[end].Target, path) {
		end++
	}
	tail := slices.DeleteFunc((*s)[i:end], func(c *claim) bool { return c.given })
	*s = append((*s)[:i+len(tail)], (*s)[end:]...)
}

func (s claims) search(path string) (int, bool) {
	return slices.BinarySearchFunc(s, path, func(c *claim, path string) int { return compare(c.Target, path) })
}
