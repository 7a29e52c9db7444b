package jailtest

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// State is what a start must leave in netjail's own process as it found it.
type State struct {
	FDs    []string // "number target"
	Groups []int
	Mask   string // blocked signals of the calling thread
	Caught string // signals with a handler
	Ignore string
}

// ReadState reads it, for the calling thread.
func ReadState(t testing.TB) State {
	t.Helper()
	collect()
	status, err := os.ReadFile("/proc/thread-self/status")
	if err != nil {
		t.Fatal(err)
	}
	groups, err := unix.Getgroups() // of the calling thread
	if err != nil {
		t.Fatal(err)
	}
	return State{
		FDs: descriptors(t), Groups: groups,
		Mask: Field(string(status), "SigBlk"), Caught: Field(string(status), "SigCgt"), Ignore: Field(string(status), "SigIgn"),
	}
}

// collect has files closed that another test forgot: a collection would close
// them at any time, and a descriptor would be missed that nobody took.
func collect() {
	for range 2 {
		done := make(chan struct{})
		runtime.SetFinalizer(new([16]byte), func(*[16]byte) { close(done) })
		runtime.GC()
		<-done
	}
}

// descriptors lists what is open in this process, but the list itself.
func descriptors(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	var open []string
	for _, e := range entries {
		target, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err == nil && !strings.HasSuffix(target, "/fd") {
			open = append(open, e.Name()+" "+target)
		}
	}
	slices.Sort(open)
	return open
}

// Childless fails where this process has a child, alive or not.
func Childless(t testing.TB) {
	t.Helper()
	pid, err := unix.Wait4(-1, nil, unix.WNOHANG|unix.WALL, nil)
	if err != unix.ECHILD {
		t.Errorf("a child is left: wait4 gave %d (%v), below this process are %v", pid, err, Descendants(os.Getpid()))
	}
}
