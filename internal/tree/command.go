package tree

import "path"

// noKey is what an entry has that no key asked for.
const noKey = "-"

// WhyCommand is what the entry is for that shows the command's own file where the
// command would not see it.
const WhyCommand = "the command's own file"

// showCommand binds the command's own file where the command would not see it: it
// may lie below a private directory, or outside of what the root shows.
func (l *layer) showCommand() {
	file := l.facts.Command
	if file == "" || file[0] != '/' {
		return
	}
	s, why := l.finder.find(file)
	if why != "" || !s.node.is(typeFile) {
		return // the kernel says of it what there is to say when it is executed
	}
	if path.Clean(file) != file {
		l.layout.Command = s.path // what `..` leaves need not be there inside
	}
	l.want(noKey, s.links)
	if _, ok := l.seen(s.path); ok {
		return // it, or what a key puts in its place
	}
	if c := l.claims.at(s.path); c != nil {
		l.refuse(c.Key, "the command's own file, "+s.path+", is hidden", "run another command, or take it out of `hidden`")
		return
	}
	l.insert(claim{Entry: Entry{
		Kind: Bind, Target: s.path, Source: s.path, Node: s.node, Options: ReadOnly | Nosuid | Nodev,
		Key: noKey, Why: WhyCommand,
	}, found: s.node})
}

// seen is the host's name of what the command sees at path. ok is false where
// that is not the host's.
func (l *layer) seen(path string) (name string, ok bool) {
	if c := l.claims.over(path); c != nil {
		return c.hostPath(path)
	}
	return path, l.layout.InPlace
}

// shows says whether the command sees the host's own file at path.
func (l *layer) shows(path string) bool {
	name, ok := l.seen(path)
	return ok && name == path
}
