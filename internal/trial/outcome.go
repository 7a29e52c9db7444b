package trial

import (
	"bytes"
	"strconv"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// Matcher says whether a regular expression matches some part of a text.
type Matcher func(pattern string, text []byte) bool

// Compare says what came of a test that expects an exit status and an output.
func Compare(t *policy.Test, inside *Seen, other Outside, matches Matcher) Result {
	r := Result{Test: t, Inside: inside.String()}
	switch {
	case inside.End == EndAbsent:
		return r.withoutCommand(other)
	case inside.End != EndStatus:
		return r.because(Error, "it cannot be told")
	case inside.Exited() != t.Expect.Exit:
		return r.because(Fail, "expected exit status "+strconv.Itoa(t.Expect.Exit))
	}
	for _, stream := range [...]struct {
		name string
		want *policy.Output
		text []byte
	}{{"stdout", &t.Expect.Stdout, inside.Stdout}, {"stderr", &t.Expect.Stderr, inside.Stderr}} {
		why := compareOutput(stream.want, stream.text, matches)
		switch {
		case why == "":
		case inside.Cut && !stream.want.None:
			return r.because(Error, stream.name+" "+why+" in what was kept of it")
		default:
			return r.because(Fail, stream.name+" "+why)
		}
	}
	return r.because(Pass, "")
}

// compareOutput says what is wrong with a text; "" where nothing is.
func compareOutput(want *policy.Output, text []byte, matches Matcher) string {
	switch {
	case want.None && len(text) > 0:
		return "is not empty: " + diag.Quote(lastLine(text))
	case !bytes.Contains(text, []byte(want.Contains)):
		return "does not contain " + diag.Quote(want.Contains) + "; its last line is " + diag.Quote(lastLine(text))
	case want.Matches != "" && !matches(want.Matches, text):
		return "does not match " + diag.Quote(want.Matches) + "; its last line is " + diag.Quote(lastLine(text))
	}
	return ""
}
