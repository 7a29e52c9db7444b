package report

import (
	"errors"
	"strconv"

	"github.com/netjail/netjail/internal/audit"
)

// Drift is what changed since a stored report.
type Drift struct {
	Report   *Report
	Baseline *Stored
	// Notes say in what else the two differ: profile, kernel, version.
	Notes   []string
	Changes []Change
}

// Change is a check with another answer than it had.
type Change struct {
	Check         string
	Direction     Direction
	Before, After string // the words of the answers; empty where there was, or is, none
	// FoundBefore and Found are what was found.
	FoundBefore, Found string
}

// Direction says what a change means.
type Direction uint8

// The directions.
const (
	Same   Direction = iota // another statement, of the same weight
	Better                  // less is open, or more is known
	Worse                   // more is open, or less is known
	directions
)

var directionNames = [directions]string{"same", "better", "worse"}

// String is the direction in lower case.
func (d Direction) String() string { return directionNames[d] }

// Directions lists every direction.
func Directions() []Direction { return []Direction{Same, Better, Worse} }

// ErrOther says that two reports cannot be compared.
var ErrOther = errors.New("the baseline is a report of another kind")

// Since compares a report with a stored one.
//
// Errors: ErrOther where one is of a running process and the other of a start, or
// one has a profile and the other none.
func Since(baseline *Stored, r *Report) (*Drift, error) {
	if baseline.Running != (r.Process != nil) || (baseline.Profile == "") != (r.Profile.Name == "") {
		return nil, ErrOther
	}
	d := &Drift{Report: r, Baseline: baseline}
	for _, n := range [...]struct{ what, before, now string }{
		{"profile", baseline.Profile, r.Profile.Name},
		{"digest of the profile", baseline.Digest, r.Profile.Digest},
		{"kernel", baseline.Kernel, r.Kernel},
		{"netjail", baseline.Netjail, r.Netjail},
		{"uid", baseline.UID, strconv.FormatUint(uint64(r.User.UID), 10)},
		{"full audit", strconv.FormatBool(baseline.Full), strconv.FormatBool(r.Full)},
	} {
		if n.before != n.now {
			d.Notes = append(d.Notes, n.what+" was "+orNone(n.before)+" and is "+orNone(n.now))
		}
	}
	d.compare()
	return d, nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// compare lists the changes: the checks of now in their order, then those that are
// gone.
func (d *Drift) compare() {
	before := map[string]*audit.Finding{}
	for i := range d.Baseline.Findings {
		before[d.Baseline.Findings[i].Check] = &d.Baseline.Findings[i]
	}
	for i := range d.Report.Findings {
		now := &d.Report.Findings[i]
		d.add(before[now.Check], now)
		delete(before, now.Check)
	}
	for i := range d.Baseline.Findings {
		if was := &d.Baseline.Findings[i]; before[was.Check] != nil {
			d.add(was, nil)
		}
	}
}

func (d *Drift) add(was, now *audit.Finding) {
	c := Change{Direction: direction(was, now)}
	if was != nil {
		c.Check, c.Before, c.FoundBefore = was.Check, answer(was), was.Found
	}
	if now != nil {
		c.Check, c.After, c.Found = now.Check, answer(now), now.Found
	}
	if c.Before != c.After || c.Direction != Same || matters(was) && shapeOf(was.Found).differs(now.Found) {
		d.Changes = append(d.Changes, c)
	}
}

// answer is the word of a finding's group; a waived failure is not what a key
// declares.
func answer(f *audit.Finding) string {
	if f.Waiver != "" {
		return "waived"
	}
	return headings[groupOf(f)].word
}

// direction compares the weights. A check that is gone is no longer made, and one
// that is new is as good as its answer.
func direction(was, now *audit.Finding) Direction {
	switch {
	case now == nil:
		return Worse
	case was == nil && badness(now) > 1:
		return Worse
	case was == nil || badness(was) == badness(now):
		return Same
	case badness(now) > badness(was):
		return Worse
	}
	return Better
}

// badness orders answers. What is not known is worse than what is declared, and
// better than what failed.
func badness(f *audit.Finding) int {
	switch groupOf(f) {
	case groupPass, groupClosed, groupNotApplicable:
		return 0
	case groupDeclared:
		if f.Waiver != "" {
			return 2
		}
		return 1
	case groupUnclosable:
		return 2
	case groupNotAttempted, groupNotObservable, groupNotExamined:
		return 3
	case groupUnknown:
		return 4
	}
	return 5
}

// matters says whether another statement of the same weight is worth a line: what
// is open may have become more.
func matters(f *audit.Finding) bool {
	switch groupOf(f) {
	case groupFail, groupOpen, groupUnclosable, groupDeclared:
		return true
	}
	return false
}

// statementShape is a statement but for its numbers, which differ from start to start: those
// of processes, namespaces and devices.
type statementShape string

func shapeOf(s string) statementShape {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if c := s[i]; c < '0' || c > '9' {
			out = append(out, c)
		} else if i == 0 || s[i-1] < '0' || s[i-1] > '9' {
			out = append(out, '#')
		}
	}
	return statementShape(out)
}

func (s statementShape) differs(other string) bool { return s != shapeOf(other) }

// Worse says whether anything changed for the worse.
func (d *Drift) Worse() bool { return d.count(Worse) > 0 }

func (d *Drift) count(direction Direction) int {
	n := 0
	for i := range d.Changes {
		if d.Changes[i].Direction == direction {
			n++
		}
	}
	return n
}
