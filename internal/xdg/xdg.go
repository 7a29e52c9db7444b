// Package xdg says where netjail keeps what belongs to a user, after the XDG
// base directory specification. It reads nothing.
package xdg

import "strings"

// Dirs are netjail's directories of one user, absolute; empty where the user has
// none.
type Dirs struct {
	// Config holds the user's profiles.
	Config string
	// Data holds which profiles of projects the user trusts.
	Data string
}

// Of is where the directories are: below XDG_CONFIG_HOME and XDG_DATA_HOME where
// those are absolute, as the specification demands, and otherwise below home,
// which is empty where the user has none.
func Of(home, configHome, dataHome string) Dirs {
	return Dirs{own(configHome, home, "/.config"), own(dataHome, home, "/.local/share")}
}

func own(base, home, below string) string {
	if !strings.HasPrefix(base, "/") {
		if !strings.HasPrefix(home, "/") {
			return ""
		}
		base = strings.TrimRight(home, "/") + below
	}
	return strings.TrimRight(base, "/") + "/netjail"
}
