package runner

import (
	"fmt"
	"time"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// enters says whether the command's process is made last, in a pid namespace that is
// joined.
func (r *run) enters() bool { return r.plan.Joined[ns.PID] != 0 }

// enter looks at the child while nobody of the joined pid namespace sees anything of
// it, and has it make the command's process there.
func (r *run) enter() error {
	if err := r.meet(plan.GateEnter); err != nil {
		return err
	}
	if err := r.deeds("enter.answer"); err != nil {
		return err
	}
	if r.options.Hold {
		if trace, err := sys.SeizeForking(r.command); err != nil {
			r.evidence.HoldWhy = err.Error()
		} else {
			r.trace = trace
		}
	}
	if err := r.gate.Send([]byte(plan.GateEnter.Answer)); err != nil {
		return r.lost(err)
	}
	return r.followEnter()
}

// followEnter waits until the process that was looked at has made the command's and
// has ended. From then on that is the child.
func (r *run) followEnter() error {
	maker := r.command
	if r.trace != nil {
		if err := r.trace.FollowFork(); err != nil {
			return r.lost(err)
		}
	}
	status, err := waitUntil(maker, time.Now().Add(r.options.Patience))
	next := r.made(plan.EnterOp)
	switch {
	case err != nil:
		return r.lost(err)
	case r.program.Failed() >= 0:
		return r.childFailed()
	case !status.Exited() || status.ExitStatus() != 0 || next <= 0:
		return &SetupError{fmt.Sprintf("the process behind %s ended with %#x", plan.EnterOp, uint32(status))}
	}
	r.pid, r.entered = next, true
	return nil
}

// collectEntered reads what anybody may of the process that becomes the command, and
// what it has said of itself since it was made. It is what made it, but for its pid
// namespace and for what fork(2) does not pass on.
func (r *run) collectEntered() error {
	p := evidence.ReadProcess(r.command, evidence.Options{IDMaps: true})
	r.evidence.Entered = &p
	r.evidence.Inside = evidence.FromReadings(r.program.readings(), r.options.Full)
	return nil
}
