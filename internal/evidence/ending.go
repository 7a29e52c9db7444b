package evidence

import (
	"slices"

	"github.com/netjail/netjail/internal/ns"
)

// Ending is everything that was alive in a jail when its command came to its end.
type Ending struct {
	// Processes are the command and what it left, by number, the command first.
	Processes []EndProcess
	// Moving says why others than the command may have run while they were read;
	// empty where all stood still.
	Moving string
	// Missing says why there may be processes that are not listed; empty where
	// there are none.
	Missing string
	// Vanished is how many ended by themselves before they had been read whole. Of
	// those nothing is kept.
	Vanished int
}

// EndProcess is one process at the end.
type EndProcess struct {
	PID     int // in netjail's pid namespace
	Name    string
	Command bool
	// Target is what was read; nil where Why says why nothing was.
	Target *Target
	Why    string
}

// Relative is a process as /proc/PID/stat tells of it, which anybody may read.
type Relative struct {
	PID, Parent int
	Name        string
	State       byte   // the letter of proc_pid_stat(5)
	Threads     int    // with those that have ended and are not reaped
	Start       uint64 // in clock ticks since the host's start
}

// Alive says whether it runs, or stands still: of one whose first thread has ended
// others may live.
func (r *Relative) Alive() bool { return r.State != 'Z' && r.State != 'X' || r.Threads > 1 }

// Still says whether it does nothing now.
func (r *Relative) Still() bool { return r.State == 'T' || r.State == 't' }

// Below are the processes whose parents lead to top, by number, without top
// itself.
func Below(all []Relative, top int) []Relative {
	in := map[int]bool{top: true}
	for grown := true; grown; { // a child may have the smaller number
		grown = false
		for i := range all {
			if in[all[i].Parent] && !in[all[i].PID] {
				in[all[i].PID], grown = true, true
			}
		}
	}
	var found []Relative
	for i := range all {
		if in[all[i].PID] && all[i].PID != top {
			found = append(found, all[i])
		}
	}
	slices.SortFunc(found, func(a, b Relative) int { return a.PID - b.PID })
	return found
}

// Marks are the namespaces by which a process is known as one of a jail's where no
// pid namespace holds them together: those that were made for it. The zero of a
// kind stands for none.
type Marks [ns.Count]NamespaceID
