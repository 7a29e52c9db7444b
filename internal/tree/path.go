package tree

import "strings"

// Paths here are absolute and clean, so that a parent can be told from the text.

// under says whether path is dir or lies below it.
func under(path, dir string) bool {
	if dir == "/" {
		return true
	}
	return strings.HasPrefix(path, dir) && (len(path) == len(dir) || path[len(dir)] == '/')
}

// below says whether path lies below dir, and is not dir itself.
func below(path, dir string) bool { return path != dir && under(path, dir) }

// parent is the directory that holds path; "/" is its own.
func parent(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i]
	}
	return "/"
}

// base is the last part of a path.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// join is name below dir.
func join(dir, name string) string {
	if dir == "/" {
		return "/" + name
	}
	return dir + "/" + name
}

// rebase is path, which is from or lies below it, as it is named where from is
// to.
func rebase(path, from, to string) string {
	if path == from {
		return to
	}
	if from == "/" {
		from = ""
	}
	if to == "/" {
		to = ""
	}
	return to + path[len(from):]
}

// compare orders paths so that a directory stands right before all that lies
// below it: a slash comes before every other byte.
func compare(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if x, y := a[i], b[i]; x != y {
			if x == '/' || y != '/' && x < y {
				return -1
			}
			return 1
		}
	}
	return len(a) - len(b)
}
