package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// signalPipe is the pipe's writing end, for signalHandler.
//
//lint:ignore U1000 handler_amd64.s reads it
var signalPipe int32 = -1

func handlerAddresses() (handler, restorer uintptr)

// signalHandler is in handler_amd64.s, declared for the assembler's checks.
//
//lint:ignore U1000 its address is taken in assembly
func signalHandler()

// signalRestorer is in handler_amd64.s, declared for the assembler's checks.
//
//lint:ignore U1000 its address is taken in assembly
func signalRestorer()

// sigaction is struct kernel_sigaction.
type sigaction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

const (
	sigIgnore  = 1
	saSiginfo  = 0x4
	saOnStack  = 0x08000000
	saRestart  = 0x10000000
	saRestorer = 0x04000000
)

// install puts netjail's handler in the place of the Go runtime's. It costs half
// a millisecond less than os/signal, which wakes other threads for each signal,
// and it tells si_code.
func (w *Watch) install(signals []unix.Signal) error {
	signalPipe = int32(w.write)
	handler, restorer := handlerAddresses()
	action := sigaction{
		handler: handler, restorer: restorer,
		flags: saSiginfo | saOnStack | saRestart | saRestorer, mask: ^uint64(0),
	}
	for _, s := range signals {
		var old sigaction
		if err := rtSigaction(s, nil, &old); err != nil {
			return err
		}
		if old.handler == sigIgnore {
			continue // what was ignored at the start stays so
		}
		if err := rtSigaction(s, &action, nil); err != nil {
			return err
		}
		w.undo = append(w.undo, func() error { return rtSigaction(s, &old, nil) })
	}
	return nil
}

func rtSigaction(s unix.Signal, action, old *sigaction) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(action)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
