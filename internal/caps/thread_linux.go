package caps

import (
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// OfThread reads the five sets of the calling thread from the kernel itself:
// capget(2), PR_CAPBSET_READ and PR_CAP_AMBIENT_IS_SET. It needs no /proc.
//
// Preconditions: a caller that has changed one thread's capabilities has locked
// that thread; otherwise any thread of the process may answer.
func OfThread() (Sets, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	sets, err := Capget()
	if err != nil {
		return Sets{}, err
	}
	if sets.Bounding, err = readEach(inBounding); err != nil {
		return Sets{}, fmt.Errorf("read bounding set: %w", err)
	}
	if sets.Ambient, err = readEach(inAmbient); err != nil {
		return Sets{}, fmt.Errorf("read ambient set: %w", err)
	}
	return sets, nil
}

// ErrUnwritten says that a call claimed success and left its buffer as it was.
var ErrUnwritten = errors.New("the call claimed success and wrote nothing")

// unwritten fills capget's buffer beforehand. As the upper half of a set it
// would name capabilities 32 to 63 at once, which no kernel has.
const unwritten = ^uint32(0)

// Capget reads the effective, permitted and inheritable sets of the calling
// thread, by capget(2) alone. Bounding and Ambient stay empty.
func Capget() (Sets, error) {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	poisoned := unix.CapUserData{Effective: unwritten, Permitted: unwritten, Inheritable: unwritten}
	data := [2]unix.CapUserData{poisoned, poisoned}
	if err := unix.Capget(&header, &data[0]); err != nil {
		return Sets{}, fmt.Errorf("read capabilities of the thread: capget: %w", err)
	}
	high := data[1]
	if high.Effective == unwritten || high.Permitted == unwritten || high.Inheritable == unwritten {
		return Sets{}, fmt.Errorf("read capabilities of the thread: capget: %w", ErrUnwritten)
	}
	return Sets{
		Inheritable: halves(data[0].Inheritable, high.Inheritable),
		Permitted:   halves(data[0].Permitted, high.Permitted),
		Effective:   halves(data[0].Effective, high.Effective),
	}, nil
}

func halves(low, high uint32) Set { return Set(low) | Set(high)<<32 }

// readEach asks for one capability after the other, until EINVAL says that the
// kernel knows no more.
func readEach(in func(Cap) (int, error)) (Set, error) {
	var s Set
	for c := range MaxCap + 1 {
		answer, err := in(c)
		if err == unix.EINVAL && c > 0 {
			return s, nil
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w", c, err)
		}
		if answer == 1 {
			s = s.Add(c)
		} else if answer != 0 {
			return 0, fmt.Errorf("%s: the kernel answered %d", c, answer)
		}
	}
	return s, nil
}

func inBounding(c Cap) (int, error) {
	return unix.PrctlRetInt(unix.PR_CAPBSET_READ, uintptr(c), 0, 0, 0)
}

func inAmbient(c Cap) (int, error) {
	return unix.PrctlRetInt(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_IS_SET, uintptr(c), 0, 0)
}
