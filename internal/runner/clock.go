package runner

import (
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/sys"
)

// grace is how long a command has between SIGTERM and SIGKILL.
const grace = 5 * time.Second

// clock is the command's time. Without a limit all of it is zero.
type clock struct {
	limit time.Duration
	// next is when there is something to do: SIGTERM, and then SIGKILL. It is on
	// the monotonic clock, which goes on while netjail is stopped.
	next time.Time
	// up says that the time is over, killed that the grace is as well.
	up, killed bool
}

// startTimer begins the command's time. The kernel's timer is what continues
// netjail where it is stopped when the time is over.
func (r *run) startTimer(limit time.Duration) error {
	timer, err := sys.NewTimer(limit)
	if err != nil {
		return err
	}
	r.undo.add("end the timer", timer.Close)
	r.clock = clock{limit: limit, next: time.Now().Add(limit)}
	const source = "timer_gettime(2)"
	left, err := timer.Left()
	r.evidence.TimeLeft = evidence.Known(left, source)
	if err != nil {
		r.evidence.TimeLeft = evidence.Unknown[time.Duration](source, err.Error())
	}
	return nil
}

// tick does what the clock asks for.
func (r *run) tick() {
	c := &r.clock
	if c.limit == 0 || c.killed || time.Now().Before(c.next) {
		return
	}
	if c.up {
		c.killed = true
		r.killJail()
		return
	}
	c.up, c.next = true, time.Now().Add(r.options.Grace)
	// Nobody waits longer for a reader of its output than for the command.
	r.relay.ending, r.relay.abandoned = true, true
	r.endCommand(unix.SIGTERM)
}

// endCommand sends the command a signal, and lets it go on where it is stopped:
// a stopped process does nothing about a signal but SIGKILL.
func (r *run) endCommand(s unix.Signal) {
	unix.PidfdSendSignal(r.pidfd, s, nil, 0)
	unix.PidfdSendSignal(r.pidfd, unix.SIGCONT, nil, 0)
}

// killJail ends everything: with pid 1 of a pid namespace the kernel ends all that
// is in it; without one netjail knows the command, and its group on a terminal of
// its own.
func (r *run) killJail() {
	if r.killToItsEnd() {
		return
	}
	if r.isNew(ns.PID) {
		unix.Kill(r.pid, unix.SIGKILL)
		return
	}
	if r.relay.terminal != nil {
		r.signalGroup(unix.SIGKILL)
	}
	unix.PidfdSendSignal(r.pidfd, unix.SIGKILL, nil, 0)
}

// within bounds a wait, in milliseconds with -1 for none, by the clock.
func (c *clock) within(patience int) int {
	if c.limit == 0 || c.killed {
		return patience
	}
	// One more, as poll(2) knows whole milliseconds.
	left := int(max(0, time.Until(c.next)).Milliseconds()) + 1
	if patience >= 0 && patience < left {
		return patience
	}
	return left
}

// over says whether the command's time is over, whether or not it was told.
func (c *clock) over() bool { return c.limit > 0 && !time.Now().Before(c.next) || c.up }
