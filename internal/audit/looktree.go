package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/tree"
)

// lookTree says what a full audit sees that the mount table does not tell: where
// symbolic links lead, and which directory an overlay shows. why says that it
// could not be seen.
func (c *Case) lookTree(f *Finding) (bad []string, why string) {
	l := c.Expect.Tree
	for i := range l.Entries {
		var problem string
		switch e := &l.Entries[i]; e.Kind {
		case tree.Symlink:
			problem, why = c.lookLink(f, e)
		case tree.Overlay, tree.Ephemeral:
			problem, why = c.lookOverlay(f, e)
		}
		if why != "" {
			return bad, why
		}
		if problem != "" {
			bad = append(bad, problem)
		}
	}
	return bad, ""
}

// lookLink says what is wrong with a symbolic link.
func (c *Case) lookLink(f *Finding, e *tree.Entry) (problem, why string) {
	file, why := c.lookAt(f, e.Target)
	switch {
	case why == notFound(e.Target):
		return e.Target + " is not there", ""
	case why != "":
		return "", why
	case file.Kind != evidence.FileLink || file.Link != e.Source:
		return e.Target + " is no link to " + e.Source, ""
	}
	return "", ""
}

// lookOverlay compares what an overlay shows with its source. A read-only one
// passes on when that was made and changed; one with a layer of its own has its
// own times, and shows the same names beside those that were made there.
func (c *Case) lookOverlay(f *Finding, e *tree.Entry) (problem, why string) {
	file, why := c.lookAt(f, e.Target)
	if why != "" {
		return "", why
	}
	sources := c.Evidence.Sources
	if why := missing(sources); why != "" {
		return "", why
	}
	source, ok := fileAt(sources.Value, e.Source)
	if !ok {
		return "", notFound(e.Source)
	}
	f.Source = c.Evidence.Outside.Mounts.Source + ", " + c.Evidence.Outside.Files.Source + ", " + sources.Source
	switch {
	case file.Perm != source.Perm:
		return e.Target + " has other permission bits than " + e.Source, ""
	case e.Kind == tree.Overlay && !sameTimes(file, source),
		e.Kind == tree.Ephemeral && !c.sameNames(file, source):
		return e.Target + " shows another directory than " + e.Source, ""
	}
	return "", ""
}

// sameTimes says whether two files may be one. When it was made tells more than
// when it was changed, which may be meanwhile: b was read before and after a.
func sameTimes(a, b *evidence.File) bool {
	if a.Born != 0 && b.Born != 0 {
		return a.Born == b.Born
	}
	return a.Changed == b.Changed || b.Before != 0 && b.Before <= a.Changed && a.Changed < b.Changed
}

// sameNames says whether a directory has as many names as its source, but for
// those that the layout made in it. What may not be listed tells nothing.
func (c *Case) sameNames(file, source *evidence.File) bool {
	if file.Names < 0 || source.Names < 0 {
		return true
	}
	return source.Names <= file.Names && file.Names <= source.Names+c.namesIn(file.Path)
}
