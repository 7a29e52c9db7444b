package trial

import "github.com/netjail/netjail/internal/policy"

// Outcome is what is known of a test. The zero Outcome claims nothing.
type Outcome uint8

// The outcomes.
const (
	Error   Outcome = iota // the test could not be made
	Fail                   // it is not as the profile expects
	Skipped                // what it is about is not here, and the profile says `absent: skip`
	Pass
)

// String is the word of the outcome.
func (o Outcome) String() string { return [...]string{"error", "fail", "skip", "pass"}[o] }

// Result is a test with what came of it.
type Result struct {
	// Profile is what the profile is called.
	Profile string
	Test    *policy.Test
	Outcome Outcome
	// Inside and Outside are what was seen; Outside is empty where there was no
	// need to look.
	Inside, Outside string
	// Why is the reason where it did not pass.
	Why string
	// Milliseconds is how long it took.
	Milliseconds int64
}

// Outside is the other side of a test.
type Outside interface {
	// Try tries the same outside of the jail.
	Try() Answer
	// Look says whether the command is there outside, without running it: Absent
	// or Worked.
	Look() Answer
}

// Judge says what came of a test that expects `blocked` or `allowed`. The other
// side is asked only where it matters: nothing is run outside for a test that
// has failed already.
func Judge(t *policy.Test, inside Answer, other Outside) Result {
	r := Result{Test: t, Inside: inside.Text}
	switch {
	case inside.Kind == Unknown:
		return r.because(Error, "it cannot be told")
	case t.Run != nil && inside.Kind == Absent:
		return r.withoutCommand(other)
	case t.Expect.Verdict == policy.VerdictAllowed && inside.Kind == Worked:
		return r.because(Pass, "")
	case t.Expect.Verdict == policy.VerdictAllowed:
		return r.notAllowed(other)
	case inside.Kind == Worked:
		return r.because(Fail, "it works inside")
	}
	return r.control(other.Try())
}

func (r Result) because(o Outcome, why string) Result {
	r.Outcome, r.Why = o, why
	return r
}

// absent is a test whose thing is not on this host.
func (r Result) absent(outside Answer) Result {
	r.Outside = outside.Text
	if r.Test.SkipAbsent {
		return r.because(Skipped, "what it is about is not on this host")
	}
	return r.because(Error, "what it is about is not on this host, so nothing can be shown")
}

// withoutCommand: a tool that is missing shows nothing.
func (r Result) withoutCommand(other Outside) Result {
	if outside := other.Look(); outside.Kind == Absent {
		return r.absent(outside)
	}
	return r.because(Error, "the command is there outside and not inside, so nothing can be shown")
}

// notAllowed: what is refused inside may not be there at all. A command is not
// run outside for that.
func (r Result) notAllowed(other Outside) Result {
	if r.Test.Resolve != "" || r.Test.Open != "" {
		outside := other.Try()
		if outside.Kind == Absent {
			return r.absent(outside)
		}
		r.Outside = outside.Text
	}
	return r.because(Fail, "it does not work inside")
}

// control is the end of a test that is blocked inside: it passes where the same
// works outside.
func (r Result) control(outside Answer) Result {
	r.Outside = outside.Text
	switch outside.Kind {
	case Worked:
		return r.because(Pass, "")
	case Absent:
		return r.absent(outside)
	case Refused:
		return r.because(Error, "it does not work outside either, so nothing can be shown")
	}
	return r.because(Error, "the control outside cannot be told")
}
