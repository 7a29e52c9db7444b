package sys

import (
	"os"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// TestLoad replaces each argument by the word at its address, once alone and once
// together with all others: mmap(2) takes six, and what it maps tells which.
func TestLoad(t *testing.T) {
	page := uint64(os.Getpagesize())
	for _, w := range ways() {
		for load := range uint64(1 << 6) {
			if load&(load-1) != 0 && load != 1<<6-1 {
				continue // neither one bit nor all
			}
			t.Run(w.name+"/"+strconv.FormatUint(load, 2), func(t *testing.T) {
				x := newTrial(t, w, 8)
				hint := uint64(0x5d0000000000) // far from everything else
				args := [6]uint64{hint, page, unix.PROT_READ, unix.MAP_SHARED | unix.MAP_FIXED_NOREPLACE, x.fd, page}
				for k := range args {
					if load>>k&1 == 1 {
						args[k] = x.word(args[k])
					}
				}
				i := x.add(Step{NR: unix.SYS_MMAP, Args: args, Load: load, Test: TestEqual, Want: hint})
				x.add(Step{NR: NRWord, Args: [6]uint64{x.ResultAddress(i)}, Load: 1, Test: TestEqual, Want: fileWord + 1})
				x.add(Step{NR: unix.SYS_MUNMAP, Args: [6]uint64{x.ResultAddress(i), page}, Load: 1})
				x.end(0)
				x.carryOut(0, -1)
			})
		}
	}
}

// fork appends a Step that forks; its child goes on behind it.
func (x *trial) fork() int {
	return x.add(Step{NR: unix.SYS_CLONE, Args: [6]uint64{uint64(unix.SIGCHLD) | x.way.vm}})
}

// TestBranch: behind a fork the child goes on with the next Step, its parent with
// the one that Branch names.
func TestBranch(t *testing.T) {
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			x := newTrial(t, w, 8)
			fork := x.fork()
			x.add(nop(Step{}))
			x.end(3)
			x.add(nop(Step{Test: TestEqual, Want: 1})) // the guard behind the child's list
			status := x.word(0)
			x.Step(fork).Branch = x.StepAddress(x.Len())
			x.add(Step{NR: unix.SYS_WAIT4, Args: [6]uint64{^uint64(0), status}})
			x.add(Step{NR: NRWord, Args: [6]uint64{status}, Test: TestEqual, Want: 3 << 8})
			x.end(0)
			x.carryOut(0, -1)
			if x.Step(3).Done != 0 {
				t.Error("somebody reached the guard")
			}
		})
	}
}

// TestNoBranch: a Branch is for results above zero.
func TestNoBranch(t *testing.T) {
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			x := newTrial(t, w, 8)
			zero := x.add(nop(Step{}))
			errno := x.add(badClose(Step{Test: TestAny}))
			x.end(0)
			for _, i := range []int{zero, errno} {
				x.Step(i).Branch = x.StepAddress(x.Len())
			}
			x.end(9)
			x.carryOut(0, -1)
		})
	}
}

// TestFailureBehindBranch: the Step that failed is told apart on either side.
func TestFailureBehindBranch(t *testing.T) {
	for _, w := range ways() {
		for _, side := range []string{"child", "parent"} {
			t.Run(w.name+"/"+side, func(t *testing.T) {
				x := newTrial(t, w, 8)
				fork := x.fork()
				want := -1
				if side == "child" {
					want = x.add(badClose(Step{}))
				}
				x.end(0)
				status := x.word(0)
				x.Step(fork).Branch = x.StepAddress(x.Len())
				x.add(Step{NR: unix.SYS_WAIT4, Args: [6]uint64{^uint64(0), status}})
				if side == "parent" {
					want = x.add(badClose(Step{}))
				}
				x.end(255)
				x.carryOut(255, want)
			})
		}
	}
}

// TestForks forks many times in one program: each time exactly one side takes the
// branch, however the two run beside each other.
func TestForks(t *testing.T) {
	const forks = 400
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			x := newTrial(t, w, 4*forks+1)
			status := x.word(0)
			for range forks {
				fork := x.fork()
				x.end(3)
				x.Step(fork).Branch = x.StepAddress(x.Len())
				x.add(Step{NR: unix.SYS_WAIT4, Args: [6]uint64{^uint64(0), status}})
				x.add(Step{NR: NRWord, Args: [6]uint64{status}, Test: TestEqual, Want: 3 << 8})
			}
			x.end(0)
			x.carryOut(0, -1)
		})
	}
}
