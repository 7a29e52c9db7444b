package runner

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// Bounds of the look at the end: nothing that a command leaves behind may keep
// netjail from ending.
const (
	endPatience  = 10 * time.Second // for all of it
	holdPatience = time.Second      // for everything to stand still
	mostAtEnd    = 512              // processes that are read
	endTries     = 3                // of a process that becomes another one meanwhile
	endRounds    = 16               // of looking for processes that were not there before
)

// followToEnd has the command run traced, up to its end.
func (r *run) followToEnd() error {
	var err error
	own := r.status == nil // else the reaper is its parent
	r.followed, err = r.trace.Follow(own, !r.outlives())
	return err
}

// outlives says whether the jail is to go on without netjail: then netjail does
// nothing to it that would not be undone by its own end.
func (r *run) outlives() bool { return r.plan.Policy.Process.OutliveParent }

// changeFollowed is change, for a command that is traced to its end.
func (r *run) changeFollowed() (status unix.WaitStatus, changed bool, err error) {
	status, changed = r.followed.Next()
	if !changed && r.followed.Held() {
		r.ending = r.lastLook()
		r.followed.Release()
		status, changed = r.followed.Next()
	}
	switch {
	case changed:
		return status, true, nil
	case r.status != nil || r.followed.Gone():
		return r.changeUntraced()
	}
	return 0, false, nil
}

// reap waits until pid 1 of the jail is gone. The kernel waits before that for
// everything in its namespace, also for threads that netjail still traces.
func (r *run) reap() (status unix.WaitStatus, err error) {
	for r.followed != nil && !r.followed.Gone() {
		status, changed, err := waitFor(r.pid, unix.WNOHANG)
		if changed || err != nil {
			return status, err
		}
		r.followed.Next()
		r.followed.Release()
		time.Sleep(time.Millisecond)
	}
	status, _, err = waitFor(r.pid, 0)
	return status, err
}

// lastLook reads everything that is alive in the jail while the command is held
// at its end.
func (r *run) lastLook() *evidence.Ending {
	e := &evidence.Ending{}
	deadline := time.Now().Add(endPatience)
	switch {
	case !r.isNew(ns.PID):
		e.Moving = "without a new pid namespace they are not the jail's alone to stop"
	case r.outlives():
		e.Moving = "process.dieWithParent is false: they would stay stopped if netjail was killed"
	default:
		e.Moving = r.holdStill()
	}
	seen := map[int]bool{}
	for round := 0; ; round++ {
		members, err := r.members()
		if err != nil {
			e.Missing = err.Error()
			return e
		}
		if e.Moving == "" && slices.ContainsFunc(members, (*member).entered) {
			e.Moving = "who has entered the jail from outside is not netjail's to stop"
		}
		if !r.readMembers(e, members, seen, deadline) || e.Missing != "" {
			return e
		}
		if round == endRounds {
			e.Missing = "processes are made faster than they can be read"
			return e
		}
	}
}

// readMembers reads those that were not there before, and says whether there were
// any.
func (r *run) readMembers(e *evidence.Ending, members []*member, seen map[int]bool, deadline time.Time) (fresh bool) {
	for i := range members {
		m := members[i]
		if seen[m.PID] {
			continue
		}
		seen[m.PID], fresh = true, true
		switch {
		case len(e.Processes) == mostAtEnd:
			e.Missing = fmt.Sprintf("there are more than %d processes", mostAtEnd)
			return true
		case time.Now().After(deadline):
			e.Missing = "they could not all be read within " + endPatience.String()
			return true
		}
		r.readMember(e, m)
	}
	return fresh
}

// readMember reads one process, again where it becomes another one meanwhile.
func (r *run) readMember(e *evidence.Ending, m *member) {
	p := evidence.EndProcess{PID: m.PID, Name: m.Name, Command: m.PID == r.command}
	for range endTries {
		var err error
		p.Target, err = evidence.ReadTarget(m.PID, r.options.Capget)
		var changed *evidence.ChangedError
		switch {
		case err == nil:
			p.Name, p.Target.Entered = p.Target.Name, m.fact()
		case errors.Is(err, evidence.ErrGone), errors.Is(err, evidence.ErrNoTarget):
			e.Vanished++
			return
		case errors.As(err, &changed):
			p.Why = err.Error()
			continue
		default:
			p.Why = err.Error()
		}
		break
	}
	if p.Target != nil {
		p.Why = ""
	}
	e.Processes = append(e.Processes, p)
}

// member is a living process of the jail.
type member struct {
	evidence.Relative
	// below is true of one that descends from the jail's pid 1, and told where that
	// tells who was started in the jail.
	below, told bool
}

// entered says whether it was brought in from outside.
func (m *member) entered() bool { return m.told && !m.below }

func (m *member) fact() evidence.Fact[bool] {
	const source = "the parents in /proc/PID/stat"
	if !m.told {
		return evidence.Unknown[bool](source, "cannot be known: without a new pid namespace a daemon's parents lead out of the jail as well")
	}
	return evidence.Known(!m.below, source)
}

// members are the living processes of the jail, the command first. netjail's own
// pid 1 is none.
func (r *run) members() ([]*member, error) {
	all, err := evidence.ReadRelatives()
	if err != nil {
		return nil, err
	}
	top := r.pid
	if !r.isNew(ns.PID) {
		top = r.command
	}
	in := map[int]bool{}
	for _, m := range evidence.Below(all, top) {
		in[m.PID] = true
	}
	marks := r.marks()
	var command, others []*member
	for _, m := range all {
		one := &member{m, in[m.PID] || m.PID == r.command, r.isNew(ns.PID)}
		switch {
		case m.PID == r.command:
			command = append(command, one)
		case !m.Alive(), m.PID == r.pid, m.PID == r.host.PID:
		case in[m.PID]:
			others = append(others, one)
		case marks.Bears(m.PID):
			// Its parent may have ended while the list was read.
			one.below = one.told && evidence.Descends(m.PID, top)
			others = append(others, one)
		}
	}
	return append(command, others...), nil
}

// marks are the namespaces that were made for this jail.
func (r *run) marks() (m evidence.Marks) {
	p := &r.evidence.Outside
	if r.evidence.AfterExec != nil {
		p = r.evidence.AfterExec
	}
	for _, k := range ns.All() {
		if r.isNew(k) && p.Namespaces[k].Known {
			m[k] = p.Namespaces[k].Value
		}
	}
	return m
}

// holdStill stops everything in the jail's pid namespace but the command, which is
// held, and the reaper, which only waits. Nobody in there can wake what the others
// are: they are stopped as well, and end when the command has. It says why
// something may run all the same; empty where nothing does.
func (r *run) holdStill() string {
	told := map[int]uint64{} // when those were started that SIGSTOP was sent to
	deadline := time.Now().Add(holdPatience)
	for quiet := 0; quiet < 2; {
		all, err := evidence.ReadRelatives()
		if err != nil {
			return err.Error()
		}
		running, fresh := 0, false
		for _, m := range evidence.Below(all, r.pid) {
			if m.PID == r.command || !m.Alive() || m.Still() {
				continue
			}
			if told[m.PID] != m.Start {
				told[m.PID], fresh = m.Start, true
				if err := stopProcess(&m); err != nil {
					return fmt.Sprintf("stop process %d: %v", m.PID, err)
				}
			}
			if m.State != 'D' { // it stops before it runs again
				running++
			}
		}
		switch {
		case running == 0 && !fresh:
			quiet++ // once more, for what one of them had begun to fork
		case time.Now().After(deadline):
			return fmt.Sprintf("%d of them did not stop within %s", running, holdPatience)
		default:
			quiet = 0
			time.Sleep(100 * time.Microsecond)
		}
	}
	return ""
}

// stopProcess sends SIGSTOP to this very process: its number may belong to another
// by now, whose start the kernel tells.
func stopProcess(m *evidence.Relative) error {
	fd, err := unix.PidfdOpen(m.PID, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if now, ok := evidence.ReadRelative(m.PID); !ok || now.Start != m.Start {
		return nil
	}
	if err := unix.PidfdSendSignal(fd, unix.SIGSTOP, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	return nil
}

// killToItsEnd ends a command that is to be looked at before the rest of its pid
// namespace goes with it.
func (r *run) killToItsEnd() bool {
	if !r.isNew(ns.PID) || r.followed == nil || r.followed.Gone() {
		return false
	}
	return unix.PidfdSendSignal(r.pidfd, unix.SIGKILL, nil, 0) == nil
}

// noEnding says why there is no look at the end although it was asked for.
func (r *run) noEnding() string {
	switch {
	case !r.options.AtEnd || r.ending != nil:
		return ""
	case r.followed == nil:
		return "the command could not be traced: " + r.evidence.HoldWhy
	}
	return "the command was gone before it could be held at its end"
}
