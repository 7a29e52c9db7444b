package evidence

import (
	"errors"
	"syscall"

	"github.com/netjail/netjail/internal/plan"
)

// Death is how a process ended that tried what may be its end.
type Death struct {
	// Signal is the name of what killed it; empty where it ended by itself.
	Signal string
	// Status is its exit status.
	Status int
}

// Compat is how processes of netjail's own ended, outside, that made the calls of
// the i386 and x32 tables: with plan.DoomedMade, plan.DoomedReturned or by a signal.
type Compat struct{ I386, X32 Fact[Death] }

var errNoEnd = errors.New("wait4(2) told of no end")

// bufferDeath decodes a status as wait4(2) writes it.
func bufferDeath(r *plan.Reading) (Death, error) {
	if r.Result < 1 {
		return Death{}, outOfRange(r)
	}
	word, err := words(r.Data, 1)
	if err != nil {
		return Death{}, err
	}
	return DeathOf(syscall.WaitStatus(word[0]))
}

// DeathOf is how a process with this status of wait4(2) ended.
func DeathOf(s syscall.WaitStatus) (Death, error) {
	switch {
	case s.Exited():
		return Death{Status: s.ExitStatus()}, nil
	case s.Signaled():
		return Death{Signal: signalName(s.Signal())}, nil
	}
	return Death{}, errNoEnd
}

// signalName is the name of those by which such a process may end, and else the
// signal in words.
func signalName(s syscall.Signal) string {
	switch s {
	case syscall.SIGSYS:
		return "SIGSYS"
	case syscall.SIGSEGV:
		return "SIGSEGV"
	case syscall.SIGKILL:
		return "SIGKILL"
	}
	return s.String()
}
