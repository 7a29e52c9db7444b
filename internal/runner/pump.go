package runner

import (
	"errors"

	"golang.org/x/sys/unix"
)

// pump copies one way: from a stream of the caller's to the command's, or back.
// Nothing blocks in it, so that signals and the command's end are seen meanwhile.
type pump struct {
	from, to end
	// watches says that the other end of to may be closed while there is nothing to
	// write, as the command's standard input can be.
	watches bool
	buffer  []byte
	pending []byte // of buffer: read and not yet written
	done    bool
	// shut, where it is not nil, says whether the pump may not read now; seen is
	// told what was read.
	shut func() bool
	seen func([]byte)
	// ended, where it is not nil, is called once when a side has failed.
	ended func()
	// draining limits what is still read to left bytes.
	draining bool
	left     int
}

// end is one side of a pump.
type end struct {
	fd int
	// socket sides are asked not to block call by call: the flag of the file would
	// be everybody's who shares it.
	socket bool
	// callers is a stream of the caller's, of which netjail lets go by putting
	// /dev/null in its place: the number must not be given to anything else.
	callers bool
	// kept sides are closed by somebody else.
	kept bool
	// blocks says that a call may block, unless poll(2) says otherwise.
	blocks bool
}

// pumpSize is what a pipe holds.
const pumpSize = 64 << 10

func (e *end) read(b []byte) (n int, err error) {
	if e.blocks && !ready(e.fd, unix.POLLIN) {
		return 0, unix.EAGAIN
	}
	if e.socket {
		n, _, err = unix.Recvfrom(e.fd, b, unix.MSG_DONTWAIT)
		return n, err
	}
	return unix.Read(e.fd, b)
}

// slowly is how much is written at once where that may block.
const slowly = 256

func (e *end) write(b []byte) (int, error) {
	if e.blocks {
		if !ready(e.fd, unix.POLLOUT) {
			return 0, unix.EAGAIN
		}
		b = b[:min(len(b), slowly)]
	}
	if e.socket {
		return unix.SendmsgN(e.fd, b, nil, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
	}
	return unix.Write(e.fd, b)
}

// ready says whether poll(2) has something to say of a descriptor now.
func ready(fd int, events int16) bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, 0)
	return err == nil && n == 1
}

// drop lets go of the side as a process that ends does. Nothing is shut down by
// it: others may share a socket of the caller's.
func (e *end) drop() {
	switch {
	case e.kept:
	case !e.callers:
		unix.Close(e.fd)
	case e.fd != unix.Stderr: // which netjail's own words may still need
		if null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0); err == nil {
			unix.Dup3(null, e.fd, 0)
			unix.Close(null)
		}
	}
}

// wait adds what the pump waits for to a list for poll(2).
func (p *pump) wait(fds []unix.PollFd) []unix.PollFd {
	switch {
	case p.done:
		return fds
	case len(p.pending) > 0:
		return append(fds, unix.PollFd{Fd: int32(p.to.fd), Events: unix.POLLOUT})
	case p.shut != nil && p.shut():
		return fds
	}
	fds = append(fds, unix.PollFd{Fd: int32(p.from.fd), Events: unix.POLLIN})
	if p.watches {
		fds = append(fds, unix.PollFd{Fd: int32(p.to.fd)})
	}
	return fds
}

// step copies what there is. A side that fails ends the pump.
func (p *pump) step() {
	if p.done {
		return
	}
	if len(p.pending) == 0 && !p.fill() {
		return
	}
	n, err := p.to.write(p.pending)
	switch {
	case later(err):
	case err != nil:
		p.finish()
	default:
		p.pending = p.pending[n:]
	}
}

// fill reads; false says that there is nothing to write.
func (p *pump) fill() bool {
	if p.shut != nil && p.shut() || p.watches && p.refused() {
		return false
	}
	if p.buffer == nil {
		p.buffer = make([]byte, pumpSize)
	}
	room := p.buffer
	if p.draining {
		room = room[:min(len(room), p.left)]
	}
	if len(room) == 0 {
		p.finish()
		return false
	}
	n, err := p.from.read(room)
	switch {
	case later(err):
		if p.draining {
			p.finish()
		}
		return false
	case err != nil || n <= 0:
		p.finish()
		return false
	}
	p.pending, p.left = room[:n], p.left-n
	if p.seen != nil {
		p.seen(p.pending)
	}
	return true
}

// refused says that nobody can read any more what would be written.
func (p *pump) refused() bool {
	if ready(p.to.fd, 0) { // nothing was asked for, so it is an error
		p.finish()
	}
	return p.done
}

func (p *pump) finish() {
	if p.done {
		return
	}
	p.done, p.pending = true, nil
	p.from.drop()
	p.to.drop()
	if p.ended != nil {
		p.ended()
	}
}

// close closes what is netjail's own, and leaves the caller's streams alone.
func (p *pump) close() error {
	if p.done {
		return nil
	}
	p.done = true
	for _, e := range []*end{&p.from, &p.to} {
		if !e.callers && !e.kept {
			unix.Close(e.fd)
		}
	}
	return nil
}

// later says that a call only has to be made again.
func later(err error) bool {
	return errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR)
}
