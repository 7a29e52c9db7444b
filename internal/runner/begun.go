package runner

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// Begun is a child that is made before its plan: while netjail looks at the host
// and plans, it makes its namespaces, for which the kernel takes as long. Then it
// waits, and ends when netjail does.
type Begun struct {
	outline  plan.Outline
	channels *channels
	program  *sys.Program
	before   evidence.Self
	pid      int
}

// atClone are the namespaces that a process cannot make for itself afterwards,
// or without which it could make none.
const atClone = unix.CLONE_NEWUSER | unix.CLONE_NEWPID

// Begin makes a child for a plan with this outline. Run goes on with it, or
// Abandon ends it. It is nil where none could be made: then Run finds out why,
// and whether there is another way.
func Begin(o plan.Outline) *Begun {
	b := &Begun{outline: o}
	if !sys.HasLoop || b.make() != nil {
		b.Abandon() // what could not be made now is tried again
		return nil
	}
	return b
}

// make opens what the child talks by, looks where netjail is, and clones.
func (b *Begun) make() (err error) {
	b.channels, err = openChannels(&b.outline, false, false)
	defer b.channels.passOn()
	if err != nil {
		return err
	}
	later := b.outline.Flags &^ atClone
	if b.program, err = sys.NewWaiting(later, b.outline.FDBase+int(plan.FDGate), b.channels.gate.FD()); err != nil {
		return err
	}
	b.before = evidence.ReadSelf()
	b.pid, err = sys.Start(b.program, b.outline.Flags&atClone)
	return err
}

// Abandon ends the child, and waits until it has. Behind Run it has nothing to
// do.
func (b *Begun) Abandon() error {
	if b == nil {
		return nil
	}
	err := errors.Join(b.channels.close(), b.end())
	if b.program != nil {
		err = errors.Join(err, b.program.Close())
	}
	*b = Begun{}
	return err
}

// end kills the child, if there is one.
func (b *Begun) end() error {
	if b.pid == 0 {
		return nil
	}
	if err := unix.Kill(b.pid, unix.SIGKILL); err != nil {
		return fmt.Errorf("end the process that waited for its plan: %w", err)
	}
	_, _, err := waitFor(b.pid, 0)
	return err
}

// goOn has the child that was begun go on with the plan. ok is false where there
// is none, or none that can: that one is gone, and another is to be made.
func (r *run) goOn() (ok bool, err error) {
	if r.options.Begun == nil || r.options.Begun.pid == 0 {
		return false, nil
	}
	if r.options.Launcher == LauncherStage || !r.options.Begun.outline.Fits(r.plan, r.host) {
		return false, r.options.Begun.Abandon()
	}
	b := *r.options.Begun
	*r.options.Begun = Begun{}
	r.pid, r.launcher, r.evidence.Before = b.pid, LauncherLoop, b.before
	r.undo.add("free the waiting child's memory", b.program.Close)
	if err = r.resume(&b); err != nil {
		r.kill()
	}
	return true, err
}

// resume gives the child that was begun its program.
func (r *run) resume(b *Begun) (err error) {
	if err = r.take(b.channels); err != nil {
		return err
	}
	if r.program, err = assemble(r.plan, false); err != nil {
		return err
	}
	r.undo.add("free the plan's memory", r.program.Close)
	if _, err = r.await(plan.Gate{Ask: sys.WaitingMade}); err != nil {
		if errno := b.program.Unshared(); errno != 0 {
			return &CloneError{Flags: r.plan.Flags, Errno: errno}
		}
		return err
	}
	if err = b.program.Continue(r.program.Program, r.gate); err != nil {
		return r.lost(err)
	}
	return nil
}
