package runner

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// relay is what stands between the caller's streams and the command's; nothing
// for most commands.
type relay struct {
	in, out  []*pump
	terminal *terminal // nil for none
	// ending says that a signal which ends was passed on.
	ending bool
	// abandoned says that what has not been delivered yet is not to be.
	abandoned bool
}

// prepareStreams does what the plan says about 0 to 2 before the clone. place
// puts a descriptor where the child expects it, and closes it here.
func (r *run) prepareStreams(place func(plan.FD, int) error) error {
	for i := range r.plan.Ops {
		o := &r.plan.Ops[i]
		if o.Actor != plan.Parent {
			return nil
		}
		var err error
		switch o.Call {
		case plan.DeedPipe:
			err = r.relayPipe(int(o.Args[0].Value), place)
		case plan.DeedReopen:
			err = r.reopen(int(o.Args[0].Value), place)
		case plan.DeedTerminal:
			err = r.relayTerminal(place)
		}
		if err != nil {
			return r.deedError(i, err)
		}
	}
	return nil
}

// reopen opens a terminal of the caller's again, for reading or for writing
// alone.
func (r *run) reopen(n int, place func(plan.FD, int) error) error {
	fd, err := openAgain(n, unix.O_CLOEXEC)
	if err != nil {
		return err
	}
	return place(plan.FDStream+plan.FD(n), fd)
}

// openAgain gives a terminal's descriptor n a file of its own, in the direction
// that the number stands for.
func openAgain(n, flags int) (int, error) {
	mode := unix.O_WRONLY
	if n == unix.Stdin {
		mode = unix.O_RDONLY
	}
	return unix.Open(fmt.Sprintf("/proc/self/fd/%d", n), mode|unix.O_NOCTTY|flags, 0)
}

// relayPipe puts a pipe between the socket n and the command. Where 1 and 2 are
// one socket they share a pipe, so that what is written stays in order.
func (r *run) relayPipe(n int, place func(plan.FD, int) error) error {
	at := plan.FDStream + plan.FD(n)
	if n == unix.Stderr && r.plan.Streams[1] == plan.TreatPipe && r.host.Streams[1].Same(&r.host.Streams[2]) {
		fd, err := unix.FcntlInt(uintptr(r.host.FDBase)+uintptr(at-1), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			return err
		}
		return place(at, fd)
	}
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return err
	}
	ours, theirs := pipe[0], pipe[1]
	if n == unix.Stdin {
		ours, theirs = theirs, ours
	}
	p := &pump{from: end{fd: ours}, to: end{fd: n, socket: true, callers: true}}
	if n == unix.Stdin {
		p.from, p.to, p.watches = p.to, p.from, true
		r.relay.in = append(r.relay.in, p)
	} else {
		r.relay.out = append(r.relay.out, p)
	}
	r.undo.add("close a pipe", p.close)
	if err := place(at, theirs); err != nil {
		return err
	}
	return unix.SetNonblock(ours, true)
}

// relayTerminal makes the command's terminal, and places it.
func (r *run) relayTerminal(place func(plan.FD, int) error) error {
	master, slave, err := sys.OpenPTY()
	if err != nil {
		return err
	}
	if err := r.relayPair(master, slave); err != nil {
		return err
	}
	for n := range plan.StreamCount {
		fd, err := unix.FcntlInt(uintptr(slave), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			return err
		}
		if err := place(plan.FDStream+plan.FD(n), fd); err != nil {
			return err
		}
	}
	return nil
}

// takeTerminal receives the master of the terminal that the child has opened in its
// own tree.
func (r *run) takeTerminal() error {
	var b [8]byte
	n, pid, master, err := r.gate.ReceiveFD(b[:])
	switch {
	case errors.Is(err, io.EOF):
		return r.childFailed()
	case err != nil:
		return r.lost(err)
	case string(b[:n]) != plan.TerminalWord || pid != r.pid || master < 0:
		if master >= 0 {
			unix.Close(master)
		}
		return &SetupError{fmt.Sprintf("process %d said %q where the child was to hand over its terminal", pid, b[:n])}
	}
	slave, err := sys.Peer(master)
	if err == nil {
		err = unix.SetNonblock(master, true)
	}
	if err != nil {
		unix.Close(master)
		return err
	}
	return r.relayPair(master, slave)
}

// relayPair stands between the caller's terminal and this one.
func (r *run) relayPair(master, slave int) error {
	t, err := newTerminal(master, slave, r.outsideUID())
	if err != nil {
		return err
	}
	r.relay.terminal = t
	r.undo.add("give the terminal back", t.close)
	r.evidence.Terminal = evidence.ReadTerminal(t.slave)
	caller := func(fd int) end { return end{fd: fd, kept: true, blocks: fd <= unix.Stderr} }
	command := end{fd: t.master, kept: true}
	keyboard := &pump{from: caller(t.in), to: command, shut: t.shut, seen: r.typed, ended: t.hangUp}
	screen := &pump{from: command, to: caller(t.out), ended: t.hangUp}
	r.relay.in = append(r.relay.in, keyboard)
	r.relay.out = append(r.relay.out, screen)
	return nil
}

// outsideUID is the command's user id as netjail sees it.
func (r *run) outsideUID() int {
	for _, l := range r.plan.UIDMap {
		if r.plan.UID-l.Inside < l.Size {
			return int(l.Outside + r.plan.UID - l.Inside)
		}
	}
	return int(r.plan.UID)
}

// wait adds what the relay waits for.
func (l *relay) wait(fds []unix.PollFd) []unix.PollFd {
	for _, p := range l.in {
		fds = p.wait(fds)
	}
	for _, p := range l.out {
		fds = p.wait(fds)
	}
	return fds
}

// step copies what there is, in every direction.
func (l *relay) step() {
	for _, p := range l.in {
		p.step()
	}
	for _, p := range l.out {
		p.step()
	}
}

// drain delivers what the command wrote before it ended. What a process that has
// outlived it writes later is not waited for: it finds the pipe closed. A signal
// that ends, or has ended the command, ends the wait for a reader that does not
// read.
func (r *run) drain(killed bool) {
	if len(r.relay.out) == 0 {
		return
	}
	if t := r.relay.terminal; t != nil {
		// A command may have ended before netjail came to relay it: what it wrote has
		// its line ends already, and a terminal that is not raw would add its own.
		t.tend()
	}
	for _, p := range r.relay.out {
		if p.done {
			continue
		}
		p.draining, p.left = true, pumpSize
		if r.relay.terminal != nil {
			p.left = drainTerminal
		} else if n, err := unix.IoctlGetInt(p.from.fd, unix.TIOCINQ); err == nil { // FIONREAD
			p.left = n
		}
	}
	r.relay.abandoned = r.relay.abandoned || killed && r.relay.ending
	for {
		fds := []unix.PollFd{{Fd: int32(r.watch.FD()), Events: unix.POLLIN}}
		for _, p := range r.relay.out {
			p.step()
			fds = p.waitToWrite(fds)
		}
		switch {
		case len(fds) == 1 && r.drained(), len(fds) > 1 && r.abandoned():
			return
		case len(fds) > 1:
			unix.Poll(fds, -1)
		}
	}
}

// drainTerminal bounds what is read of a terminal at the end: more than the
// kernel holds of it.
const drainTerminal = 1 << 20

func (p *pump) waitToWrite(fds []unix.PollFd) []unix.PollFd {
	if p.done || len(p.pending) == 0 {
		return fds
	}
	return append(fds, unix.PollFd{Fd: int32(p.to.fd), Events: unix.POLLOUT})
}

// drained says whether every pump to the caller has come to its end.
func (r *run) drained() bool {
	for _, p := range r.relay.out {
		if !p.done {
			return false
		}
	}
	return true
}

// abandoned says whether a signal has come that ends.
func (r *run) abandoned() bool {
	for {
		e, ok := r.watch.Next()
		if !ok {
			return r.relay.abandoned
		}
		r.relay.abandoned = r.relay.abandoned || ends(e.Signal)
	}
}
