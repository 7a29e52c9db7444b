package trial

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/policy"
)

// Results are those of several profiles, a profile's own beside one another.
type Results []Result

// Count is how many have an outcome.
func (l Results) Count(o Outcome) int {
	n := 0
	for i := range l {
		if l[i].Outcome == o {
			n++
		}
	}
	return n
}

// Suites are the results profile by profile, in order. Two profiles may have one
// name.
func (l Results) Suites() []Results {
	var suites []Results
	for begin, i := 0, 1; i <= len(l); i++ {
		if i == len(l) || l[i].Profile != l[begin].Profile {
			suites = append(suites, l[begin:i])
			begin = i
		}
	}
	return suites
}

// Summary is "14 tests of 2 profiles: 12 passed, 1 failed, 1 skipped".
func (l Results) Summary() string {
	text := counted(len(l), "test") + " of " + counted(len(l.Suites()), "profile")
	lead := ": "
	for _, c := range [...]struct {
		outcome Outcome
		word    string
	}{{Pass, "passed"}, {Fail, "failed"}, {Error, "could not be made"}, {Skipped, "skipped"}} {
		if n := l.Count(c.outcome); n > 0 {
			text += lead + strconv.Itoa(n) + " " + c.word
			lead = ", "
		}
	}
	return text
}

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// Deed is what a test tries, in a few words.
func Deed(t *policy.Test) string {
	switch {
	case t.Run != nil:
		return "run " + strings.Join(t.Run, " ")
	case t.Connect != "":
		return "connect " + t.Connect
	case t.Resolve != "":
		return "resolve " + t.Resolve
	case t.Write:
		return "write " + t.Open
	}
	return "read " + t.Open
}

// fact is a line about a result.
type fact struct{ name, value string }

// facts are what is known about a result; empty ones are left out.
func (r *Result) facts() []fact {
	all := []fact{
		{"why", r.Why},
		{"tried", Deed(r.Test)},
		{"expected", r.Test.Expect.Verdict.String()},
		{"inside", r.Inside},
		{"outside", r.Outside},
		{"at", r.Test.At.String()},
	}
	if r.Test.Expect.Verdict == policy.VerdictOutcome {
		all[2].value = "exit status " + strconv.Itoa(r.Test.Expect.Exit)
	}
	var known []fact
	for _, f := range all {
		if f.value != "" {
			known = append(known, f)
		}
	}
	return known
}
