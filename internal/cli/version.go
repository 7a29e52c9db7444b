package cli

import (
	"flag"
	"runtime"

	"github.com/netjail/netjail/internal/early"
)

func versionCommand() *command {
	return &command{
		name: "version", args: "",
		brief: "print the version, with facts of the build and of the kernel",
		text: []string{
			"The line about signals says whether netjail was linked with its own entry point, which records the signals that were ignored when it was started; without it only HUP and INT are passed on as ignored.",
		},
		exits: exitsOfRest,
		prepare: func(*flag.FlagSet) func(*call) status {
			return func(c *call) status { return c.result(c.versionText()) }
		},
	}
}

func (a *app) versionText() []byte {
	text := "netjail " + a.readers.Version() + "\n"
	if revision := a.readers.Revision(); revision != "" {
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
