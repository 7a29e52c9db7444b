package host

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/plan"
)

// taken are claims of which only the ids matter.
func taken(ranges ...plan.Range) []plan.Claim {
	claims := make([]plan.Claim, len(ranges))
	for i, r := range ranges {
		claims[i].Range = r
	}
	return claims
}

func TestFreeRange(t *testing.T) {
	everywhere := func(plan.Range) bool { return true }
	first := plan.Range{First: rangeFirst, Size: rangeSize}
	second := plan.Range{First: rangeFirst + rangeSize, Size: rangeSize}
	for _, c := range []struct {
		name   string
		taken  []plan.Claim
		mapped func(plan.Range) bool
		want   plan.Range
		why    string // part of it
	}{
		{"nothing taken", nil, everywhere, first, ""},
		{"others far away", taken(plan.Range{Size: 1}, plan.Range{First: 100000, Size: 65536}, plan.Range{First: 0xfffffffe, Size: 1}), everywhere, first, ""},
		{"up to the first", taken(plan.Range{Size: rangeFirst}), everywhere, first, ""},
		{"from the second on", taken(plan.Range{First: rangeFirst + rangeSize, Size: 1 << 31}), everywhere, first, ""},
		{"the first id", taken(plan.Range{First: rangeFirst, Size: 1}), everywhere, second, ""},
		{"the last id", taken(plan.Range{First: rangeFirst + rangeSize - 1, Size: 1}), everywhere, second, ""},
		{"an overlap from below", taken(plan.Range{First: rangeFirst - 5, Size: 6}), everywhere, second, ""},
		{"all of it", taken(plan.Range{Size: rangeFirst + rangeSize}), everywhere, second, ""},
		{
			"several, in any order",
			taken(plan.Range{First: rangeFirst + rangeSize, Size: 1}, plan.Range{First: 5, Size: 5}, plan.Range{First: rangeFirst, Size: 1}),
			everywhere,
			plan.Range{First: rangeFirst + 2*rangeSize, Size: rangeSize},
			"",
		},
		{"all but the last", taken(plan.Range{Size: rangeLast}), everywhere, plan.Range{First: rangeLast, Size: rangeSize}, ""},
		{"everything taken", taken(plan.Range{Size: 1<<32 - 1}), everywhere, plan.Range{}, "leave none free"},
		{"nothing mapped", nil, func(plan.Range) bool { return false }, plan.Range{}, "1879048192"},
		{
			"mapped up to where it is taken", taken(plan.Range{First: rangeFirst, Size: 1}),
			func(r plan.Range) bool { return r.First == rangeFirst },
			plan.Range{},
			"do not exist",
		},
	} {
		got, why := freeRange(c.taken, c.mapped)
		if got != c.want || (why == "") != (c.why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s: %+v, %q; want %+v, %q", c.name, got, why, c.want, c.why)
		}
	}
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		text string
		ids  plan.Range
		want bool
	}{
		{"         0          0 4294967295\n", plan.Range{First: rangeFirst, Size: rangeSize}, true},
		{"0 100000 65536\n", plan.Range{First: 0, Size: 65536}, true},
		{"0 100000 65536\n", plan.Range{First: 1, Size: 65536}, false},
		{"0 100000 65536\n", plan.Range{First: 65535, Size: 1}, true},
		{"5 100000 10\n", plan.Range{First: 4, Size: 2}, false},
		{"0 0 10\n10 50 10\n", plan.Range{First: 12, Size: 3}, true},
		{"0 0 10\n10 50 10\n", plan.Range{First: 5, Size: 10}, false}, // in two lines: not taken, though it could be
		{"", plan.Range{Size: 1}, false},
		{"garbage\n", plan.Range{Size: 1}, false},
		{"0 0\n0 0 10\n", plan.Range{Size: 1}, false},
		{"x 0 10\n", plan.Range{Size: 1}, false},
	} {
		if got := holds([]byte(c.text), c.ids); got != c.want {
			t.Errorf("%q holds %+v: %t", c.text, c.ids, got)
		}
	}
}

// TestRootRange: this host's own range, whoever asks, is nobody's.
func TestRootRange(t *testing.T) {
	c, err := readClaims(0, readTable)
	if err != nil {
		t.Fatal(err)
	}
	r, why := rootRange(c.all)
	if (r.Size == 0) == (why == "") {
		t.Errorf("%+v, %q", r, why)
	}
	if r.Size != 0 && (r.Size != rangeSize || r.First < rangeFirst || r.First > rangeLast || overlapsAny(r, c.all)) {
		t.Errorf("%+v", r)
	}
}
