package tree

const writableKey = "filesystem.writable"

// shunned is a path that the command may never share with the host.
type shunned struct {
	path   string
	below  bool // nor anything below it
	reason string
}

// shunnedPaths are those where a file is more than its contents to the host.
var shunnedPaths = [...]shunned{
	{"/", false, "it holds the whole host"},
	{"/bin", false, "the host executes what is in it"},
	{"/boot", false, "the host starts from it"},
	{"/dev", true, "it holds the host's devices"},
	{"/etc", false, "the host is configured there"},
	{"/lib", false, "the host executes what is in it"},
	{"/lib32", false, "the host executes what is in it"},
	{"/lib64", false, "the host executes what is in it"},
	{"/libx32", false, "the host executes what is in it"},
	{"/proc", true, "it holds the host's processes and the kernel's settings"},
	{"/run", false, "the host's services listen there"},
	{"/sbin", false, "the host executes what is in it"},
	{"/sys", true, "it holds the kernel's settings"},
	{"/usr", false, "the host executes what is in it"},
	{"/usr/bin", false, "the host executes what is in it"},
	{"/usr/lib", false, "the host executes what is in it"},
	{"/usr/lib64", false, "the host executes what is in it"},
	{"/usr/sbin", false, "the host executes what is in it"},
	{"/var", false, "the host's services keep their state there"},
}

// claimWritable claims what the command shares with the host.
func (l *layer) claimWritable() {
	for _, written := range l.files.Writable {
		s, ok := l.find(writableKey, written)
		if !ok || !l.mayWrite(written, &s) {
			continue
		}
		c := claim{Entry: Entry{
			Kind: Bind, Target: s.path, Source: s.path, Node: s.node, Options: Nosuid | Nodev,
			Recursive: s.node.is(typeDir) && l.mounted(s.path), Key: writableKey, Why: "shared with the host, to be written",
		}, found: s.node}
		if written == "project" && l.linkedRepository(s.path) {
			c.Why += "; its .git is a file: the repository itself lies elsewhere, and is not shared"
		}
		l.add(c)
		l.want(writableKey, s.links)
	}
}

// mayWrite refuses what must not be shared, and what cannot be.
func (l *layer) mayWrite(written string, s *spot) bool {
	if why := l.dangerous(s.path); why != "" {
		l.refuse(writableKey, called(written, s.path)+" cannot be shared: "+why, l.writableHelp(written))
		return false
	}
	return !l.ledAstray(writableKey, written, s) && l.usable(writableKey, written, s)
}

// dangerous says why a path is never shared.
func (l *layer) dangerous(path string) string {
	for i := range shunnedPaths {
		d := &shunnedPaths[i]
		if path == d.path || d.below && below(path, d.path) {
			return d.reason
		}
	}
	switch {
	case l.home.path == "" || !under(l.home.path, path):
		return l.ownHere(path)
	case path == l.home.path:
		return "it is the home directory, in which the host keeps what it executes"
	}
	return "it holds the home directory"
}

// ownHere says that netjail keeps its own at, above or below path, where it does.
func (l *layer) ownHere(path string) string {
	for _, own := range l.facts.Own {
		if s, why := l.finder.find(own); why != "" || under(s.path, path) || under(path, s.path) {
			return "netjail keeps in " + own + " which profiles it finds and trusts"
		}
	}
	return ""
}

func (l *layer) writableHelp(written string) string {
	switch written {
	case "project":
		return "start netjail in a directory that is a git repository of its own, or write the path of the directory that is meant"
	case ".":
		return "start netjail in another directory, or write the path of the directory that is meant"
	}
	return "name the directory below it that is meant"
}

// usable refuses what is missing, and what would be dead or a way around another
// key.
func (l *layer) usable(key, written string, s *spot) bool {
	switch name := called(written, s.path); {
	case !s.node.exists():
		l.refuse(key, name+" does not exist, or cannot be seen", "make it first, or take it out")
	case s.node.isDevice():
		l.refuse(key, name+" is a device, and no mount of a jail lets one be opened", "take it out")
	case s.node.is(typeSocket):
		l.refuse(key, name+" is a unix socket", "name it in `sockets: {unix: {allow: […]}}`")
	default:
		return true
	}
	return false
}

// called names a file by the profile's text, and by its path where that differs.
func called(written, path string) string {
	if written == path {
		return path
	}
	return "`" + written + "` (" + path + ")"
}

// linkedRepository says whether dir is a linked worktree or a submodule.
func (l *layer) linkedRepository(dir string) bool {
	return l.finder.look(join(dir, ".git"), false).is(typeFile)
}

// noteShared lists what is shared, once the claims are complete.
func (l *layer) noteShared() {
	for _, c := range l.claims {
		switch c.Key {
		case writableKey, mountsKey, homeKey:
			if c.shared() {
				l.layout.Writable = append(l.layout.Writable, c.Target)
			}
		}
	}
}
