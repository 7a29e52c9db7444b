// Command netjail runs a command under a profile in new namespaces, and audits
// it from inside and outside before its first instruction.
//
// This package is the command line: one table of commands, one file for each,
// and all of netjail's words. Results go to stdout. Words go to stderr behind
// "netjail: ", and `run` has none where nothing goes wrong: stderr belongs to
// the command. Only main ends the process.
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/sys"
)

func main() {
	switch {
	case os.Args[0] == plan.ReaperArgv0 && os.Getpid() == 1:
		sys.Reap(os.Args)
		return
	case os.Args[0] == runner.StageArgv0:
		runtime.LockOSThread() // the main thread, which is the process that was cloned
		fmt.Fprintln(os.Stderr, "netjail: "+runner.Stage(os.Args).Error())
		os.Exit(exitFailed)
	}
	sys.GrowStack()
	a := app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ()}
	s := a.main(os.Args[1:])
	if s.signal != 0 {
		sys.DieBy(s.signal)
	}
	os.Exit(s.code)
}
