package runner

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/sys"
)

// Stage is the child half where netjail was executed again: args[1] is the
// descriptor of the plan's memory, and args[2] the first of those before it that
// are the set-up's. It returns only where the plan could not be
// begun.
//
// Preconditions: the goroutine is locked to the main thread; nothing else was
// done before.
func Stage(args []string) error {
	if len(args) == 2 && args[1] == stageNothing {
		return errors.New("there is nothing to do")
	}
	if len(args) == 2 {
		endByCompat(args[1])
	}
	if len(args) != 3 {
		return fmt.Errorf("%s is netjail's own helper, not a command", StageArgv0)
	}
	fd, err := strconv.Atoi(args[1])
	if err != nil {
		return fmt.Errorf("read the plan's descriptor: %w", err)
	}
	first, err := strconv.Atoi(args[2])
	if err != nil {
		return fmt.Errorf("read the first descriptor: %w", err)
	}
	for d := first; d <= fd; d++ {
		unix.CloseOnExec(d)
	}
	program, err := sys.MapProgram(fd)
	if err != nil {
		return err
	}
	unix.Close(fd)
	if err := sys.PrepareStage(program); err != nil {
		return err
	}
	sys.Interpret(program)
	return nil
}
