package evidence

import (
	"cmp"
	"slices"

	"github.com/netjail/netjail/internal/ns"
)

// Census is who was found in the namespaces of a jail. The command and netjail's own
// pid 1 are among them: that they are found shows that others would have been.
type Census struct {
	// Sought are the namespaces that were looked for; 0 for a kind that was not.
	Sought Marks
	// Residents are the processes found, by number.
	Residents []Resident
	// Seen is how many processes /proc showed, and Closed how many of them netjail
	// may not ask for their namespaces. Of those only what the kernel tells everybody
	// is known: their user, network and mount namespaces.
	Seen, Closed int
	// Perhaps are those of the closed that may be in the user namespace: they are not
	// dumpable, and their ids are mapped as if they were.
	Perhaps []Relative
	// Hidden is true where /proc does not show netjail everybody's processes
	// (hidepid, proc(5)).
	Hidden bool
	// Missing says why there may be residents that are not listed; empty where there
	// are none.
	Missing string
	// Within are the processes that the jail's own /proc lists, by their numbers in
	// there. It is asked for a pid namespace that is sought.
	Within Fact[[]Relative]
}

// Resident is a process in one of the namespaces.
type Resident struct {
	PID   int // in netjail's pid namespace
	Inner int // in the jail's; 0 where it is not in that
	Name  string
	Start uint64 // in clock ticks since the host's start
	// In are the namespaces that it, or one of Threads, is in.
	In [ns.Count]bool
	// Below is true where it is in a user namespace below the one that was sought.
	Below bool
	// Inside is true of one whose parents lead to pid 1 of the pid namespace that was
	// sought, and of that itself. It is asked by ReadCompany alone.
	Inside bool
	// Threads are the threads that are in one, where the first is in none.
	Threads []int
	// Target is what was read of it; nil where Why says why nothing was, and of the
	// command and pid 1, of which more is known elsewhere.
	Target *Target
	Why    string
}

// Lives says whether it is in any of the namespaces.
func (r *Resident) Lives() bool { return r.Below || r.In != [ns.Count]bool{} }

// sameResidents says whether two lists name the same processes in the same namespaces.
func sameResidents(a, b []Resident) bool {
	return slices.EqualFunc(a, b, func(x, y Resident) bool {
		return x.PID == y.PID && x.Start == y.Start && x.In == y.In && x.Below == y.Below && slices.Equal(x.Threads, y.Threads)
	})
}

// samePerhaps says whether two lists name the same processes.
func samePerhaps(a, b []Relative) bool {
	return slices.EqualFunc(a, b, func(x, y Relative) bool { return x.PID == y.PID && x.Start == y.Start })
}

// byNumber sorts residents.
func byNumber(a, b Resident) int { return cmp.Compare(a.PID, b.PID) }

// mayBelong says whether a process with these lines in its uid_map can be in a user
// namespace that has the jail's lines, or below: none of its ids is outside of the
// jail's. All are as netjail sees them. A namespace without a map can be below where
// the process's own id is one of the jail's: nobody else can make one there.
func mayBelong(its []IDMapLine, uid uint32, jail []IDMapLine) bool {
	if len(its) == 0 {
		return within(IDMapLine{Outside: uid, Size: 1}, jail)
	}
	for _, l := range its {
		if !within(l, jail) {
			return false
		}
	}
	return true
}

// within says whether every outside id of a line is one of the jail's.
func within(l IDMapLine, jail []IDMapLine) bool {
	first, end := uint64(l.Outside), uint64(l.Outside)+uint64(l.Size)
	for first < end {
		next := first
		for _, j := range jail {
			if from, to := uint64(j.Outside), uint64(j.Outside)+uint64(j.Size); from <= first && first < to {
				next = max(next, to)
			}
		}
		if next == first {
			return false
		}
		first = next
	}
	return true
}
