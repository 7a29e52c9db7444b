package runner

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// Options say how a plan is run.
type Options struct {
	// Judge decides at the gate: an error refuses, and the command never runs.
	// It is called once, with everything that was seen.
	Judge func(*evidence.Evidence) error
	// Hold stops the command at its first instruction, where it is read again
	// before Judge is called.
	Hold bool
	// AtEnd reads everything that is alive once more when the command ends. It needs
	// Hold.
	AtEnd bool
	// Full reads the dear evidence as well.
	Full bool
	// Capget reads the command's capabilities a second time; nil for a run
	// without.
	Capget evidence.CapReader
	// Canary is the listener that the plan's connect attempt aims at; nil for
	// none.
	Canary *Canary
	// Lures are the unix sockets that the plan's attempts aim at; nil for none.
	Lures *Lures
	// Prey is the process outside the jail that the plan's attempts aim at, and
	// NetHandle the handle of netjail's network namespace; nil for none.
	Prey      *Prey
	NetHandle *NetHandle
	// Baits are what else the plan's attempts aim at; nil for none.
	Baits *Baits
	// Dry ends the command at the point where it would be let go, for an audit
	// without a run.
	Dry bool
	// Begun is a child that was made for this plan beforehand; nil for none.
	Begun *Begun
	// Patience bounds each wait for the child before the command starts; 0 is
	// five seconds. Set-up takes milliseconds: what does not answer by then has
	// been made to hang.
	Patience time.Duration
	// Grace is how long a command has between SIGTERM and SIGKILL when its time is
	// over; 0 is five seconds.
	Grace time.Duration
	// Launcher chooses how the child is made; the zero value tries the loop and
	// falls back to the stage.
	Launcher Launcher
}

// Launcher is a way to make the child.
type Launcher uint8

// The launchers. They isolate alike; the loop is the faster.
const (
	LauncherAuto  Launcher = iota // the loop; the stage where clone3 or the architecture does not allow it
	LauncherLoop                  // clone3, the assembly loop in netjail's memory
	LauncherStage                 // clone, netjail executed again
)

// String names the launcher as reports do.
func (l Launcher) String() string {
	switch l {
	case LauncherLoop:
		return "loop"
	case LauncherStage:
		return "stage"
	}
	return "auto"
}

// Result is how a run ended.
type Result struct {
	// Status is the command's, as wait4(2) gives it. It means nothing after Dry.
	Status unix.WaitStatus
	// Launcher is the one that was used.
	Launcher Launcher
	// TimedOut says that the command's time was over before it ended, and Killed that
	// it did not end by SIGTERM.
	TimedOut, Killed bool
	// Ending is what was alive at the command's end; nil where that was not asked
	// for, or could not be read: then NoEnding says why.
	Ending   *evidence.Ending
	NoEnding string
}

// setupPatience is the default of Options.Patience.
const setupPatience = 5 * time.Second

// run is one execution of a plan.
type run struct {
	plan     *plan.Plan
	host     *plan.Host
	options  Options
	launcher Launcher

	program *program
	gate    *sys.Channel
	status  *sys.Channel // nil without a pid namespace
	watch   *sys.Watch
	undo    undo
	relay   relay
	clock   clock

	entered bool // the command's process is in the pid namespace that is joined

	pid     int // the process that clone made: pid 1 of a new pid namespace
	command int // the process that becomes the command
	pidfd   int // of the command
	resumed int // how often netjail was stopped with the command and its CONT has yet to be read
	// asleep is true from when netjail was continued until the command is known to
	// go on.
	asleep bool

	evidence evidence.Evidence
	owners   [ns.Count]evidence.Owner // of the namespaces of the process that clone made
	trace    *sys.Trace
	followed *sys.Followed // where the command is traced to its end
	ending   *evidence.Ending
}

// Run executes p and waits for the command to end.
//
// Preconditions: the goroutine does not end, locked to its thread, while the
// command runs.
//
// Errors: *CloneError, *StepError, *ExecError, *RefusedError and others; with
// any of them the command never ran, unless it is a *LostError.
func Run(p *plan.Plan, h *plan.Host, o Options) (*Result, error) {
	r := &run{plan: p, host: h, options: o, pidfd: -1}
	r.options.Patience, r.options.Grace = cmp.Or(o.Patience, setupPatience), cmp.Or(o.Grace, grace)
	if o.Hold || p.DropsGroups {
		// A thread traces, and a thread has groups.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	result, err := r.run()
	return result, errors.Join(err, r.undo.all())
}

func (r *run) run() (*Result, error) {
	r.evidence.Full = r.options.Full
	if r.options.Full && r.plan.NeedsVictim() {
		if err := r.expose(); err != nil {
			return nil, err
		}
	}
	begun, err := r.goOn()
	if err != nil {
		return nil, err
	}
	if !begun {
		r.evidence.Before = evidence.ReadSelf()
		if r.options.Full {
			r.evidence.Before.Mounts = evidence.ReadOwnMounts()
			r.evidence.Before.Limits = evidence.ReadOwnLimits()
		}
		err = r.launch()
	}
	if err != nil {
		return nil, err
	}
	if err := r.setup(); err != nil {
		r.kill()
		return nil, err
	}
	result := &Result{Launcher: r.launcher}
	if r.options.Dry {
		r.kill()
		return result, nil
	}
	result.Status, err = r.attend()
	result.TimedOut, result.Killed = r.clock.up, r.clock.killed
	result.Ending, result.NoEnding = r.ending, r.noEnding()
	return result, err
}

// setup leads the child through its gates up to the command's first
// instruction.
func (r *run) setup() error {
	if r.plan.Index("maps.ask") >= 0 {
		if err := r.letMap(); err != nil {
			return err
		}
	}
	if err := r.watchSignals(); err != nil {
		return err
	}
	r.readEarly()
	if err := r.deeds(plan.SendTerminalOp); err != nil {
		if r.program.Failed() >= 0 {
			return r.childFailed() // its own word says more than that nothing came
		}
		return err
	}
	if err := r.letLate(); err != nil {
		return err
	}
	if r.enters() {
		if err := r.enter(); err != nil {
			return err
		}
		if err := r.atGate(plan.GateRelease); err != nil {
			return err
		}
	} else if err := r.meet(plan.GateRelease); err != nil {
		return err
	}
	if err := r.deeds("release.answer"); err != nil {
		return err
	}
	return r.start()
}

// meet waits until the child, and the reaper where there is one, stand still.
func (r *run) meet(g plan.Gate) error {
	if err := r.atGate(g); err != nil {
		return err
	}
	r.undo.add("close the command's descriptor", func() error { return unix.Close(r.pidfd) })
	if r.roams() {
		r.readOwners()
	}
	if r.plan.Forks {
		return r.meetReaper()
	}
	return nil
}

// atGate waits until the child is at its last gate, and knows it from then on.
func (r *run) atGate(g plan.Gate) error {
	pid, err := r.await(g)
	if err != nil {
		return err
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return r.lost(fmt.Errorf("open the command's process %d: %w", pid, err))
	}
	if r.pidfd >= 0 {
		unix.Close(r.pidfd)
	}
	r.command, r.pidfd = pid, fd
	return nil
}

// letMap does the parent's part of the id maps.
func (r *run) letMap() error {
	if _, err := r.await(plan.GateMaps); err != nil {
		return err
	}
	if err := r.deeds("maps.answer"); err != nil {
		if r.program.Failed() >= 0 {
			return r.childFailed() // what could not be read of it says less than its own word
		}
		return err
	}
	if err := r.gate.Send([]byte(plan.GateMaps.Answer)); err != nil {
		return r.lost(err)
	}
	return nil
}

// await waits until the child is at a gate, and says which process it is.
func (r *run) await(g plan.Gate) (pid int, err error) {
	var b [8]byte
	n, pid, err := r.gate.Receive(b[:])
	switch {
	case errors.Is(err, io.EOF):
		return 0, r.childFailed()
	case err != nil:
		return 0, r.lost(err)
	case string(b[:n]) != g.Ask:
		return 0, &SetupError{"the child said " + fmt.Sprintf("%q", b[:n]) + " where it was to say " + fmt.Sprintf("%q", g.Ask)}
	}
	return pid, nil
}

// start lets the child become the command, and has it judged on the way.
func (r *run) start() error {
	if !r.options.Hold {
		if err := r.judge(); err != nil {
			return err
		}
		if r.options.Dry {
			return nil
		}
		return r.release()
	}
	if !r.entered {
		r.seize()
	}
	if r.trace == nil {
		if err := r.judge(); err != nil || r.options.Dry {
			return err
		}
		return r.release()
	}
	if err := r.release(); err != nil {
		return err
	}
	after := r.outside(false, false)
	after.Environ = evidence.ReadEnviron(r.command)
	r.evidence.AfterExec = &after
	if err := r.judge(); err != nil || r.options.Dry {
		return err
	}
	if r.options.AtEnd {
		return r.followToEnd()
	}
	return r.trace.Release()
}

// seize begins to trace the child, or notes why that is not to be had.
func (r *run) seize() {
	t, err := sys.Seize(r.command)
	if err != nil {
		r.evidence.HoldWhy = err.Error()
		return
	}
	r.trace = t
}

// release answers at the last gate and waits until the child has executed the
// command.
func (r *run) release() error {
	r.passEarly()
	if err := r.gate.Send([]byte(plan.GateRelease.Answer)); err != nil {
		return r.lost(err)
	}
	if r.trace != nil {
		if err := r.trace.WaitExec(); err != nil {
			return r.lost(err)
		}
		return nil
	}
	// Nothing hostile is left to wait for: execve may take its time on a slow
	// file system.
	if err := r.gate.SetPatience(0); err != nil {
		return err
	}
	var b [8]byte
	_, _, err := r.gate.Receive(b[:])
	switch {
	case r.program.Failed() >= 0:
		return r.childFailed()
	case !errors.Is(err, io.EOF):
		return &SetupError{"the child held the gate open behind its last step"}
	}
	return nil
}

// judge has the evidence judged.
func (r *run) judge() error {
	if r.program.Failed() >= 0 {
		// It gave up while it was read: its own word says more than what could
		// not be read of it.
		return r.childFailed()
	}
	r.evidence.Launcher = r.launcher.String()
	r.count()
	if r.options.Judge == nil {
		return &RefusedError{errors.New("nobody judges the evidence")}
	}
	if err := r.options.Judge(&r.evidence); err != nil {
		return &RefusedError{err}
	}
	return nil
}

// kill ends everything in the jail and reaps what netjail is the parent of.
func (r *run) kill() {
	if r.pid <= 0 {
		return
	}
	if r.pidfd >= 0 && r.command != r.pid {
		unix.PidfdSendSignal(r.pidfd, unix.SIGKILL, nil, 0)
	}
	unix.Kill(r.pid, unix.SIGKILL)
	if r.trace != nil && r.command != r.pid {
		unix.Wait4(r.command, nil, unix.WALL, nil)
	}
	for {
		if _, err := unix.Wait4(r.pid, nil, unix.WALL, nil); !errors.Is(err, unix.EINTR) {
			return
		}
	}
}
