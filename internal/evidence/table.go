package evidence

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/netjail/netjail/internal/plan"
)

// table finds readings by their fact. They are some forty: looking through them
// costs less than an index would.
type table struct{ readings []plan.Reading }

var (
	errNoReading = errors.New("the plan has no such reading")
	errTwice     = errors.New("the plan reads it twice, and a fact has one value")
)

// done is the one reading of a fact, whatever the call answered.
func (t *table) done(f plan.Fact) (*plan.Reading, error) {
	all := t.all(f)
	switch {
	case len(all) == 0:
		return nil, errNoReading
	case len(all) > 1:
		return nil, errTwice
	case !all[0].Done:
		return nil, fmt.Errorf("the child never reached op %d", all[0].Op)
	}
	return all[0], nil
}

// granted is the one reading of a fact, whose call did not fail.
func (t *table) granted(f plan.Fact) (*plan.Reading, error) {
	r, err := t.done(f)
	if err != nil {
		return nil, err
	}
	if r.Result < 0 {
		return nil, fmt.Errorf("op %d: %s", r.Op, errnoName(-r.Result))
	}
	return r, nil
}

// all are the readings of a fact, in order: one that is read in several parts
// has several.
func (t *table) all(f plan.Fact) []*plan.Reading {
	var parts []*plan.Reading
	for i := range t.readings {
		if t.readings[i].Fact == f {
			parts = append(parts, &t.readings[i])
		}
	}
	return parts
}

// cite names a call and the op of the plan that made it.
func cite(call string, r *plan.Reading) string { return call + ", op " + strconv.Itoa(r.Op) }
