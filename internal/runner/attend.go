package runner

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/sys"
)

// attend stays with the running command: signals go to it, its stops become
// netjail's own, and its end ends the run.
func (r *run) attend() (unix.WaitStatus, error) {
	for {
		status, changed, err := r.change()
		switch {
		case err != nil:
			return 0, &LostError{err}
		case !changed:
			r.tick()
			if err := r.rest(); err != nil {
				return 0, &LostError{err}
			}
			continue
		case status.Stopped() && r.clock.over():
			r.tick()
			continue
		case status.Stopped() && r.relay.terminal != nil:
			r.stopBehind(status.StopSignal())
			continue
		case status.Stopped():
			r.stopWith()
			continue
		case status.Exited(), status.Signaled():
			r.drain(status.Signaled())
			return status, nil
		}
		r.asleep = false // the command goes on
	}
}

// stopWith stops netjail together with the command. Where both were stopped by
// one signal to their process group, the news comes when it is over: netjail
// must not stop again then.
func (r *run) stopWith() {
	if !r.stopped() {
		return
	}
	// What came with the stop must not be told when it is over. Where that has
	// woken netjail already, it wakes the command as well: the kernel goes through
	// a process group one by one.
	if r.pass(besideStop) {
		return
	}
	r.asleep = sys.StopSelf(r.mayStop)
	if r.asleep {
		r.resumed++
	}
	r.pass(besideStop)
}

// besideStop is what to send on around a stop: TSTP has done its work.
func besideStop(e sys.Event) bool { return !e.Kernel && e.Signal != unix.SIGTSTP }

// mayStop says whether there is reason for netjail to stop: the command is
// stopped, and has time left.
func (r *run) mayStop() bool { return !r.clock.over() && r.stopped() }

// stopped says whether the command is stopped now; it is true where that cannot
// be read.
func (r *run) stopped() bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(r.command) + "/stat")
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	// The state is the letter behind the name, which stands in parentheses and
	// may hold any character. A small t is a stop that a tracer was told of.
	_, state, ok := bytes.Cut(text[bytes.LastIndexByte(text, ')')+1:], []byte(" "))
	return !ok || len(state) > 0 && (state[0] == 'T' || state[0] == 't')
}

// wakeAfter is how long netjail, continued after a stop, waits for the news that
// the command goes on as well, as it does where a shell continued both.
const wakeAfter = 20 * time.Millisecond

// lookAfter is how often netjail, in the background of a terminal that it relays,
// looks whether it is in the foreground: nothing tells a job that runs.
const lookAfter = 100 * time.Millisecond

// rest waits until there is something to do, and passes signals on. Where netjail
// alone was continued, it continues the command.
func (r *run) rest() error {
	fds := []unix.PollFd{{Fd: int32(r.watch.FD()), Events: unix.POLLIN}}
	if r.status != nil {
		fds = append(fds, unix.PollFd{Fd: int32(r.status.FD()), Events: unix.POLLIN})
	}
	patience := -1
	if t := r.relay.terminal; t != nil && !t.gone {
		t.tend()
		if !t.raw {
			patience = int(lookAfter.Milliseconds())
		}
	}
	if r.asleep {
		patience = int(wakeAfter.Milliseconds())
	}
	patience = r.clock.within(patience)
	fds = r.relay.wait(fds)
	n, err := unix.Poll(fds, patience)
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("wait for signals and for the command: %w", err)
	}
	if n == 0 && err == nil && r.asleep {
		r.asleep = false
		unix.PidfdSendSignal(r.pidfd, unix.SIGCONT, nil, 0)
	}
	r.passOn()
	r.relay.step()
	return nil
}

// change is the command's next change of state, if there was one. With a pid
// namespace the reaper tells it: the command is not netjail's own child.
func (r *run) change() (status unix.WaitStatus, changed bool, err error) {
	if r.followed != nil {
		return r.changeFollowed()
	}
	return r.changeUntraced()
}

// changeUntraced is change as whoever is told of the command by its parent sees it.
func (r *run) changeUntraced() (status unix.WaitStatus, changed bool, err error) {
	if r.status == nil {
		return waitFor(r.pid, unix.WUNTRACED|unix.WCONTINUED|unix.WNOHANG)
	}
	var b [8]byte
	n, pid, err := r.status.Poll(b[:])
	switch {
	case errors.Is(err, sys.ErrTimeout):
		return 0, false, nil
	case errors.Is(err, io.EOF):
		return r.reaperGone()
	case err != nil:
		return 0, false, err
	case n != 4 || pid != r.pid:
		return 0, false, fmt.Errorf("process %d sent %d bytes as the command's status", pid, n)
	}
	status = unix.WaitStatus(binary.LittleEndian.Uint32(b[:4]))
	if status.Exited() || status.Signaled() {
		// The kernel ends the whole pid namespace before pid 1 is reaped: then
		// nothing of the jail lives.
		_, err = r.reap()
	}
	return status, true, err
}

// reaperGone: pid 1 ended without a last word, which is to say that it was
// killed, and everything in the jail with it.
func (r *run) reaperGone() (unix.WaitStatus, bool, error) {
	status, err := r.reap()
	if err == nil && !status.Signaled() {
		err = fmt.Errorf("pid 1 of the jail ended with %#x and did not say how the command ended", uint32(status))
	}
	return status, true, err
}

// waitFor is wait4(2); changed is false where WNOHANG found nothing.
func waitFor(pid, options int) (status unix.WaitStatus, changed bool, err error) {
	for {
		got, err := unix.Wait4(pid, &status, options|unix.WALL, nil)
		if !errors.Is(err, unix.EINTR) {
			return status, got != 0, err
		}
	}
}
