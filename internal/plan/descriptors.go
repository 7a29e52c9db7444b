package plan

import (
	"math"
	"slices"
	"strconv"
)

// descriptors closes everything that is not to be inherited, by number and
// before anything else. What the set-up itself needs stays open until execve
// closes it.
func (b *builder) descriptors() {
	b.closeAll("fd.close.", "process.inheritFds", "what netjail was started with, and its own ends of the channels, must not reach the jail",
		append(b.setupFDs(), b.host.mountFDs()...)...)
}

// setupFDs are those of the set-up's that the child may have.
func (b *builder) setupFDs() []FD {
	fds := []FD{FDGate, FDStatus, FDReaper, FDHostNet, FDStream, FDStream + 1, FDStream + 2}
	if b.tries() {
		fds = append(fds, FDVictim, FDHostSocket)
	}
	return fds
}

// closeAll closes all but what is inherited and those of the set-up's that it
// still needs. The number of one that has been closed since may be another's.
func (b *builder) closeAll(name, key, why string, needed ...FD) {
	o := Op{Name: name, Call: "close_range", Key: key, Why: why}
	kept := slices.Clone(b.policy.Process.InheritFDs)
	for _, d := range needed {
		kept = append(kept, b.host.FDBase+int(d))
	}
	slices.Sort(kept)
	first := 0
	for _, n := range kept {
		b.closeRange(o, first, n-1)
		first = n + 1
	}
	b.closeRange(o, first, math.MaxUint32)
}

// closeRange closes the descriptors from first to last; it adds nothing for an
// empty range.
func (b *builder) closeRange(o Op, first, last int) {
	if first > last {
		return
	}
	end := num(last)
	if last == math.MaxUint32 {
		end = named("~0U", math.MaxUint32)
	}
	o.Name += strconv.Itoa(first)
	o.Args = []Arg{num(first), end, num(0)}
	b.child(o)
}
