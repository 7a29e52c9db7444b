package runner

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
)

// RunUnread is Run without the audit: nothing is read of the child and nobody
// judges. It is there for a benchmark alone; the product has nothing like it.
//
// Preconditions: p holds no readings.
func RunUnread(p *plan.Plan, h *plan.Host) error {
	r := &run{plan: p, host: h, pidfd: -1, options: Options{
		Patience: 5 * time.Second, Judge: func(*evidence.Evidence) error { return nil },
	}}
	r.evidence.Before = evidence.ReadSelf() // the child's namespaces are compared with these before the maps
	err := r.launch()
	if err == nil {
		err = r.setupUnread()
	}
	if err == nil {
		_, err = r.attend()
	} else {
		r.kill()
	}
	return errors.Join(err, r.undo.all())
}

func (r *run) setupUnread() (err error) {
	if r.plan.Index("maps.ask") >= 0 {
		if err := r.letMap(); err != nil {
			return err
		}
	}
	if err := r.watchSignals(); err != nil {
		return err
	}
	if r.command, err = r.await(plan.GateRelease); err != nil {
		return err
	}
	if r.pidfd, err = unix.PidfdOpen(r.command, 0); err != nil {
		return err
	}
	r.undo.add("close the command's descriptor", func() error { return unix.Close(r.pidfd) })
	if r.plan.Forks {
		if err := errors.Join(r.meetReaper(), r.admitReaper()); err != nil {
			return err
		}
	}
	return r.start()
}

// PID is the child's; 0 for none.
func (b *Begun) PID() int { return b.pid }

// Claim says that the child was made with these namespaces.
func (b *Begun) Claim(flags uintptr) { b.outline.Flags = flags }
