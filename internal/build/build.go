// Package build tells which netjail this is.
package build

import "runtime/debug"

// release is set by
// -ldflags "-X github.com/netjail/netjail/internal/build.release=v1.2.3".
var release string

// Version is the release or, where none was set, the module's version.
func Version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// Revision is the commit that was built, with "+dirty" behind it where the tree
// had changes.
func Revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	return commit + dirty
}
