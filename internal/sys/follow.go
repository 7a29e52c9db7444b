package sys

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Followed is a traced process that runs, with every thread that it makes, until
// it is held at its end: there it still has its credentials, its namespaces and
// what it has open, and runs no further instruction of its own. What it forks is
// not traced.
//
// Preconditions: every method is called from the thread that called Seize.
type Followed struct {
	pid int
	// own says that the process is this one's child. Then its stops are told here
	// alone: wait4(2) shows a tracer that is the parent too none of them twice.
	own     bool
	stopped bool
	held    bool
	threads map[int]followState
}

// followState is what a tracer has to know of a thread.
type followState uint8

const (
	followRuns    followState = iota
	followEnds                // it is held at its end: PTRACE_EVENT_EXIT
	followForeign             // a process of its own, which was attached because it was cloned
)

// followEventStop is PTRACE_EVENT_STOP, which package unix does not name.
const followEventStop = 128

// Follow lets the process run from where WaitExec holds it, traced to its end.
// kill has the kernel kill it where the tracer ends.
func (t *Trace) Follow(own, kill bool) (*Followed, error) {
	options := unix.PTRACE_O_TRACEEXIT | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEEXEC
	if kill {
		options |= unix.PTRACE_O_EXITKILL
	}
	if err := unix.PtraceSetOptions(t.pid, options); err != nil {
		return nil, fmt.Errorf("trace process %d to its end: %w", t.pid, err)
	}
	if err := unix.PtraceCont(t.pid, 0); err != nil {
		return nil, fmt.Errorf("continue process %d: %w", t.pid, err)
	}
	return &Followed{pid: t.pid, own: own, threads: map[int]followState{t.pid: followRuns}}, nil
}

// Held says that the process is held at its end, with all threads that it has.
func (f *Followed) Held() bool { return f.held }

// Next deals with what has happened to the threads. Where the process is this one's
// child it is also what wait4(2) would have told of it: stopped, continued, ended.
// It waits only for the threads of a process that is about to end.
func (f *Followed) Next() (status unix.WaitStatus, changed bool) {
	began := time.Now()
	for {
		if told, ok := f.pollAll(); ok {
			return told, true
		}
		if f.held || f.atEnd() == 0 || f.decide(time.Since(began)) {
			return 0, false
		}
		time.Sleep(50 * time.Microsecond)
	}
}

// pollAll takes every event that there is, up to one that is to be told.
func (f *Followed) pollAll() (told unix.WaitStatus, ok bool) {
	for again := true; again; {
		again = false
		for tid := range f.threads {
			s, some := f.poll(tid)
			if !some {
				continue
			}
			again = true
			if told, ok := f.event(tid, s); ok {
				return told, true
			}
		}
	}
	return 0, false
}

// atEnd is how many threads stand at their end.
func (f *Followed) atEnd() (n int) {
	for _, state := range f.threads {
		if state == followEnds {
			n++
		}
	}
	return n
}

// poll is a thread's next event. A thread that cannot be waited for any more is
// forgotten.
func (f *Followed) poll(tid int) (s unix.WaitStatus, ok bool) {
	for {
		got, err := unix.Wait4(tid, &s, unix.WALL|unix.WNOHANG, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			delete(f.threads, tid)
			return 0, false
		}
		return s, got == tid
	}
}

// event deals with one event. Source: ptrace(2), "Stopped states".
func (f *Followed) event(tid int, s unix.WaitStatus) (told unix.WaitStatus, ok bool) {
	if s.Exited() || s.Signaled() {
		delete(f.threads, tid)
		return s, f.own && tid == f.pid
	}
	if f.threads[tid] == followForeign {
		delete(f.threads, tid)
		unix.PtraceDetach(tid)
		return 0, false
	}
	switch cause := int(s >> 16); cause {
	case 0: // a signal is to be delivered
		unix.PtraceCont(tid, int(s.StopSignal()))
	case unix.PTRACE_EVENT_CLONE:
		f.cloned(tid)
		unix.PtraceCont(tid, 0)
	case unix.PTRACE_EVENT_EXEC:
		// The other threads are gone, and the one that is left has the first's
		// number.
		f.threads = map[int]followState{f.pid: followRuns}
		unix.PtraceCont(tid, 0)
	case unix.PTRACE_EVENT_EXIT:
		f.threads[tid] = followEnds // it stays there until it is known what ends
	case followEventStop:
		return f.groupStop(tid, s)
	default:
		unix.PtraceCont(tid, 0)
	}
	return 0, false
}

// cloned adds what a thread has made, which the kernel has attached. It is
// another process where clone(2) was told of a signal other than SIGCHLD.
func (f *Followed) cloned(by int) {
	made, err := unix.PtraceGetEventMsg(by)
	if err != nil {
		return // it is being killed: what it made is found among its threads
	}
	tid := int(made)
	state := followRuns
	if !f.hasThread(tid) {
		state = followForeign
	}
	if _, known := f.threads[tid]; !known {
		f.threads[tid] = state
	}
}

// groupStop keeps a stopped thread stopped, as it would be untraced, and lets one
// go on that is only told of: a new one, or one that SIGCONT has continued.
func (f *Followed) groupStop(tid int, s unix.WaitStatus) (told unix.WaitStatus, ok bool) {
	const continued = 0xffff
	signal := s.StopSignal()
	if signal == unix.SIGTRAP {
		unix.PtraceCont(tid, 0)
		if !f.stopped || tid != f.pid {
			return 0, false
		}
		f.stopped = false
		return continued, f.own
	}
	listen(tid)
	if f.stopped || tid != f.pid {
		return 0, false
	}
	f.stopped = true
	return s & 0xffff, f.own
}

// listen is PTRACE_LISTEN: the thread stays stopped and is told of SIGCONT.
func listen(tid int) {
	unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_LISTEN, uintptr(tid), 0, 0, 0, 0)
}

// How long the threads of a process that ends are waited for, which are all on
// their way: one in an uninterruptible sleep may take longer, and is then not read;
// and one that runs may either be on its way or know nothing of it.
const (
	dyingPatience   = time.Second
	runningPatience = 2 * time.Millisecond
)

// decide says what becomes of the threads that stand at their end: they are held
// where all others are there as well, or gone, and let go where the process goes on.
// It is false where that is not known yet.
func (f *Followed) decide(waited time.Duration) bool {
	idle, running, dying := f.others()
	switch {
	case idle > 0, running > 0 && waited > runningPatience:
		f.letEnd()
	case running == 0 && (dying == 0 || waited > dyingPatience):
		f.held = true
	default:
		return false
	}
	return true
}

// letEnd lets threads end of a process that goes on.
func (f *Followed) letEnd() {
	for tid, state := range f.threads {
		if state == followEnds {
			f.threads[tid] = followRuns
			unix.PtraceCont(tid, 0)
		}
	}
}

// Release lets the process end, untraced: its parent is told as if nobody had
// looked.
func (f *Followed) Release() {
	for tid, state := range f.threads {
		if state != followEnds {
			continue
		}
		if unix.PtraceDetach(tid) == nil {
			delete(f.threads, tid)
		} else { // somebody has killed it meanwhile: what is left of it is waited for
			f.threads[tid] = followRuns
		}
	}
	f.held = false
}

// Gone says that no thread is traced any more.
func (f *Followed) Gone() bool { return len(f.threads) == 0 }
