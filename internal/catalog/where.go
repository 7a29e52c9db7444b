package catalog

import "strings"

// Where says from where names are looked for.
type Where struct {
	// Workdir is the working directory, absolute and without symbolic links, as
	// getcwd(2) tells it; empty where it has no path.
	Workdir string
	// User is where the user's profiles are; empty for none.
	User string
	// System is where the system's profiles are; empty for none.
	System string
	// UID is the caller's real user id.
	UID uint32
}

// ProjectDir is the directory of a project's profiles, in its root or below.
const ProjectDir = ".netjail"

// SystemDir is where the system's profiles are.
const SystemDir = "/etc/netjail"

// dirs are the directories in which names are looked for, the nearest first.
// Each stands there once. root is the project's directory.
func (w *Where) dirs() (dirs []Dir, root string) {
	dirs = make([]Dir, 0, 8)
	for _, level := range levels(w.Workdir, w.repository) {
		root = level
		dirs = append(dirs, Dir{Project, strings.TrimSuffix(level, "/") + "/" + ProjectDir})
	}
	if w.User != "" {
		dirs = append(dirs, Dir{User, w.User})
	}
	if w.System != "" && w.System != w.User {
		dirs = append(dirs, Dir{System, w.System})
	}
	return dirs, root
}

// Root is the project's directory: the repository's around the working
// directory, or that directory; empty where it has no path.
func (w *Where) Root() string {
	_, root := w.dirs()
	return root
}

// levels are the directories from workdir up to the repository's root; without a
// repository around it workdir alone.
func levels(workdir string, isRoot func(dir string) bool) []string {
	if !strings.HasPrefix(workdir, "/") {
		return nil
	}
	found := make([]string, 0, 8)
	for dir := workdir; ; {
		found = append(found, dir)
		switch {
		case isRoot(dir):
			return found
		case dir == "/":
			return found[:1]
		}
		dir = dir[:max(strings.LastIndexByte(dir, '/'), 1)]
	}
}
