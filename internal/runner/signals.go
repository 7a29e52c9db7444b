package runner

import (
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/sys"
)

// watched are the signals that reach the command as they would have without
// netjail, and SIGCHLD, which tells of the command itself.
var watched = []unix.Signal{
	unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGUSR1, unix.SIGUSR2,
	unix.SIGWINCH, unix.SIGCONT, unix.SIGTSTP, unix.SIGCHLD,
}

// watchSignals begins to collect signals for the command. Those that were
// ignored when netjail was started stay ignored, although the Go runtime may
// have put a handler there since.
func (r *run) watchSignals() error {
	signals := make([]unix.Signal, 0, len(watched))
	for _, s := range watched {
		if r.host.Ignored>>(s-1)&1 == 0 || s == unix.SIGCHLD {
			signals = append(signals, s)
		}
	}
	var err error
	if r.watch, err = sys.NewWatch(signals); err == nil {
		r.undo.add("give the signals back", r.watch.Close)
	}
	return err
}

// passOn sends on what came for the command. What the kernel sent, the terminal
// that is, it sent to the whole process group, in which the command is as well.
//
// With a terminal of its own the command is in another group, and nothing has
// come but the window's new size, which the kernel tells it once that is set.
func (r *run) passOn() {
	if r.relay.terminal == nil {
		r.pass(func(e sys.Event) bool { return !e.Kernel })
		return
	}
	r.pass(func(e sys.Event) bool { return !e.Kernel || e.Signal != unix.SIGWINCH })
	if foreground() {
		r.relay.terminal.resize()
	}
}

// passEarly sends on everything that came during the set-up, what was typed as
// well: the process that becomes the command may not have been there yet. Where
// it was, the signal is blocked and pending in it, and two are one.
func (r *run) passEarly() {
	r.pass(func(sys.Event) bool { return true })
}

// pass reads all events and sends on those that are to reach the command. woken
// says that netjail was continued meanwhile, with its process group.
func (r *run) pass(wanted func(sys.Event) bool) (woken bool) {
	for {
		e, ok := r.watch.Next()
		if !ok {
			return woken
		}
		if e.Signal == unix.SIGCONT && r.resumed > 0 {
			r.resumed-- // it woke netjail, which has seen to the command
			continue
		}
		woken = woken || e.Signal == unix.SIGCONT
		if e.Signal != unix.SIGCHLD && wanted(e) {
			r.send(e)
		}
	}
}

// send sends a signal to the command. What a terminal sent was for a process
// group, and so it is where the command has a terminal of its own.
func (r *run) send(e sys.Event) {
	if e.Kernel && r.relay.terminal != nil {
		r.signalGroup(e.Signal)
		return
	}
	err := unix.PidfdSendSignal(r.pidfd, e.Signal, nil, 0)
	if ends(e.Signal) {
		r.relay.ending = true
		r.relay.abandoned = r.relay.abandoned || err == unix.ESRCH // then it is the wait that is meant
	}
}

// ends says whether a signal is sent to end a command.
func ends(s unix.Signal) bool {
	return s == unix.SIGINT || s == unix.SIGTERM || s == unix.SIGHUP || s == unix.SIGQUIT
}
