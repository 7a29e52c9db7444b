package evidence

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/plan"
)

// Victim is the process outside the jail that the attempts of a full audit aim at.
type Victim struct {
	PID int
	// UID is what it runs as, in netjail's user namespace.
	UID uint32
	// Controls are netjail's own calls on it, by the attempt that they are the
	// control of: empty where the call worked, else why it did not. What is not in it
	// has no control from outside.
	Controls map[plan.Try]string
	// Excuse says what the host itself, and not the jail, forbids netjail; empty for
	// nothing that explains a control which failed.
	Excuse string
	// State is what had reached it when the command was about to start.
	State Fact[VictimState]
}

// VictimState is what the victim, and /proc about it, tell of what reached it.
type VictimState struct {
	Signals uint64     // that came and that it does not take, bit n-1 for signal n
	Marks   [2]bool    // whether plan.VictimMark stands in its memory, as plan.Victim.Mark has it
	Limit   plan.Limit // its RLIMIT_FSIZE
	Limited bool       // whether that is plan.Victim.Limit
	Tracer  int        // the process that traces it; 0 for none
}

// Reached says whether an attempt has left its trace. Of one that leaves none
// nothing can be said here.
func (s *VictimState) Reached(t plan.Try) bool {
	sent := func(signal int) bool { return s.Signals>>(signal-1)&1 == 1 }
	switch t {
	case plan.TryKill:
		return sent(plan.SignalKill)
	case plan.TryTgkill:
		return sent(plan.SignalTgkill)
	case plan.TryPidfdSignal:
		return sent(plan.SignalPidfd)
	case plan.TryHandedSignal:
		return sent(plan.SignalHanded)
	case plan.TryVMWrite:
		return s.Marks[0]
	case plan.TryMem:
		return s.Marks[1]
	case plan.TryLimitWrite:
		return s.Limited
	case plan.TryTrace:
		return s.Tracer != 0
	}
	return false
}

// NetHandle is netjail's own network namespace by its handle.
type NetHandle struct {
	// Why says why there is none; empty where there is. Missing is true where the
	// kernel has no handles of namespaces: they came with Linux 6.18.
	Why     string
	Missing bool
	// Control says why netjail itself could not open it; empty where it could.
	Control string
}

// allTries are the attempts of a full audit on the victim and on netjail's network
// namespace.
var allTries = [...]plan.Try{
	plan.TryTrace, plan.TryVMRead, plan.TryVMWrite, plan.TryMem, plan.TryLinks, plan.TryEnviron, plan.TryNet,
	plan.TryKill, plan.TryTgkill, plan.TryPidfdSignal, plan.TryHandedSignal, plan.TryGetfd, plan.TryHandedGetfd,
	plan.TryLimitRead, plan.TryLimitWrite, plan.TrySetns, plan.TryHandle, plan.TrySocket,
}

// opensFirst is what has to be opened for an attempt; empty for nothing.
func opensFirst(t plan.Try) plan.Fact {
	switch t {
	case plan.TryMem, plan.TryNet, plan.TryPidfdSignal:
		return plan.FactTryOpen(t)
	case plan.TryGetfd:
		return plan.FactTryOpen(plan.TryPidfdSignal)
	}
	return ""
}

// ownControl is the same call on something of the jail's own; empty for none. A
// process cannot trace itself, and one that has changed its ids may not open its
// own memory by /proc: netjail's control has to do there.
func ownControl(t plan.Try) plan.Fact {
	switch t {
	case plan.TryTrace, plan.TryMem, plan.TryEnviron:
		return ""
	case plan.TryPidfdSignal:
		return plan.FactTryControl(plan.TryHandedSignal)
	case plan.TryGetfd:
		return plan.FactTryControl(plan.TryHandedGetfd)
	case plan.TryLimitWrite:
		return plan.FactTryControl(plan.TryLimitRead)
	}
	return plan.FactTryControl(t)
}

// onHost decodes the attempts that the plan holds; nil where it holds none.
func (t *table) onHost() map[plan.Try]Fact[Attempt] {
	var all map[plan.Try]Fact[Attempt]
	for _, try := range allTries {
		if len(t.all(plan.FactTry(try))) == 0 {
			continue
		}
		if all == nil {
			all = make(map[plan.Try]Fact[Attempt], len(allTries))
		}
		all[try] = t.tryOnHost(try)
	}
	return all
}

// tryOnHost combines one attempt with what it opens first, where that was refused, and
// with its control.
func (t *table) tryOnHost(try plan.Try) Fact[Attempt] {
	r, err := t.done(plan.FactTry(try))
	if first := opensFirst(try); err == nil && first != "" {
		var open *plan.Reading
		if open, err = t.done(first); err == nil && open.Result < 0 {
			r = open
		}
	}
	if err != nil {
		return Unknown[Attempt](string(try), err.Error())
	}
	a := Attempt{Control: true, Succeeded: granted(r), Errno: refusals(r)}
	source := cite(string(try), r)
	if own := ownControl(try); own != "" {
		control, err := t.done(own)
		if err != nil {
			return Unknown[Attempt](source, "control: "+err.Error())
		}
		a.Control = refusals(control) == ""
		source += ", control " + cite("of its own", control)
		if !a.Control {
			source += ": " + refusals(control)
		}
	}
	return Known(a, source)
}

// granted says whether a call, or one of several alike, did not fail.
func granted(r *plan.Reading) bool {
	return len(r.Results) == 0 && r.Result >= 0 || slices.ContainsFunc(r.Results, func(n int64) bool { return n >= 0 })
}

// refusals are the names of the errnos of a call, or of several alike, each once.
func refusals(r *plan.Reading) string {
	results := r.Results
	if len(results) == 0 {
		results = []int64{r.Result}
	}
	var names []string
	for _, n := range results {
		if n < 0 && !slices.Contains(names, errnoName(-n)) {
			names = append(names, errnoName(-n))
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
