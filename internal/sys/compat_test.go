package sys

import (
	"fmt"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// Numbers of the i386 and x32 tables: syscall_32.tbl, asm/unistd.h.
const (
	compatUmask     = 60
	compatExitGroup = 252
	x32ExitGroup    = 0x40000000 | 231
)

// playCompat ends by a call of another table, as its argument says.
func playCompat(args []string) error {
	runtime.LockOSThread()
	switch args[0] {
	case "x32":
		EndByNumber(x32ExitGroup, 3, 4)
	case "fault":
		return playFault()
	}
	EndByCompat(compatExitGroup, 3, 4)
	return nil
}

// playFault gets SIGSEGV, as where the kernel has no such calls.
func playFault() error {
	page, err := unix.Mmap(-1, 0, 1, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return err
	}
	beDoomed()
	return fmt.Errorf("what cannot be read is %d", page[0])
}

// hasCompat skips where the kernel makes no 32-bit calls: there it ends who tries.
func hasCompat(t *testing.T) {
	t.Helper()
	if !HasCompat {
		jailtest.Lacking(t, "this architecture makes no 32-bit calls without another program")
	}
	if status := waitStatus(t, role("role-compat", "i386")); status.Signaled() && status.Signal() == unix.SIGSEGV {
		jailtest.Lacking(t, "this kernel makes no 32-bit calls by int 0x80")
	}
}

// TestCompat: a Step makes a call of the i386 table, with its argument, and goes on
// with what that one gave.
func TestCompat(t *testing.T) {
	hasCompat(t)
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			x := newTrial(t, w, 8)
			x.add(Step{NR: NRCompat, Args: [6]uint64{compatUmask, 0o751}, Test: TestAny})
			x.add(Step{NR: NRCompat, Args: [6]uint64{compatUmask, 0}, Test: TestEqual, Want: 0o751}) // it gives the old one
			x.add(Step{NR: NRCompat, Args: [6]uint64{0xffff, 0}, Test: TestEqual, Want: ^uint64(unix.ENOSYS - 1)})
			x.add(Step{NR: NRCompat, Args: [6]uint64{compatExitGroup, 42}})
			x.carryOut(42, -1)
		})
	}
}

// TestEndByCompat: the call of the i386 table is made, and tells so by its status;
// that of x32 too, where the kernel has that table.
func TestEndByCompat(t *testing.T) {
	hasCompat(t)
	if status := waitStatus(t, role("role-compat", "i386")); !status.Exited() || status.ExitStatus() != 3 {
		t.Errorf("int 0x80: %#x", status)
	}
	if status := waitStatus(t, role("role-compat", "x32")); !status.Exited() || status.ExitStatus() != 3 && status.ExitStatus() != 4 {
		t.Errorf("x32: %#x", status)
	}
}

// TestDoomedFault: the Go runtime has no part in such an end.
func TestDoomedFault(t *testing.T) {
	status := waitStatus(t, role("role-compat", "fault"))
	if !status.Signaled() || status.Signal() != unix.SIGSEGV || status.CoreDump() {
		t.Errorf("it ended with %#x", status)
	}
}

// TestForkResult: what a fork gave to the side that made the other is what is
// written down, however the two run beside each other.
func TestForkResult(t *testing.T) {
	const forks = 200
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			x := newTrial(t, w, 4*forks+1)
			status := x.word(0)
			for range forks {
				fork := x.add(Step{NR: unix.SYS_CLONE})
				x.end(3)
				x.Step(fork).Branch = x.StepAddress(x.Len())
				x.add(Step{NR: unix.SYS_WAIT4, Args: [6]uint64{x.ResultAddress(fork), status, unix.WALL}, Load: 1})
				x.add(Step{NR: NRWord, Args: [6]uint64{status}, Test: TestEqual, Want: 3 << 8})
			}
			x.end(0)
			x.carryOut(0, -1)
			for i := range forks {
				if fork, wait := x.Step(4*i), x.Step(4*i+2); fork.Result <= 0 || wait.Result != fork.Result {
					t.Fatalf("fork %d gave %d, and the wait for it %d", i, fork.Result, wait.Result)
				}
			}
		})
	}
}
