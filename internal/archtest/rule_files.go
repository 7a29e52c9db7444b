package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// maxLines is how long a source file may be.
const maxLines = 600

var fileSizes = Rule{
	Name:   "file-size",
	Reason: "a file is read whole; one that cannot be holds two concepts",
	Find: func(t *Tree) []string {
		var found []string
		for _, f := range t.Files {
			if n := f.lines(); n > maxLines && !strings.HasSuffix(f.Path, "_gen.go") {
				found = append(found, fmt.Sprintf("%s: %d lines, at most %d", f.Path, n, maxLines))
			}
		}
		return found
	},
}

// empty are names that say nothing about what is inside.
var empty = []string{"common", "helper", "helpers", "misc", "shared", "types", "util", "utils"}

var fileNames = Rule{
	Name:   "file-name",
	Reason: "a file is named by the noun it is about, so that it can be found",
	Find: func(t *Tree) []string {
		var found []string
		for _, f := range t.Files {
			stem, _, _ := strings.Cut(strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path)), "_")
			if slices.Contains(empty, stem) || slices.Contains(empty, path.Base(f.Dir)) {
				found = append(found, f.Path)
			}
		}
		return slices.Compact(found)
	},
}

var packageComments = Rule{
	Name:   "package-comment",
	Reason: "a package says in one place what it is for",
	Find: func(t *Tree) []string {
		comments := map[string]int{}
		var dirs []string
		for _, f := range t.Files {
			if f.Syntax == nil || f.Test {
				continue
			}
			if !slices.Contains(dirs, f.Dir) {
				dirs = append(dirs, f.Dir)
			}
			if f.Syntax.Doc != nil && wellBegun(f) {
				comments[f.Dir]++
			}
		}
		var found []string
		for _, dir := range dirs {
			if n := comments[dir]; n != 1 {
				found = append(found, fmt.Sprintf("%s: %d package comments, expected 1", dir, n))
			}
		}
		return found
	},
}

// wellBegun says whether the package comment begins as go doc shows it.
func wellBegun(f *File) bool {
	doc := f.Syntax.Doc.Text()
	if f.Syntax.Name.Name == "main" {
		return strings.HasPrefix(doc, "Command "+path.Base(f.Dir)+" ")
	}
	return strings.HasPrefix(doc, "Package "+f.Syntax.Name.Name+" ")
}
