package runner

import (
	"fmt"
	"syscall"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// Arguments of the stage that make it end by a call of another table.
const (
	stageI386 = "i386"
	stageX32  = "x32"
)

// readCompat has netjail itself, executed again, make the calls of other tables:
// the control of what doomed processes try in the jail. It tells a filter that kills
// for them from a kernel that has none.
func readCompat() *evidence.Compat {
	if !sys.HasCompat {
		return nil
	}
	return &evidence.Compat{I386: deathOfStage(stageI386), X32: deathOfStage(stageX32)}
}

// endByCompat is the stage for readCompat; it returns where arg is none of its.
func endByCompat(arg string) {
	switch {
	case !sys.HasCompat:
	case arg == stageI386:
		sys.EndByCompat(plan.CompatExitGroup, plan.DoomedMade, plan.DoomedReturned)
	case arg == stageX32:
		sys.EndByNumber(plan.X32ExitGroup, plan.DoomedMade, plan.DoomedReturned)
	}
}

// deathOfStage is how netjail ended that was executed with this argument. It has
// nothing of netjail's.
func deathOfStage(arg string) evidence.Fact[evidence.Death] {
	source := "netjail's own of " + arg
	unknown := func(err error) evidence.Fact[evidence.Death] {
		return evidence.Unknown[evidence.Death](source, err.Error())
	}
	files, err := closedFiles()
	if err != nil {
		return unknown(err)
	}
	attr := &syscall.ProcAttr{Files: files, Env: stageEnv[:]}
	pid, err := syscall.ForkExec("/proc/self/exe", []string{StageArgv0, arg}, attr)
	if err != nil {
		return unknown(fmt.Errorf("execute netjail again: %w", err))
	}
	status, _, err := waitFor(pid, 0)
	if err != nil {
		return unknown(err)
	}
	death, err := evidence.DeathOf(syscall.WaitStatus(status))
	if err != nil {
		return unknown(err)
	}
	return evidence.Known(death, source)
}
