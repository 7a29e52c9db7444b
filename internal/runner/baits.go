package runner

import (
	"encoding/hex"
	"errors"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
)

// Baits are what a full audit puts out on the host beside the Canary and the
// Lures: listeners on every address, objects of both kinds of IPC, FIFOs, a file
// in /dev/shm and a key. netjail reaches each of them itself, to show that it is
// alive; what the jailed process was after shows in them. It also makes itself the
// system calls of other tables that doomed processes try.
type Baits struct {
	token    []byte
	services *services
	sysv     *sysv
	queue    *queue
	fifos    *fifos
	shm      *shm
	key      *keyBait
	compat   *evidence.Compat
	without  map[string]evidence.Lack
}

// NewBaits makes them, the key apart, which is made while the child waits. What
// this host does not let netjail make is told with the result.
func NewBaits(dirs []string) (*Baits, error) {
	token, err := newToken()
	if err != nil {
		return nil, err
	}
	name := lurePrefix + hex.EncodeToString(token[:8])
	b := &Baits{token: token, without: map[string]evidence.Lack{}, key: &keyBait{name: name}, compat: readCompat()}
	if b.services, err = newServices(token); err != nil {
		b.lacks("services", err)
	}
	if b.sysv, err = newSysV(token); err != nil {
		b.lacks("sysv", err)
	}
	if b.queue, err = newQueue(token); err != nil {
		b.lacks("queue", err)
	}
	if b.fifos, err = newFIFOs(name, dirs); err != nil {
		b.lacks("fifos", err)
	}
	if b.shm, err = newShm(name, token); err != nil {
		b.lacks("memory", err)
	}
	return b, nil
}

func (b *Baits) lacks(what string, err error) {
	b.without[what] = evidence.Lack{Why: err.Error(), NoCall: errors.Is(err, unix.ENOSYS)}
}

// Targets are the baits as the plan's attempts aim at them.
func (b *Baits) Targets() *plan.Baits {
	t := &plan.Baits{Token: b.token, Key: b.key.name}
	if b.services != nil {
		t.Services = b.services.targets()
	}
	if b.sysv != nil {
		t.SysV = &b.sysv.target
	}
	if b.queue != nil {
		t.Queue = b.queue.name
	}
	if b.fifos != nil {
		t.FIFOs = b.fifos.paths()
	}
	if b.shm != nil {
		t.Memory = b.shm.path
	}
	return t
}

// Result says what the process has reached since they were made.
func (b *Baits) Result(pid int) *evidence.Baits {
	e := &evidence.Baits{Without: b.without, Compat: b.compat}
	if b.services != nil {
		e.Services = b.services.result()
	}
	if b.sysv != nil {
		e.SysV = b.sysv.result(pid)
	}
	if b.queue != nil {
		e.Queue = b.queue.result()
	}
	if b.fifos != nil {
		e.FIFOs = b.fifos.result()
	}
	if b.shm != nil {
		e.Memory = b.shm.result()
	}
	if b.key.serial != 0 {
		e.Key = b.key.result()
	}
	return e
}

// Close takes the baits away. A second time there is nothing to do.
func (b *Baits) Close() error {
	var errs []error
	if b.services != nil {
		errs = append(errs, b.services.close())
	}
	if b.sysv != nil {
		errs = append(errs, b.sysv.close())
	}
	if b.queue != nil {
		errs = append(errs, b.queue.close())
	}
	if b.fifos != nil {
		errs = append(errs, b.fifos.close())
	}
	if b.shm != nil {
		errs = append(errs, b.shm.close())
	}
	errs = append(errs, b.key.close())
	b.services, b.sysv, b.queue, b.fifos, b.shm = nil, nil, nil, nil, nil
	return errors.Join(errs...)
}

// makeLate makes what is made while the child waits behind its mounts, and gives
// the number of the key, 0 for none.
func (r *run) makeLate() error {
	if r.options.Lures != nil {
		r.options.Lures.bindLate()
	}
	b := r.options.Baits
	if b != nil && b.sysv != nil {
		if err := b.sysv.touch(); err != nil {
			return err
		}
	}
	if b == nil || r.plan.Index("attempt.key.request") < 0 {
		return nil
	}
	if err := b.key.make(b.token); err != nil {
		b.lacks("key", err)
	}
	return nil
}

// letLate does the parent's part behind the child's mounts.
func (r *run) letLate() error {
	if r.plan.Index("late.ask") < 0 {
		return nil
	}
	if _, err := r.await(plan.GateLate); err != nil {
		return err
	}
	if err := r.deeds("late.answer"); err != nil {
		return err
	}
	serial := 0
	if b := r.options.Baits; b != nil {
		serial = b.key.serial
	}
	answer := append([]byte(plan.GateLate.Answer), byte(serial), byte(serial>>8), byte(serial>>16), byte(serial>>24))
	if err := r.gate.Send(answer); err != nil {
		return r.lost(err)
	}
	return nil
}
