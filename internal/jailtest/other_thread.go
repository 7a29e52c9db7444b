package jailtest

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// OnOtherThread runs f on a thread that is not the process's first, and waits for
// it. The thread ends with f, and what f has changed about it with the thread. The
// first thread would stay, changed, and /proc/self is that thread's.
func OnOtherThread(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked, so that the thread ends here
		if unix.Gettid() != unix.Getpid() {
			f()
			return
		}
		defer runtime.UnlockOSThread() // nothing was changed, and it cannot be taken meanwhile
		OnOtherThread(f)
	}()
	<-done
}
