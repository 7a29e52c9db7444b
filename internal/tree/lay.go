package tree

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Lay decides what a command sees under p, on the host that f and h tell of.
//
// Errors: *Refusals, with everything that stands against it; nothing is left out
// of the layout instead.
func Lay(p *policy.Policy, f *Facts, h Host) (*Layout, error) {
	l := newLayer(p, f, h)
	switch asked := Asks(p).Anything; {
	case l.table == nil:
		l.refuse("filesystem.root", "the mount table has one number for two mounts", "try again: it changed while it was read")
	case !asked:
		l.leave()
	case p.New(ns.Mount):
		l.lay()
	default:
		l.refuse("namespaces.mount", "what the command sees of the files takes mounts, and those a new mount namespace",
			"write `mount: new`; or `filesystem: host`, for which nothing is mounted")
	}
	if len(l.refused.List) > 0 {
		return nil, &l.refused
	}
	l.layout.Entries = l.entries
	return l.layout, nil
}

// layer collects one layout.
type layer struct {
	policy  *policy.Policy
	files   *policy.Filesystem
	facts   *Facts
	finder  finder
	table   *table // nil where Facts.Mounts is none
	layout  *Layout
	refused Refusals

	// home and workdir are where those of Facts lead; their paths are empty where
	// there are none.
	home, workdir spot
	claims        claims
	room          []claim // what claims are made in
	given         claims  // what comes with the root, until it is merged with the claims
	expanded      int     // how many files were shown one by one
	links         []wantedLink
	entries       []Entry
}

func newLayer(p *policy.Policy, f *Facts, h Host) *layer {
	l := &layer{policy: p, files: &p.Filesystem, facts: f, finder: finder{host: h}}
	l.layout = &Layout{
		InPlace: p.Filesystem.Root >= policy.RootHost, Mounts: f.Mounts,
		Workdir: "/", Command: f.Command,
	}
	l.table = newTable(f.Mounts)
	return l
}

// lay takes the keys in the order in which they depend on one another: what a
// profile names comes first, since what comes with the root makes way for it.
func (l *layer) lay() {
	l.standpoint()
	l.claimHome()
	l.claimPrivate()
	l.claimWritable()
	l.claimMounts()
	l.claimSockets()
	l.claims.sort()
	l.refuseTwice()

	l.showRoot()
	l.showVarRun()
	l.showHome()
	l.showProc()
	l.showDevices()
	l.claims = append(l.claims, l.given...)
	l.claims.sort()

	l.noteShared()
	l.hideHome()
	l.hide()
	l.protect()
	l.keepRepositories()
	l.showCommand()
	l.showLinks()
	l.giveAway()
	l.start()
	l.place()
}

// leave lets the command see what the caller sees, but for a /proc of its own pid
// namespace.
func (l *layer) leave() {
	l.claimSockets()
	if l.policy.New(ns.Mount) {
		l.showProc()
	}
	l.claims = l.given
	l.claims.sort()
	l.start()
	l.place()
}

// standpoint finds the directories that a profile's paths may begin with.
func (l *layer) standpoint() {
	l.home = l.known(l.facts.Home)
	l.workdir = l.known(l.facts.Workdir)
}

// known is where one of the facts leads, nowhere where it is not known.
func (l *layer) known(path string) spot {
	if path == "" || path[0] != '/' {
		return spot{}
	}
	s, why := l.finder.find(path)
	if why != "" {
		return spot{}
	}
	return s
}

// refuse notes what stands against a key, once.
func (l *layer) refuse(key, cause, help string) {
	for _, r := range l.refused.List {
		if r.Key == key && r.Cause == cause {
			return
		}
	}
	l.refused.List = append(l.refused.List, &Refusal{key, cause, help})
}

// absent notes a path that a key names and the host does not have.
func (l *layer) absent(key, path string) {
	l.layout.Absent = append(l.layout.Absent, Absent{Path: path, Key: key})
}

// start says where the command starts: where it was called, if it sees that
// directory and may enter it.
func (l *layer) start() {
	at := l.facts.Workdir
	c := l.claims.over(at)
	switch {
	case l.files.Root == policy.RootJoined:
		l.layout.Workdir = at // there, or there is no start
	case !strings.HasPrefix(at, "/"):
	case c == nil && l.layout.InPlace:
		if len(l.facts.Shut) == 0 {
			l.layout.Workdir = at
		}
	case l.workdir.node.is(typeDir) && l.shows(l.workdir.path) && !l.shut(c):
		l.layout.Workdir = l.workdir.path
	}
}

// shut says whether a directory that is seen through c bars the way. What is
// given to root's command bars it only where it is somebody else's.
func (l *layer) shut(c *claim) bool {
	return slices.ContainsFunc(l.facts.Shut, func(dir string) bool {
		if c.Owner != nil {
			return under(dir, c.Target) && l.finder.look(dir, false).Owner.UID != c.Owner.UID
		}
		return under(dir, c.Target) && !c.shared()
	})
}
