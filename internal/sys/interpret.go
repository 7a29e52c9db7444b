package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Interpret runs the Program in the calling thread. It returns only when the
// Program ends in neither execve nor exit_group, which no Program does.
//
// A Step that forks leaves a child with one thread and no runtime behind it, so
// this function, like the ones the standard library runs between fork and exec,
// neither allocates nor grows its stack.
//
// Preconditions: signals are blocked; the goroutine is locked to the main
// thread.
//
//go:nosplit
//go:norace
func Interpret(p *Program) {
	mem := unsafe.Pointer(&p.mem[0])
	base := uint64(uintptr(mem))
	h := (*Header)(mem)
	addr := h.First
	for {
		s := (*Step)(unsafe.Add(mem, addr-base))
		result := interpretStep(p, s, mem)
		if !s.holds(result) {
			if h.Failed == 0 { // a process that waits for another one fails as well, and says less
				h.Failed = addr
			}
			for {
				unix.RawSyscall6(unix.SYS_EXIT_GROUP, 255, 0, 0, 0, 0, 0)
			}
		}
		if s.Branch != 0 && result > 0 {
			addr = s.Branch
			continue
		}
		addr += StepSize
	}
}

// interpretStep carries out a Step. Its result is returned as well as written
// down: behind a fork both sides have the same Step, and each must go by its own.
// What is written down is the number that the one has which made the other.
//
//go:nosplit
//go:norace
func interpretStep(p *Program, s *Step, mem unsafe.Pointer) (result int64) {
	base := uintptr(mem)
	var a [6]uintptr
	for i := range a {
		a[i] = uintptr(s.Args[i])
		if s.Load&(1<<i) != 0 {
			a[i] = *(*uintptr)(unsafe.Add(mem, a[i]-base))
		}
	}
	switch s.NR {
	case NRWord:
		result = int64(*(*int32)(unsafe.Add(mem, a[0]-base)))
	case NRNop:
		result = 0
	case NRSame:
		result = same(unsafe.Add(mem, a[0]-base), unsafe.Add(mem, a[1]-base))
	case NRCompat:
		result = compat(a[0], a[1])
	case unix.SYS_CLOSE_RANGE:
		result = closeRange(a[0], a[1], a[2], &p.own)
	default:
		result = call(uintptr(s.NR), &a)
	}
	if result != 0 || s.Branch == 0 {
		s.Result = result
	}
	s.Done = 1
	return result
}

// call makes a system call; a negative result is -errno.
//
//go:nosplit
//go:norace
func call(nr uintptr, a *[6]uintptr) int64 {
	r, _, errno := unix.RawSyscall6(nr, a[0], a[1], a[2], a[3], a[4], a[5])
	if errno != 0 {
		return -int64(errno)
	}
	return int64(r)
}

// closeRange is close_range(2) of all but own.
//
//go:nosplit
//go:norace
func closeRange(first, last, flags uintptr, own *[maxOwn]uintptr) int64 {
	for i := range own {
		fd := own[i]
		if fd == 0 || fd < first || fd > last {
			continue
		}
		if fd > first {
			if result := call(unix.SYS_CLOSE_RANGE, &[6]uintptr{first, fd - 1, flags}); result != 0 {
				return result
			}
		}
		first = fd + 1
	}
	if first > last {
		return 0
	}
	return call(unix.SYS_CLOSE_RANGE, &[6]uintptr{first, last, flags})
}

// same compares a struct statx with a device, an inode and a type.
//
//go:nosplit
//go:norace
func same(statx, want unsafe.Pointer) int64 {
	w := (*[3]uint64)(want)
	switch {
	case *(*uint64)(unsafe.Add(statx, statxDevice)) != w[0]:
		return 1
	case *(*uint64)(unsafe.Add(statx, statxInode)) != w[1]:
		return 2
	case uint64(*(*uint16)(unsafe.Add(statx, statxMode)))&typeOfMode != w[2]:
		return 3
	}
	return 0
}

// holds says whether a result is one the Step asks for.
//
//go:nosplit
//go:norace
func (s *Step) holds(result int64) bool {
	switch s.Test {
	case TestAny:
		return true
	case TestEqual:
		return result == int64(s.Want)
	}
	if result >= 0 || result < -4095 {
		return true
	}
	return result == s.Accept[0] || result == s.Accept[1]
}
