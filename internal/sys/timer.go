package sys

import (
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Timer is a timer of the kernel's that sends this process SIGCONT at its end,
// which continues the process where it is stopped: nothing else of it would run
// then. It sends the signal again each second until it is closed, as one that
// comes right before a stop is lost.
type Timer struct{ id int32 }

// repeat is how often the signal is sent again.
const repeat = time.Second

// sigevent is struct sigevent of asm-generic/siginfo.h: 64 bytes.
type sigevent struct {
	value          uint64
	signal, notify int32
	_              [48]byte
}

// itimerspec is struct itimerspec.
type itimerspec struct{ interval, value unix.Timespec }

// NewTimer begins a timer on the monotonic clock.
func NewTimer(after time.Duration) (*Timer, error) {
	event := sigevent{signal: int32(unix.SIGCONT)} // SIGEV_SIGNAL is 0
	t := new(Timer)
	if _, _, errno := unix.Syscall(unix.SYS_TIMER_CREATE, unix.CLOCK_MONOTONIC, uintptr(unsafe.Pointer(&event)), uintptr(unsafe.Pointer(&t.id))); errno != 0 {
		return nil, fmt.Errorf("make a timer: %w", errno)
	}
	spec := itimerspec{unix.NsecToTimespec(int64(repeat)), unix.NsecToTimespec(int64(after))}
	if _, _, errno := unix.Syscall6(unix.SYS_TIMER_SETTIME, uintptr(t.id), 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0); errno != 0 {
		t.Close()
		return nil, fmt.Errorf("set a timer: %w", errno)
	}
	return t, nil
}

// Left is the time until the next signal, as timer_gettime(2) tells.
func (t *Timer) Left() (time.Duration, error) {
	var spec itimerspec
	if _, _, errno := unix.Syscall(unix.SYS_TIMER_GETTIME, uintptr(t.id), uintptr(unsafe.Pointer(&spec)), 0); errno != 0 {
		return 0, errno
	}
	return time.Duration(spec.value.Nano()), nil
}

// Close ends the timer.
func (t *Timer) Close() error {
	if _, _, errno := unix.Syscall(unix.SYS_TIMER_DELETE, uintptr(t.id), 0, 0); errno != 0 {
		return fmt.Errorf("delete a timer: %w", errno)
	}
	return nil
}
