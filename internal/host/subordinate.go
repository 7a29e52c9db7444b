package host

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/subid"
)

// idKind is one of the two kinds of ids.
type idKind struct {
	word  string // as messages say it
	file  string // that gives subordinate ones
	idMap string // netjail's own
	self  uint32 // the caller's
}

// subordinateOf is what the caller has of one kind.
func (c *claims) subordinateOf(k idKind, uid uint32, all []subid.Range) plan.Subordinate {
	self := strconv.FormatUint(uint64(uid), 10)
	own := subid.Of(all, self, c.names)
	if len(own) == 0 {
		return plan.Subordinate{
			Why:  k.file + " gives " + c.caller(uid) + " no ids",
			Help: c.lineToAdd(k, self),
		}
	}
	if why := spoilt(k, own); why != "" {
		return plan.Subordinate{Why: why, Help: "correct " + k.file}
	}
	s := plan.Subordinate{Ranges: make([]plan.Range, len(own))}
	for i, r := range own {
		s.Ranges[i] = plan.Range{First: r.First, Size: r.Size}
		if !mapped(k.idMap, s.Ranges[i]) {
			return plan.Subordinate{
				Why:  fmt.Sprintf("the %s ids %d to %d, of line %d of %s, do not exist in netjail's own user namespace", k.word, r.First, r.Last(), r.Line, k.file),
				Help: "run netjail outside that namespace",
			}
		}
	}
	return s
}

// caller is the caller by name, where there is one.
func (c *claims) caller(uid uint32) string {
	if len(c.names) == 0 {
		return fmt.Sprintf("the user %d, who has no line in %s,", uid, fileAccounts)
	}
	return fmt.Sprintf("%s (user id %d)", strings.Join(c.names, ", "), uid)
}

// spoilt says which of the caller's lines make no map.
func spoilt(k idKind, own []subid.Range) string {
	if a, b, found := subid.Overlap(own); found {
		return fmt.Sprintf("the lines %d and %d of %s give the caller the same ids", a.Line, b.Line, k.file)
	}
	for _, r := range own {
		switch {
		case r.Holds(0):
			return fmt.Sprintf("line %d of %s holds 0, the host's root", r.Line, k.file)
		case r.Holds(k.self):
			return fmt.Sprintf("line %d of %s holds %d, which the caller has already: no id can be mapped twice", r.Line, k.file, k.self)
		}
	}
	return ""
}

// The range that the line to add begins to look at, as useradd(8) does.
const (
	suggestFirst = 100000
	suggestSize  = 65536
)

// lineToAdd is a line for the caller that takes nobody's ids.
func (c *claims) lineToAdd(k idKind, self string) string {
	owner := self
	if len(c.names) > 0 {
		owner = c.names[0]
	}
	for first := uint32(suggestFirst); first < rangeFirst; first += suggestSize {
		if !overlapsAny(plan.Range{First: first, Size: suggestSize}, c.all) {
			return fmt.Sprintf("as root, add the line `%s:%d:%d` to %s", owner, first, suggestSize, k.file)
		}
	}
	return "as root, add a line for " + owner + " to " + k.file
}
