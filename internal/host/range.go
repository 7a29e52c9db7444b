package host

import (
	"bytes"
	"fmt"
	"os"

	"github.com/netjail/netjail/internal/plan"
)

// Root's jail gets ids that nobody else has: a user whose subordinate range
// held them could kill it through newuidmap.
const (
	rangeFirst = 0x70000000
	rangeLast  = 0x7fff0000
	rangeSize  = 0x10000
)

// rootRange is the first range from rangeFirst on that is disjoint from every
// subordinate range, every account and every group, and that netjail's own user
// namespace holds. Where there is none, why says so.
func rootRange(all []plan.Claim) (r plan.Range, why string) {
	return freeRange(all, func(r plan.Range) bool {
		return mapped("/proc/self/uid_map", r) && mapped("/proc/self/gid_map", r)
	})
}

// freeRange is the first candidate that overlaps nothing taken and is mapped.
func freeRange(taken []plan.Claim, mapped func(plan.Range) bool) (plan.Range, string) {
	for first := uint32(rangeFirst); first <= rangeLast; first += rangeSize {
		candidate := plan.Range{First: first, Size: rangeSize}
		if !mapped(candidate) {
			return plan.Range{}, fmt.Sprintf("ids from %d on do not exist in netjail's own user namespace", first)
		}
		if !overlapsAny(candidate, taken) {
			return candidate, ""
		}
	}
	return plan.Range{}, "/etc/subuid, /etc/subgid and the accounts leave none free"
}

func overlapsAny(r plan.Range, taken []plan.Claim) bool {
	for i := range taken {
		if r.Overlaps(taken[i].Range) {
			return true
		}
	}
	return false
}

// mapped says whether one of the lines of a map of netjail's own user namespace
// holds all of r.
func mapped(path string, r plan.Range) bool {
	text, err := os.ReadFile(path)
	return err == nil && holds(text, r)
}

func holds(idMap []byte, r plan.Range) bool {
	for line := range bytes.Lines(idMap) {
		fields := bytes.Fields(line)
		if len(fields) != 3 {
			return false
		}
		first, err1 := number(string(fields[0]))
		size, err2 := number(string(fields[2]))
		if err1 == nil && err2 == nil && (plan.Range{First: first, Size: size}).Contains(r) {
			return true
		}
	}
	return false
}
