package catalog

import "strings"

// UnknownError says that no place holds a name.
type UnknownError struct {
	Name string
	// Odd is true where the name is none that a profile could have.
	Odd bool
	// Known are the names that there are, sorted, each once.
	Known []string
	// Dirs were looked into, besides the built-in profiles.
	Dirs []Dir
}

func (e *UnknownError) Error() string { return "find profile " + e.Name + ": there is none" }

// TwiceError says that several places hold a name.
type TwiceError struct {
	Name string
	// Found are the profiles, the nearest first, without their text.
	Found []Profile
}

func (e *TwiceError) Error() string {
	return "find profile " + e.Name + ": it stands in " + strings.Join(e.paths(), " and ")
}

func (e *TwiceError) paths() []string {
	var list []string
	for i := range e.Found {
		list = append(list, e.Found[i].Path)
	}
	return list
}

// RefusedError says why a file is not read: what it is, or who could have
// written it.
type RefusedError struct {
	Path        string // of the file, or of the directory that it lies in
	Cause, Help string
}

func (e *RefusedError) Error() string { return "read profile " + e.Path + ": " + e.Cause }
