package trial

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/markup"
)

// AppendTAP appends the results in the Test Anything Protocol, version 14. What
// could not be made is not ok; why is in the YAML below it.
//
// Source: testanything.org, TAP 14 specification.
func (l Results) AppendTAP(b []byte) []byte {
	b = append(b, "TAP version 14\n1.."+strconv.Itoa(len(l))+"\n"...)
	for i := range l {
		b = l[i].appendTAP(b, i+1)
	}
	return b
}

// tapText escapes the characters that mean something in a description.
func tapText(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "#", `\#`)
}

func (r *Result) appendTAP(b []byte, number int) []byte {
	if r.Outcome == Fail || r.Outcome == Error {
		b = append(b, "not "...)
	}
	b = append(b, "ok "+strconv.Itoa(number)+" - "+tapText(markup.Visible(r.Profile+": "+r.Test.Name))...)
	if r.Outcome == Skipped {
		b = append(b, " # SKIP "+markup.Visible(r.Why)...)
	}
	b = append(b, "\n  ---\n  outcome: "+r.Outcome.String()+"\n"...)
	for _, f := range r.facts() {
		b = append(diag.AppendQuoteYAML(append(b, "  "+f.name+": "...), f.value), '\n')
	}
	return append(b, "  ...\n"...)
}
