package audit

import (
	"strings"

	"github.com/netjail/netjail/internal/evidence"
)

// What a full audit sees at single paths, through /proc/PID/root.

// lookEmpty wants to see nothing at the places of the given mounts. It is false
// where f already is the answer.
func (c *Case) lookEmpty(f Finding, t *mountTable, paths []int) (Finding, bool) {
	for _, i := range paths {
		file, why := c.lookAt(&f, t.at[i])
		if why != "" {
			return f.unknown(why), false
		}
		if file.Kind == evidence.FileDirectory && file.Names < 0 {
			return f.unknown(t.at[i] + " may not be listed"), false
		}
		if !empty(file, c.namesIn(t.at[i])) {
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
	file, ok := fileAt(files.Value, path)
	if !ok {
		return nil, notFound(path)
	}
	return file, ""
}

// fileAt is the file at a path, if there was one.
func fileAt(files []evidence.File, path string) (*evidence.File, bool) {
	for i := range files {
		if file := &files[i]; file.Path == path && file.Exists {
			return file, true
		}
	}
	return nil, false
}

func notFound(path string) string { return path + " was not found" }

// namesIn counts the names that the layout makes in a directory: those by which a
// key named something below what is to be empty.
func (c *Case) namesIn(dir string) int {
	seen := ""
	n := 0
	for i := range c.Expect.Tree.Entries {
		at := c.Expect.Tree.Entries[i].Target
		if at == dir || !covers(dir, at) {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(at[len(dir):], "/"), "/")
		if name != seen { // entries with one parent stand together
			seen, n = name, n+1
		}
	}
	return n
}

// empty says whether a file has nothing in it, or a directory only as many names
// as were made there.
func empty(f *evidence.File, made int) bool {
	switch f.Kind {
	case evidence.FileDirectory:
		return f.Names == made
	case evidence.FileRegular:
		return f.Size == 0
	}
	return false
}
