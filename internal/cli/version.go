package cli

import (
	"flag"
	"runtime"
	"runtime/debug"

	"github.com/netjail/netjail/internal/early"
)

// release is set by -ldflags "-X main.release=v1.2.3".
var release string

func versionCommand() *command {
	return &command{
		name: "version", args: "",
		brief: "print the version, with facts of the build and of the kernel",
		text: []string{
			"The line about signals says whether netjail was linked with its own entry point, which records the signals that were ignored when it was started; without it only HUP and INT are passed on as ignored.",
		},
		exits: exitsOfRest,
		prepare: func(*flag.FlagSet) func(*call) status {
			return func(c *call) status { return c.result(versionText()) }
		},
	}
}

func versionText() []byte {
	text := "netjail " + version() + "\n"
	if revision := revision(); revision != "" {
		text += "revision " + revision + "\n"
	}
	text += "build " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n"
	text += "kernel " + kernelRelease() + "\n"
	signals := "not recorded"
	if _, known := early.Ignored(); known {
		signals = "recorded"
	}
	return []byte(text + "ignored signals " + signals + " at the start\n")
}

// version is the release or, where none was set, the module's version.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// revision is the commit that was built, with "+dirty" behind it where the tree
// had changes.
func revision() string {
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
