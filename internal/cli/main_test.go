package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/netjail/netjail/internal/build"
	"github.com/netjail/netjail/internal/caps/library"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy/source"
	"github.com/netjail/netjail/internal/probe"
	"github.com/netjail/netjail/internal/runner"
)

var update = flag.Bool("update", false, "rewrite the generated documents and the scripts' expectations")

// ordinary is the user that tests of root's become for their other half.
const ordinary = 1000

// TestMain makes the test's program netjail itself where it is called by that
// name, so that scripts run what was compiled for the test.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "netjail", plan.ReaperArgv0, runner.StageArgv0, runner.VictimArgv0, testArgv0, probe.Argv0:
		Main(Readers{
			File: source.Read, Stream: source.ReadFrom, Parse: source.Parse, Matches: source.Matches,
			Capget: library.OfProcess, Version: build.Version, Revision: build.Revision,
		}, nil)
	case "as-user":
		asUser(os.Args[1:])
	}
	os.Exit(m.Run())
}

// asUser executes a command as the ordinary user, without groups.
func asUser(args []string) {
	err := syscall.Setgroups(nil)
	if err == nil {
		err = syscall.Setgid(ordinary)
	}
	if err == nil {
		err = syscall.Setuid(ordinary)
	}
	if err == nil {
		err = syscall.Exec(lookPath(args[0]), args, os.Environ())
	}
	fmt.Fprintln(os.Stderr, "as-user:", err)
	os.Exit(111)
}

func lookPath(name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode()&0o111 != 0 {
			return path
		}
	}
	return name
}
