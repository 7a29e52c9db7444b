package sys

import (
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Watch turns signals into events that can be waited for beside other
// descriptors. There is one at a time in a process.
type Watch struct {
	read, write int
	undo        []func() error
}

// Event is a signal that came.
type Event struct {
	Signal unix.Signal
	// Kernel is true where the kernel itself sent it, as it does for what is
	// typed at a terminal: then the whole process group has it.
	Kernel bool
}

// siKernel is SI_KERNEL of sigaction(2).
const siKernel = 0x80

// NewWatch begins to watch. A signal that is ignored stays so.
func NewWatch(signals []unix.Signal) (*Watch, error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return nil, fmt.Errorf("make a pipe for signals: %w", err)
	}
	w := &Watch{read: fds[0], write: fds[1]}
	if err := w.install(signals); err != nil {
		return nil, errors.Join(fmt.Errorf("watch signals: %w", err), w.Close())
	}
	return w, nil
}

// FD becomes readable when there is an event.
func (w *Watch) FD() int { return w.read }

// Next is the next event; ok is false where there is none now.
func (w *Watch) Next() (e Event, ok bool) {
	var b [8]byte
	n, err := unix.Read(w.read, b[:])
	if n != len(b) || err != nil {
		return Event{}, false
	}
	return Event{
		Signal: unix.Signal(binary.LittleEndian.Uint32(b[:])),
		Kernel: int32(binary.LittleEndian.Uint32(b[4:])) == siKernel,
	}, true
}

// Close gives the signals back to whoever had them.
func (w *Watch) Close() error {
	var errs []error
	for _, undo := range w.undo {
		errs = append(errs, undo())
	}
	return errors.Join(append(errs, unix.Close(w.read), unix.Close(w.write))...)
}
