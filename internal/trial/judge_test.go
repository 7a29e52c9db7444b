package trial

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/policy"
)

// host is the other side of a test, and what was asked of it.
type host struct {
	try, look Answer
	tried     int
}

func (h *host) Try() Answer {
	h.tried++
	return h.try
}

func (h *host) Look() Answer { return h.look }

// TestJudge is the table of decision 21.
func TestJudge(t *testing.T) {
	run, open := policy.Test{Run: []string{"x"}}, policy.Test{Open: "/x"}
	blocked, allowed := policy.VerdictBlocked, policy.VerdictAllowed
	for i, c := range []struct {
		test            policy.Test
		expect          policy.Verdict
		inside, outside Kind
		want            Outcome
		tried           int
	}{
		{run, blocked, Refused, Worked, Pass, 1},
		{run, blocked, Refused, Refused, Error, 1},
		{run, blocked, Refused, Unknown, Error, 1},
		{run, blocked, Worked, Worked, Fail, 0}, // nothing is run outside for it
		{run, blocked, Unknown, Worked, Error, 0},
		{run, blocked, Absent, Worked, Error, 0}, // a missing tool shows nothing
		{run, blocked, Absent, Absent, Error, 0},
		{run, allowed, Worked, Unknown, Pass, 0},
		{run, allowed, Refused, Worked, Fail, 0},
		{run, allowed, Absent, Worked, Error, 0},
		{run, allowed, Unknown, Worked, Error, 0},
		{open, blocked, Refused, Worked, Pass, 1},
		{open, blocked, Absent, Worked, Pass, 1},
		{open, blocked, Absent, Absent, Error, 1},
		{open, blocked, Refused, Absent, Error, 1},
		{open, blocked, Refused, Refused, Error, 1},
		{open, blocked, Worked, Worked, Fail, 0},
		{open, blocked, Unknown, Worked, Error, 0},
		{open, allowed, Worked, Absent, Pass, 0},
		{open, allowed, Absent, Worked, Fail, 1},
		{open, allowed, Refused, Refused, Fail, 1},
		{open, allowed, Absent, Absent, Error, 1},
	} {
		for _, skip := range []bool{false, true} {
			test := c.test
			test.Expect.Verdict, test.SkipAbsent = c.expect, skip
			h := &host{try: Answer{c.outside, "outside"}, look: Answer{c.outside, "outside"}}
			want := c.want
			if skip && c.outside == Absent && want == Error {
				want = Skipped
			}
			r := Judge(&test, Answer{c.inside, "inside"}, h)
			if r.Outcome != want || h.tried != c.tried || (r.Why == "") != (want == Pass) || r.Inside != "inside" {
				t.Errorf("%d %t: %+v, tried %d, want %s", i, skip, r, h.tried, want)
			}
		}
	}
}

func TestReadRun(t *testing.T) {
	run := &policy.Test{Run: []string{"x"}}
	for _, c := range []struct {
		seen Seen
		want Kind
	}{
		{Seen{End: EndStatus}, Worked},
		{Seen{End: EndStatus, Status: 1 << 8}, Refused},
		{Seen{End: EndStatus, Status: 125 << 8}, Refused}, // its own: netjail's failures are no status
		{Seen{End: EndStatus, Status: 9}, Unknown},
		{Seen{End: EndAbsent}, Absent},
		{Seen{End: EndDenied}, Unknown},
		{Seen{End: EndNoJail}, Unknown},
		{Seen{End: EndLate}, Unknown},
		{Seen{}, Unknown},
	} {
		if got := Read(run, &c.seen, nil); got.Kind != c.want {
			t.Errorf("%+v: %+v, want %d", c.seen, got, c.want)
		}
	}
}

func TestReadOpenAndResolve(t *testing.T) {
	for word, want := range map[string]Kind{
		"done": Worked, "empty": Refused, "EACCES": Refused, "EROFS": Refused, "ENOENT": Absent, "ENOTDIR": Absent,
		"left": Unknown, "EIO": Unknown, "EMFILE": Unknown, "errno-4711": Unknown,
	} {
		if got := Read(&policy.Test{Open: "/x"}, said(word), nil); got.Kind != want {
			t.Errorf("%s: %+v, want %d", word, got, want)
		}
	}
	for status, want := range map[uint32]Kind{0: Worked, 2: Absent, 1: Unknown, 3: Unknown, 127: Unknown} {
		s := &Seen{End: EndStatus, Status: unix.WaitStatus(status << 8)}
		if got := Read(&policy.Test{Resolve: "x"}, s, nil); got.Kind != want {
			t.Errorf("%d: %+v, want %d", status, got, want)
		}
	}
	if got := Read(&policy.Test{Resolve: "x"}, &Seen{End: EndAbsent}, nil); got.Kind != Unknown {
		t.Errorf("without getent: %+v", got)
	}
}

func TestCompare(t *testing.T) {
	matches := func(pattern string, _ []byte) bool { return pattern == "yes" }
	for i, c := range []struct {
		expect policy.Expectation
		seen   Seen
		want   Outcome
	}{
		{policy.Expectation{}, Seen{End: EndStatus}, Pass},
		{policy.Expectation{Exit: 3}, Seen{End: EndStatus, Status: 3 << 8}, Pass},
		{policy.Expectation{Exit: 3}, Seen{End: EndStatus}, Fail},
		{policy.Expectation{}, Seen{End: EndStatus, Status: 9}, Fail},
		{policy.Expectation{}, Seen{End: EndLate}, Error},
		{policy.Expectation{}, Seen{End: EndNoJail}, Error},
		{policy.Expectation{}, Seen{End: EndAbsent}, Error},
		{policy.Expectation{Stdout: policy.Output{Contains: "b"}}, Seen{End: EndStatus, Stdout: []byte("abc")}, Pass},
		{policy.Expectation{Stdout: policy.Output{Contains: "b"}}, Seen{End: EndStatus, Stderr: []byte("abc")}, Fail},
		{policy.Expectation{Stdout: policy.Output{Contains: "b"}}, Seen{End: EndStatus, Stdout: []byte("a"), Cut: true}, Error},
		{policy.Expectation{Stderr: policy.Output{Matches: "yes"}}, Seen{End: EndStatus}, Pass},
		{policy.Expectation{Stderr: policy.Output{Matches: "no"}}, Seen{End: EndStatus}, Fail},
		{policy.Expectation{Stderr: policy.Output{None: true}}, Seen{End: EndStatus}, Pass},
		{policy.Expectation{Stderr: policy.Output{None: true}}, Seen{End: EndStatus, Stderr: []byte("\n")}, Fail},
		{policy.Expectation{Stdout: policy.Output{None: true}}, Seen{End: EndStatus, Stdout: []byte("x"), Cut: true}, Fail},
	} {
		c.expect.Verdict = policy.VerdictOutcome
		test := &policy.Test{Run: []string{"x"}, Expect: c.expect}
		h := &host{look: Answer{Worked, "found"}}
		if r := Compare(test, &c.seen, h, matches); r.Outcome != c.want || h.tried > 0 || (r.Why == "") != (c.want == Pass) {
			t.Errorf("%d: %+v, want %s", i, r, c.want)
		}
	}
}
