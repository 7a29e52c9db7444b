package cli

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/probe"
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
	// Matches says whether a regular expression of a profile matches a text.
	Matches func(pattern string, text []byte) bool
	// Capget is the second source of a full audit.
	Capget evidence.CapReader
	// Version and Revision tell which netjail this is.
	Version, Revision func() string
}

// Begin begins a run that may need no reader, before Main is called and while
// NeedsNoReader looks; nil where that gains nothing.
func Begin(args []string) *Begun {
	if !runsBuiltIn(args) {
		return nil
	}
	r, _ := profiles.Lookup(args[2])
	return begin(r.Policy)
}

// Main is netjail: it ends the process. begun is what Begin began.
func Main(r Readers, begun *Begun) {
	switch {
	case os.Args[0] == plan.ReaperArgv0 && reaps():
		sys.Reap(os.Args)
		return
	case os.Args[0] == runner.StageArgv0:
		runtime.LockOSThread() // the main thread, which is the process that was cloned
		fmt.Fprintln(os.Stderr, "netjail: "+runner.Stage(os.Args).Error())
		os.Exit(exitFailed)
	case os.Args[0] == runner.VictimArgv0:
		if runner.Victim() != nil { // whoever started it hears nothing more, and says so
			os.Exit(exitFailed)
		}
		os.Exit(exitOK)
	case os.Args[0] == probe.Argv0:
		if err := probe.Run(os.Stdout, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "netjail: "+err.Error())
			os.Exit(exitFailed)
		}
		os.Exit(exitOK)
	}
	refuseStray()
	sys.GrowStack()
	a := app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ(), readers: r, begun: begun}
	run := a.main
	if os.Args[0] == testArgv0 {
		run = a.testSide
	}
	s := run(os.Args[1:])
	if s.signal != 0 {
		sys.DieBy(s.signal)
	}
	os.Exit(s.code)
}

// refuseStray ends a netjail that somebody in a jail executes by /proc/self/exe. As
// one side of a test netjail executes itself so, and lets nobody look at it.
func refuseStray() {
	path, stray := sys.Stray()
	if !stray {
		return
	}
	if os.Args[0] == testArgv0 && unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "netjail: error: "+strconv.QuoteToASCII(path)+" is not the program that this process executes\n"+
		"  = cause: it was reached by /proc/self/exe, from where its own path does not lead to it: a script named that as its interpreter, or a link leads there\n"+
		"  = help: execute netjail by its path; in a jail that takes one in the jail's own tree")
	os.Exit(exitFailed)
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
	if !runsBuiltIn(args) {
		return false
	}
	a := app{environ: os.Environ()}
	return a.catalog().OnlyBuiltIn(args[2])
}

// runsBuiltIn says whether the arguments are `run`, without flags, and the name of
// a built-in profile.
func runsBuiltIn(args []string) bool {
	return len(args) >= 4 && args[0] != plan.ReaperArgv0 && args[0] != runner.StageArgv0 && args[1] == "run" && profiles.Has(args[2])
}
