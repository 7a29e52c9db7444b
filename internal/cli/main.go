package cli

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/sys"
	"github.com/netjail/netjail/profiles"
)

// Readers are what needs the libraries whose initialisation every start would
// pay for. They are given from outside, so that this package links none of them.
type Readers struct {
	// File reads a profile's file, Stream a stream that diagnostics call by a
	// name, Parse what was read.
	File   func(path string) ([]byte, diag.List)
	Stream func(name string, from io.Reader) ([]byte, diag.List)
	Parse  policy.Parser
	// Capget is the second source of a full audit.
	Capget evidence.CapReader
	// Version and Revision tell which netjail this is.
	Version, Revision func() string
}

// Main is netjail: it ends the process.
func Main(r Readers) {
	switch {
	case os.Args[0] == plan.ReaperArgv0 && reaps():
		sys.Reap(os.Args)
		return
	case os.Args[0] == runner.StageArgv0:
		runtime.LockOSThread() // the main thread, which is the process that was cloned
		fmt.Fprintln(os.Stderr, "netjail: "+runner.Stage(os.Args).Error())
		os.Exit(exitFailed)
	}
	sys.GrowStack()
	a := app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ(), readers: r}
	s := a.main(os.Args[1:])
	if s.signal != 0 {
		sys.DieBy(s.signal)
	}
	os.Exit(s.code)
}

// reaps says whether this process can be the reaper: pid 1 of a pid namespace, or
// the leader of the command's session.
func reaps() bool {
	session, err := unix.Getsid(0)
	return os.Getpid() == 1 || err == nil && session == os.Getpid()
}

// NeedsNoReader says whether Main, called with these arguments, uses none of the
// Readers: it does for `run`, without flags, of a profile that is built in, where
// no other place holds the name. args begin with the program's name.
func NeedsNoReader(args []string) bool {
	if len(args) < 4 || args[0] == plan.ReaperArgv0 || args[0] == runner.StageArgv0 || args[1] != "run" || !profiles.Has(args[2]) {
		return false
	}
	a := app{environ: os.Environ()}
	return a.catalog().OnlyBuiltIn(args[2])
}
