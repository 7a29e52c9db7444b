// Package library reads capabilities through gocapability, whose initialisation
// reads files and costs every start that links it before it runs; so it stands
// apart from package caps, and only a full audit asks it.
package library

import (
	"fmt"

	"github.com/syndtr/gocapability/capability"

	"github.com/netjail/netjail/internal/caps"
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
func OfProcess(pid int) (caps.Sets, error) {
	if pid <= 0 {
		return caps.Sets{}, fmt.Errorf("read capabilities of process %d: not a process number", pid)
	}
	loaded, err := capability.NewPid2(pid)
	if err != nil {
		return caps.Sets{}, fmt.Errorf("read capabilities of process %d: %w", pid, err)
	}
	for c := range capability.Cap(caps.MaxCap + 1) {
		loaded.Set(capability.CAPS|capability.BOUNDS|capability.AMBS, c)
	}
	if err := loaded.Load(); err != nil {
		return caps.Sets{}, fmt.Errorf("read capabilities of process %d: %w", pid, err)
	}
	var sets caps.Sets
	for k := range caps.Kind(caps.KindCount) {
		set := loadedSet(loaded, k)
		if set == ^caps.Set(0) {
			return caps.Sets{}, fmt.Errorf("read capabilities of process %d: %s set: %w", pid, k, caps.ErrUnwritten)
		}
		*sets.At(k) = set
	}
	return sets, nil
}

// loadedSet takes one set out of what the library read, bit by bit: its own
// notion of the last capability is 63 where /proc is missing.
func loadedSet(loaded capability.Capabilities, k caps.Kind) caps.Set {
	var s caps.Set
	for c := range capability.Cap(caps.MaxCap + 1) {
		if loaded.Get(libraryKind(k), c) {
			s = s.Add(caps.Cap(c))
		}
	}
	return s
}

func libraryKind(k caps.Kind) capability.CapType {
	switch k {
	case caps.Inheritable:
		return capability.INHERITABLE
	case caps.Permitted:
		return capability.PERMITTED
	case caps.Effective:
		return capability.EFFECTIVE
	case caps.Bounding:
		return capability.BOUNDING
	default:
		return capability.AMBIENT
	}
}
