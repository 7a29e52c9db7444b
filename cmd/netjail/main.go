// The Go runtime is not to read files of the control group once a second while
// netjail waits for its command.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// Command netjail runs a command under a profile in new namespaces, and audits
// it from inside and outside before its first instruction.
//
// The command line is package cli; here it gets the libraries that it must not
// link itself.
package main

import (
	"github.com/netjail/netjail/internal/build"
	"github.com/netjail/netjail/internal/caps/library"
	"github.com/netjail/netjail/internal/cli"
	_ "github.com/netjail/netjail/internal/headstart" // for what it does before the libraries are initialised
	"github.com/netjail/netjail/internal/policy/source"
)

func main() {
	cli.Main(cli.Readers{
		File: source.Read, Stream: source.ReadFrom, Parse: source.Parse, Matches: source.Matches,
		Capget: library.OfProcess, Version: build.Version, Revision: build.Revision,
	}, nil)
}
