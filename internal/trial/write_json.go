package trial

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// AppendJSON appends {"version":1,"tests":[…]} and a line break. Members that
// hold nothing are left out.
func (l Results) AppendJSON(b []byte) []byte {
	b = append(b, `{"version":1,"tests":[`...)
	for i := range l {
		if i > 0 {
			b = append(b, ',')
		}
		b = l[i].appendJSON(append(b, "\n  "...))
	}
	return append(b, "\n]}\n"...)
}

func (r *Result) appendJSON(b []byte) []byte {
	b = append(b, '{')
	for i, f := range [...]fact{
		{"profile", r.Profile},
		{"name", r.Test.Name},
		{"outcome", r.Outcome.String()},
		{"why", r.Why},
		{"tried", Deed(r.Test)},
		{"expect", r.Test.Expect.Verdict.String()},
		{"inside", r.Inside},
		{"outside", r.Outside},
		{"file", r.Test.At.File},
	} {
		if f.value == "" {
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = diag.AppendQuote(append(diag.AppendQuote(b, f.name), ':'), f.value)
	}
	b = strconv.AppendInt(append(b, `,"line":`...), int64(r.Test.At.Line), 10)
	b = strconv.AppendInt(append(b, `,"milliseconds":`...), r.Milliseconds, 10)
	return append(b, '}')
}
