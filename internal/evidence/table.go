package evidence

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/netjail/netjail/internal/plan"
)

// table finds readings by their fact.
type table struct {
	readings []plan.Reading
	first    map[plan.Fact]int // index of the first reading of a fact
	again    map[plan.Fact]bool
}

func newTable(rs []plan.Reading) *table {
	t := &table{readings: rs, first: make(map[plan.Fact]int, len(rs))}
	for i := range rs {
		f := rs[i].Fact
		if _, ok := t.first[f]; !ok {
			t.first[f] = i
			continue
		}
		if t.again == nil {
			t.again = map[plan.Fact]bool{}
		}
		t.again[f] = true
	}
	return t
}

var (
	errNoReading = errors.New("the plan has no such reading")
	errTwice     = errors.New("the plan reads it twice, and a fact has one value")
)

// done is the one reading of a fact, whatever the call answered.
func (t *table) done(f plan.Fact) (*plan.Reading, error) {
	i, ok := t.first[f]
	if !ok {
		return nil, errNoReading
	}
	if t.again[f] {
		return nil, errTwice
	}
	r := &t.readings[i]
	if !r.Done {
		return nil, fmt.Errorf("the child never reached op %d", r.Op)
	}
	return r, nil
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

// all are the readings of a fact that is read in several parts, in order.
func (t *table) all(f plan.Fact) []*plan.Reading {
	var parts []*plan.Reading
	i, ok := t.first[f]
	for ok && i < len(t.readings) {
		if t.readings[i].Fact == f {
			parts = append(parts, &t.readings[i])
		}
		i++
	}
	return parts
}

// cite names a call and the op of the plan that made it.
func cite(call string, r *plan.Reading) string { return call + ", op " + strconv.Itoa(r.Op) }
