package audit

import "strings"

// forest is a mount table as a tree: of each mount where it is, and on which
// other one it lies.
type forest struct {
	at []string
	on []int // an index; -1 for the root, and for what does not belong to it
}

// add appends a mount.
func (f *forest) add(at string, on int) int {
	f.at, f.on = append(f.at, at), append(f.on, on)
	return len(f.at) - 1
}

// top is the mount that is seen at a path, as the kernel finds it: from the
// root on, it steps onto each mount that it meets. It is -1 where there is no
// root.
func (f *forest) top(path string) int {
	at := f.root()
	for range f.at {
		next := -1
		for i, on := range f.on {
			if on == at && covers(f.at[i], path) && (next < 0 || len(f.at[i]) < len(f.at[next])) {
				next = i
			}
		}
		if next < 0 || at < 0 {
			return at
		}
		at = next
	}
	return at
}

// root is the mount at "/" that lies on no other.
func (f *forest) root() int {
	for i, on := range f.on {
		if on < 0 && f.at[i] == "/" {
			return i
		}
	}
	return -1
}

// covers says whether a path is dir or lies below it. Both are clean and
// absolute.
func covers(dir, path string) bool {
	if dir == "/" {
		return true
	}
	return strings.HasPrefix(path, dir) && (len(path) == len(dir) || path[len(dir)] == '/')
}

// moved is a path that from holds as it is called where from is called to.
func moved(path, from, to string) string {
	rest := strings.TrimPrefix(path[len(from):], "/")
	switch {
	case rest == "":
		return to
	case to == "/":
		return "/" + rest
	}
	return to + "/" + rest
}
