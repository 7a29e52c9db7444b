package runner_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
	"github.com/netjail/netjail/internal/sys"
)

func init() { runtime.LockOSThread() }

func TestMain(m *testing.M) {
	if os.Args[0] == plan.ReaperArgv0 {
		sys.Reap(os.Args)
		return
	}
	if os.Args[0] == runner.StageArgv0 {
		fmt.Fprintln(os.Stderr, runner.Stage(os.Args))
		os.Exit(125)
	}
	if len(os.Args) > 1 && os.Args[1] == "jail" {
		jail(os.Args[2:])
	}
	os.Exit(m.Run())
}

func jail(argv []string) {
	p := policy.Default()
	p.Filesystem.Root = policy.RootHost
	p.Loopback.State = policy.LinkUp
	p.Process.InheritFDs = []int{0, 1, 2}
	_ = caps.All
	o := runner.Options{}
	if os.Getenv("STAGE") != "" {
		o.Launcher = runner.LauncherStage
	}
	full := os.Getenv("FULL") != ""
	o.Full, o.Hold = full, full
	h, err := host.Snapshot(&p)
	if err != nil {
		panic(err)
	}
	po := plan.Options{Full: full}
	if full {
		o.Canary, err = runner.NewCanary()
		if err != nil {
			panic(err)
		}
		po.Listener = o.Canary.Port()
	}
	pl, err := plan.Build(&p, h, &plan.Command{Path: argv[0], Argv: argv, Env: os.Environ()}, po)
	if err != nil {
		panic(err)
	}
	x := &audit.Expect{UID: pl.UID, GID: pl.GID, Groups: h.Groups, InheritFDs: p.Process.InheritFDs, LastCap: h.LastCap, GateFDs: []int{h.FDBase}}
	if h.UID == 0 {
		x.Groups = nil
	}
	for _, l := range pl.UIDMap {
		x.UIDMap = append(x.UIDMap, evidence.IDMapLine(l))
	}
	for _, l := range pl.GIDMap {
		x.GIDMap = append(x.GIDMap, evidence.IDMapLine(l))
	}
	var u unix.Utsname
	unix.Uname(&u)
	x.Hostname = unix.ByteSliceToString(u.Nodename[:])
	o.Judge = func(e *evidence.Evidence) error {
		fs := audit.Evaluate(&p, x, e)
		for _, f := range fs {
			if f.Verdict == audit.Fail || (f.Verdict == audit.Unknown && f.Refuses()) || os.Getenv("V") != "" {
				fmt.Printf("%-24s %v side=%v exp=%s found=%s src=%s basis=%s note=%s\n", f.Check, f.Verdict, f.Side, f.Expected, f.Found, f.Source, f.Basis, f.Note)
			}
		}
		if audit.Refuses(&p, fs) {
			return fmt.Errorf("no")
		}
		return nil
	}
	r, err := runner.Run(pl, h, o)
	fmt.Println(r, err)
	if r != nil {
		fmt.Println(r.Status.Exited(), r.Status.ExitStatus(), r.Status.Signal())
	}
	os.Exit(0)
}
