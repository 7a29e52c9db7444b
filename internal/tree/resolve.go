package tree

import (
	"path"
	"strconv"
	"strings"
)

// maxLinks is how many symbolic links one path may hold, as in
// path_resolution(7).
const maxLinks = 40

// link is a symbolic link of the host.
type link struct{ path, text string }

// spot is where a path leads.
type spot struct {
	// path holds no symbolic link as far as it exists; what follows stands there
	// as it was written.
	path  string
	node  Node // the zero Node where there is no such file
	links []link
	// owners are the user ids to which the links belong.
	owners []uint32
}

// finder resolves paths, and remembers the directories that it passed.
type finder struct {
	host   Host
	passed map[string]Node
}

// find resolves name, which is absolute. why is not empty where that cannot be
// done: the links go in a circle, or one cannot be read.
func (f *finder) find(name string) (s spot, why string) {
	at, rest := "/", name[1:]
	straight := true // what was resolved is the beginning of name
	for rest != "" {
		part, after, _ := strings.Cut(rest, "/")
		if part == "" || part == "." || part == ".." {
			if part == ".." {
				at = parent(at)
			}
			rest, s.node, straight = after, Node{}, false
			continue
		}
		next := join(at, part)
		if straight {
			next = name[:len(name)-len(rest)+len(part)]
		}
		n := f.look(next, after == "")
		switch {
		case n.is(typeLink):
			if rest, why = f.follow(&s, n, next, after); why != "" {
				return spot{}, why
			}
			straight = false
			if rest[0] == '/' {
				at = "/"
			}
		case !n.exists() || after != "" && !n.is(typeDir):
			s.path, s.node = path.Clean(join(next, after)), Node{}
			return s, ""
		default:
			at, rest, s.node = next, after, n
		}
	}
	if s.path = at; !s.node.exists() {
		s.node = f.look(at, false)
	}
	return s, ""
}

// look is the file at a path that holds no link before its last part. What lies
// on the way to others is looked at once.
func (f *finder) look(path string, last bool) Node {
	if n, ok := f.passed[path]; ok {
		return n
	}
	n, ok := f.host.Lstat(path)
	if !ok {
		n = Node{}
	}
	if !last {
		if f.passed == nil {
			f.passed = make(map[string]Node, 32)
		}
		f.passed[path] = n
	}
	return n
}

// follow is what takes the place of a link and of what stands after it.
func (f *finder) follow(s *spot, n Node, at, after string) (rest, why string) {
	if len(s.links) == maxLinks {
		return "", at + " leads through more than " + strconv.Itoa(maxLinks) + " symbolic links"
	}
	text, err := f.host.Readlink(at)
	if err != nil {
		return "", "the symbolic link " + at + " cannot be read: " + err.Error()
	}
	if text == "" { // the kernel has none such
		return "", "the symbolic link " + at + " is empty"
	}
	s.links = append(s.links, link{at, text})
	s.owners = append(s.owners, n.Owner.UID)
	if after == "" {
		return text, ""
	}
	return text + "/" + after, ""
}
