package audit

import "github.com/netjail/netjail/internal/evidence"

// What a full audit sees at single paths, through /proc/PID/root.

// lookEmpty wants to see nothing at the places of the given mounts. It is false
// where f already is the answer.
func (c *Case) lookEmpty(f Finding, t *mountTable, paths []int) (Finding, bool) {
	for _, i := range paths {
		file, why := c.lookAt(&f, t.at[i])
		if why != "" {
			return f.unknown(why), false
		}
		if !empty(file) {
			f.Found = t.at[i] + " is not empty"
			return f.fail("something is there that is to be hidden"), false
		}
	}
	return f, true
}

// lookAt is what was seen at a path, or why that is not known.
func (c *Case) lookAt(f *Finding, path string) (file *evidence.File, why string) {
	files := c.Evidence.Outside.Files
	if why := missing(files); why != "" {
		return nil, why
	}
	f.Source = c.Evidence.Outside.Mounts.Source + ", " + files.Source
	for i := range files.Value {
		if file := &files.Value[i]; file.Path == path && file.Exists {
			return file, ""
		}
	}
	return nil, path + " was not found"
}

// empty says whether a file has nothing in it.
func empty(f *evidence.File) bool {
	switch f.Kind {
	case evidence.FileDirectory:
		return f.Names == 0
	case evidence.FileRegular:
		return f.Size == 0
	}
	return false
}
