package host

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/plan"
)

// TestParse: what the tables of ids say, and that garbage is an error with its
// line.
func TestParse(t *testing.T) {
	for _, c := range []struct {
		name  string
		parse func([]byte) ([]span, error)
		text  string
		want  []span
		err   string // part of the error
	}{
		{"subid", parseSubordinate, "", nil, ""},
		{"subid", parseSubordinate, "u:100000:65536\nv:165536:65536\n", []span{{100000, 65536}, {165536, 65536}}, ""},
		{"subid", parseSubordinate, "u:1:2", []span{{1, 2}}, ""},
		{"subid", parseSubordinate, "# a comment\n\n\r\nu:1:2\r\n", []span{{1, 2}}, ""},
		{"subid", parseSubordinate, "1000:0:4294967295\n", []span{{0, 4294967295}}, ""},
		{"subid", parseSubordinate, "u:1:0\n", []span{{1, 0}}, ""},
		{"subid", parseSubordinate, "u:abc:xyz\n", nil, `1: "abc"`},
		{"subid", parseSubordinate, "u:1:2\nu:1\n", nil, "2: 2 fields"},
		{"subid", parseSubordinate, "u:1:2:3\n", nil, "1: 4 fields"},
		{"subid", parseSubordinate, "u::2\n", nil, `1: ""`},
		{"subid", parseSubordinate, "u:1:\n", nil, `1: ""`},
		{"subid", parseSubordinate, "u:-1:2\n", nil, `1: "-1"`},
		{"subid", parseSubordinate, "u:+1:2\n", nil, `1: "+1"`},
		{"subid", parseSubordinate, "u:1_0:2\n", nil, `1: "1_0"`},
		{"subid", parseSubordinate, "u:0x10:2\n", nil, `1: "0x10"`},
		{"subid", parseSubordinate, "u:04000000000:2000000000\n", nil, `1: "04000000000"`},
		{"subid", parseSubordinate, "u:1:02\n", nil, `1: "02"`},
		{"subid", parseSubordinate, "u: 1:2\n", nil, `1: " 1"`},
		{"subid", parseSubordinate, "u:4294967296:1\n", nil, `1: "4294967296"`},
		{"subid", parseSubordinate, "u:1:18446744073709551616\n", nil, `"18446744073709551616"`},
		{"subid", parseSubordinate, "u:1:2\x00\n", nil, "1: "},
		{"subid", parseSubordinate, " \n", nil, "1: 1 fields"},
		{"accounts", parseAccounts, "root:x:0:0:root:/root:/bin/sh\nu:x:1000:100:,,,:/home/u:/bin/sh\n", []span{{0, 1}, {1000, 1}, {0, 1}, {100, 1}}, ""},
		{"accounts", parseAccounts, "+::::::\n-bob\n+@staff\n", nil, ""},
		{"accounts", parseAccounts, "root:x:0:0:root:/root\n", nil, "1: 6 fields"},
		{"accounts", parseAccounts, "root:x::0:root:/root:/bin/sh\n", nil, `1: ""`},
		{"accounts", parseAccounts, "root:x:0:no:root:/root:/bin/sh\n", nil, `1: "no"`},
		{"groups", parseGroups, "root:x:0:\nstaff:x:50:u,v\n", []span{{0, 1}, {50, 1}}, ""},
		{"groups", parseGroups, "root:x:zero:\n", nil, `1: "zero"`},
		{"groups", parseGroups, "root:x:0\n", nil, "1: 3 fields"},
	} {
		got, err := c.parse([]byte(c.text))
		if err == nil && !slices.Equal(got, c.want) {
			t.Errorf("%s %q: %v, want %v", c.name, c.text, got, c.want)
		}
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s %q: error %v, want %q", c.name, c.text, err, c.err)
		}
	}
}

func TestFreeRange(t *testing.T) {
	everywhere := func(span) bool { return true }
	first := plan.Range{First: rangeFirst, Size: rangeSize}
	second := plan.Range{First: rangeFirst + rangeSize, Size: rangeSize}
	for _, c := range []struct {
		name   string
		taken  []span
		mapped func(span) bool
		want   plan.Range
		why    string // part of it
	}{
		{"nothing taken", nil, everywhere, first, ""},
		{"others far away", []span{{0, 1}, {100000, 65536}, {0xfffffffe, 1}}, everywhere, first, ""},
		{"up to the first", []span{{0, rangeFirst}}, everywhere, first, ""},
		{"from the second on", []span{{rangeFirst + rangeSize, 1 << 31}}, everywhere, first, ""},
		{"the first id", []span{{rangeFirst, 1}}, everywhere, second, ""},
		{"the last id", []span{{rangeFirst + rangeSize - 1, 1}}, everywhere, second, ""},
		{"an overlap from below", []span{{rangeFirst - 5, 6}}, everywhere, second, ""},
		{"all of it", []span{{0, rangeFirst + rangeSize}}, everywhere, second, ""},
		{"several, in any order", []span{{rangeFirst + rangeSize, 1}, {5, 5}, {rangeFirst, 1}}, everywhere, plan.Range{First: rangeFirst + 2*rangeSize, Size: rangeSize}, ""},
		{"all but the last", []span{{0, rangeLast}}, everywhere, plan.Range{First: rangeLast, Size: rangeSize}, ""},
		{"everything taken", []span{{0, 1 << 32}}, everywhere, plan.Range{}, "leave none free"},
		{"nothing mapped", nil, func(span) bool { return false }, plan.Range{}, "1879048192"},
		{"mapped up to where it is taken", []span{{rangeFirst, 1}}, func(s span) bool { return s.first == rangeFirst }, plan.Range{}, "do not exist"},
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
		span span
		want bool
	}{
		{"         0          0 4294967295\n", span{rangeFirst, rangeSize}, true},
		{"0 100000 65536\n", span{0, 65536}, true},
		{"0 100000 65536\n", span{1, 65536}, false},
		{"0 100000 65536\n", span{65535, 1}, true},
		{"5 100000 10\n", span{4, 2}, false},
		{"0 0 10\n10 50 10\n", span{12, 3}, true},
		{"0 0 10\n10 50 10\n", span{5, 10}, false}, // in two lines: not taken, though it could be
		{"", span{0, 1}, false},
		{"garbage\n", span{0, 1}, false},
		{"0 0\n0 0 10\n", span{0, 1}, false},
		{"x 0 10\n", span{0, 1}, false},
	} {
		if got := holds([]byte(c.text), c.span); got != c.want {
			t.Errorf("%q holds %+v: %t", c.text, c.span, got)
		}
	}
}

// TestRootRange: this host's own range, whoever asks.
func TestRootRange(t *testing.T) {
	r, why := rootRange()
	if (r.Size == 0) == (why == "") {
		t.Errorf("%+v, %q", r, why)
	}
	if r.Size != 0 && (r.Size != rangeSize || r.First < rangeFirst || r.First > rangeLast) {
		t.Errorf("%+v", r)
	}
}

// FuzzParse wants from every parser an error, or ranges of 32 bits, one for each
// line that counts.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"u:100000:65536\n", "root:x:0:0:root:/root:/bin/sh\n", "root:x:0:\n", "u:abc:xyz", "#\n+\n-\n\n", "::\n", ":::::::\n", "u:4294967296:0", "\r\r\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		lines := 0
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimRight(line, "\r\n"); line != "" && !strings.ContainsAny(line[:1], "#+-") {
				lines++
			}
		}
		for _, c := range []struct {
			parse func([]byte) ([]span, error)
			each  int
		}{{parseSubordinate, 1}, {parseAccounts, 2}, {parseGroups, 1}} {
			spans, err := c.parse(text)
			if err != nil {
				continue
			}
			if len(spans) != lines*c.each {
				t.Errorf("%d ranges of %d lines", len(spans), lines)
			}
			for _, s := range spans {
				if s.first >= 1<<32 || s.size >= 1<<32 {
					t.Errorf("%+v is more than 32 bits", s)
				}
			}
			if r, why := freeRange(spans, func(span) bool { return true }); why == "" && overlapsAny(span{uint64(r.First), uint64(r.Size)}, spans) {
				t.Errorf("%+v is taken", r)
			}
		}
		holds(text, span{0, 1})
	})
}
