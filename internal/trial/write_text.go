package trial

import "github.com/netjail/netjail/internal/markup"

// TextOptions choose how the text looks.
type TextOptions struct {
	Color bool
	// Verbose says of what passed as well what was seen.
	Verbose bool
}

// colors are those of the outcomes, as parameters of SGR (ECMA-48).
var colors = [...]string{Error: "1;31", Fail: "1;31", Skipped: "1;33", Pass: "32"}

// AppendText appends the results for people: a line for each test below its
// profile, and what was seen below that where it did not pass.
func (l Results) AppendText(b []byte, o TextOptions) []byte {
	for _, suite := range l.Suites() {
		b = append(b, markup.Visible(suite[0].Profile)+"\n"...)
		for i := range suite {
			b = suite[i].appendText(b, o)
		}
	}
	return b
}

func (r *Result) appendText(b []byte, o TextOptions) []byte {
	word := (r.Outcome.String() + "  ")[:5]
	if o.Color {
		word = "\x1b[" + colors[r.Outcome] + "m" + word + "\x1b[0m"
	}
	b = append(b, "  "+word+"  "+markup.Visible(r.Test.Name)+"\n"...)
	if r.Outcome == Pass && !o.Verbose {
		return b
	}
	for _, f := range r.facts() {
		b = append(b, "         "+f.name+": "+markup.Visible(f.value)+"\n"...)
	}
	return b
}
