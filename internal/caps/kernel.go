package caps

import (
	"errors"
	"fmt"

	"github.com/syndtr/gocapability/capability"
)

// OfProcess reads the five sets of the process with this number through
// gocapability. It is the second source, to be compared with ParseStatus: the
// effective, permitted and inheritable sets come from capget(2), the bounding
// and ambient ones from gocapability's own reading of /proc/PID/status.
//
// pid is a process (a thread group leader) in the caller's pid namespace and
// the caller's /proc, above 0: for 0 the library mixes the calling thread's
// capget with the leader's status.
//
// The library ignores status lines that it does not find or understand, and
// believes every capget that returns 0. So all sets are filled with 64 bits
// beforehand, which no kernel has: what is still full was not read.
func OfProcess(pid int) (Sets, error) {
	if pid <= 0 {
		return Sets{}, fmt.Errorf("read capabilities of process %d: not a process number", pid)
	}
	loaded, err := capability.NewPid2(pid)
	if err != nil {
		return Sets{}, fmt.Errorf("read capabilities of process %d: %w", pid, err)
	}
	for c := range capability.Cap(maxCap + 1) {
		loaded.Set(capability.CAPS|capability.BOUNDS|capability.AMBS, c)
	}
	if err := loaded.Load(); err != nil {
		return Sets{}, fmt.Errorf("read capabilities of process %d: %w", pid, err)
	}
	var sets Sets
	for k := range kinds {
		set := loadedSet(loaded, k)
		if set == ^Set(0) {
			return Sets{}, fmt.Errorf("read capabilities of process %d: %s set: %w", pid, k, errUnwritten)
		}
		*sets.at(k) = set
	}
	return sets, nil
}

// errUnwritten says that a call claimed success and left its buffer as it was.
var errUnwritten = errors.New("the call claimed success and wrote nothing")

// loadedSet takes one set out of what the library read, bit by bit: its own
// notion of the last capability is 63 where /proc is missing.
func loadedSet(loaded capability.Capabilities, k Kind) Set {
	var s Set
	for c := range capability.Cap(maxCap + 1) {
		if loaded.Get(libraryKind(k), c) {
			s = s.Add(Cap(c))
		}
	}
	return s
}

func libraryKind(k Kind) capability.CapType {
	switch k {
	case Inheritable:
		return capability.INHERITABLE
	case Permitted:
		return capability.PERMITTED
	case Effective:
		return capability.EFFECTIVE
	case Bounding:
		return capability.BOUNDING
	default:
		return capability.AMBIENT
	}
}
