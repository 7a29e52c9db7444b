package policy

import (
	"path"
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// A path has one spelling in a profile, so that two keys on one path can be
// told, and so that nobody has to follow `..` in his head.

const (
	maxPath      = 4095 // PATH_MAX of limits.h, less the NUL
	maxComponent = 255  // NAME_MAX
)

// checkPath: an absolute path, or one below the home directory.
func checkPath(s string) *diag.Diagnostic {
	switch {
	case listWord(s):
		return notAPath(s)
	case s == "~" || s[0] == '/' || strings.HasPrefix(s, "~/") || hasVariable(s):
		return checkSpelling(s)
	case s[0] == '~':
		return wrong(diag.BadPath, diag.Quote(s)+" is the home of another user", "write the absolute path; `~` is the caller's own home")
	}
	return wrong(diag.BadPath, diag.Quote(s)+" is a relative path", "begin it with `/`, or with `~/` for the caller's home")
}

// checkPlace: a path as above, or one of the two that depend on the working
// directory.
func checkPlace(s string) *diag.Diagnostic {
	if s == "." || s == "project" {
		return nil
	}
	d := checkPath(s)
	if s == "tmpfs" { // as the OCI runtime specification writes it
		d.Message, d.Help = "a tmpfs has no source", "remove the key"
	}
	if d != nil && (strings.HasPrefix(s, "./") || strings.HasPrefix(s, "project/")) {
		d.Help = "write `.` or `project` by itself, or a path that begins with `/` or `~/`"
	}
	return d
}

// checkAbsolute: from the root, and from nowhere else.
func checkAbsolute(s string) *diag.Diagnostic {
	if s[0] != '/' {
		return wrong(diag.BadPath, diag.Quote(s)+" is not an absolute path", "begin it with `/`")
	}
	return checkSpelling(s)
}

// checkBelow: relative to a directory, and not out of it.
func checkBelow(s string) *diag.Diagnostic {
	switch {
	case listWord(s):
		return notAPath(s)
	case s[0] == '/' || s == "~" || strings.HasPrefix(s, "~/"):
		return wrong(diag.BadPath, diag.Quote(s)+" is not relative", "write it as seen from the writable directory: .git/config")
	case s == ".":
		return wrong(diag.BadPath, "`.` is the writable directory itself", "name what is below it")
	}
	return checkSpelling(s)
}

// listWord finds the words that a list of paths does not hold: a file of that
// name is less likely than somebody who wants the word and paths beside it.
func listWord(s string) bool { return s == "none" || s == "standard" }

func notAPath(s string) *diag.Diagnostic {
	return wrong(diag.BadPath, diag.Quote(s)+" is a word, not a path", "the word stands by itself; a list holds paths")
}

// checkSpelling: the rules that every path keeps. Source: path_resolution(7).
func checkSpelling(s string) *diag.Diagnostic {
	parts := strings.Split(s, "/")
	switch {
	case len(s) > maxPath:
		return wrong(diag.BadPath, "the path is longer than 4095 bytes", "")
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }):
		return wrong(diag.BadPath, diag.Quote(s)+" holds a control character", "remove it")
	case strings.Contains(s, "*"):
		return wrong(diag.BadPath, diag.Quote(s)+" holds a `*`, which stands for nothing here", "write each path by itself, or the directory that holds them")
	case hasVariable(s):
		return wrong(diag.BadPath, diag.Quote(s)+" names a variable, which stands for nothing here", "write the path itself; `~/` begins one below the caller's home")
	case s == "/":
		return wrong(diag.BadPath, "`/` is what `filesystem.root` is about", "name a path below it")
	case slices.Contains(parts, ".."):
		return wrong(diag.BadPath, diag.Quote(s)+" holds `..`", cleanHelp(s))
	case path.Clean(s) != s:
		return wrong(diag.BadPath, diag.Quote(s)+" is an odd spelling", cleanHelp(s))
	case slices.ContainsFunc(parts, func(part string) bool { return len(part) > maxComponent }):
		return wrong(diag.BadPath, "a part of the path is longer than 255 bytes", "")
	}
	return nil
}

// hasVariable finds $NAME and ${NAME}.
func hasVariable(s string) bool {
	for i := range len(s) - 1 {
		if s[i] == '$' && (isAlpha(s[i+1]) || s[i+1] == '_' || s[i+1] == '{') {
			return true
		}
	}
	return false
}

// cleanHelp tells the one spelling of a path, where the text alone tells it.
func cleanHelp(s string) string {
	clean := path.Clean(s)
	if s[0] == '~' && clean[0] != '~' || clean[0] == '.' && s[0] != '.' || clean == "/" || clean == ".." || strings.HasPrefix(clean, "../") {
		return "write the path that is meant"
	}
	return "write " + clean
}
