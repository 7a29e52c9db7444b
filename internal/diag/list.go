package diag

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// List is the outcome of one look at a profile: every problem, not the first.
type List []Diagnostic

// Sort orders the list by file, place, code and message, and drops repetitions.
func (l *List) Sort() {
	slices.SortStableFunc(*l, compare)
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool { return compare(a, b) == 0 })
}

// compare orders two problems; 0 means that they are the same one.
func compare(a, b Diagnostic) int {
	switch {
	case a.File != b.File:
		return strings.Compare(a.File, b.File)
	case a.Span.Start.before(b.Span.Start):
		return -1
	case b.Span.Start.before(a.Span.Start):
		return 1
	case a.Code != b.Code:
		return strings.Compare(string(a.Code), string(b.Code))
	}
	return strings.Compare(a.Message, b.Message)
}

// Errors is the number of problems that refuse the profile.
func (l List) Errors() int {
	n := 0
	for i := range l {
		if l[i].Severity == Error {
			n++
		}
	}
	return n
}

// Err is nil where the list holds no error. Otherwise it is a
// *multierror.Error with one Diagnostic per error, which errors.As finds.
func (l List) Err() error {
	var all *multierror.Error
	for i := range l {
		if l[i].Severity == Error {
			all = multierror.Append(all, l[i])
		}
	}
	if all != nil {
		all.ErrorFormat = format
	}
	return all.ErrorOrNil()
}

// format joins errors, one per line, without a line break at the end. One
// error stands for itself; several are counted first.
func format(errs []error) string {
	if len(errs) == 1 {
		return errs[0].Error()
	}
	var b strings.Builder
	b.WriteString(strconv.Itoa(len(errs)) + " problems:")
	for _, err := range errs {
		b.WriteString("\n  " + err.Error())
	}
	return b.String()
}
