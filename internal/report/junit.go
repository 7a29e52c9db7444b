package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/audit"
)

// WriteJUnit writes the report as JUnit XML: one suite, one test case for each
// finding. What failed is a failure, what could not be told an error, and what
// this run was not to tell is skipped, so that no reader counts it as passed.
func WriteJUnit(w io.Writer, r *Report) error {
	x := markup{}
	c := r.Counts()
	skipped := c.NotApplicable + c.NotAttempted + c.NotExamined
	numbers := []attribute{
		{"tests", strconv.Itoa(len(r.Findings))}, {"failures", strconv.Itoa(c.Fail)},
		{"errors", strconv.Itoa(c.Unknown)}, {"skipped", strconv.Itoa(skipped)},
	}
	x.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.open(0, "testsuites", append([]attribute{{"name", "netjail audit"}}, numbers...)...)
	x.open(1, "testsuite", append([]attribute{{"name", r.Profile.Name}, {"timestamp", stamp(r.Time)}}, numbers...)...)
	x.properties(r)
	for i := range r.Findings {
		x.testCase(&r.Findings[i])
	}
	x.end(1, "testsuite")
	x.end(0, "testsuites")
	_, err := w.Write(x.text)
	return err
}

// properties are the facts of the report.
func (x *markup) properties(r *Report) {
	x.open(2, "properties")
	for _, f := range r.facts() {
		x.empty(3, "property", attribute{"name", f.name}, attribute{"value", f.value})
	}
	x.end(2, "properties")
}

func (x *markup) testCase(f *audit.Finding) {
	family, _, _ := strings.Cut(f.Check, ".")
	attributes := []attribute{{"classname", "netjail." + family}, {"name", f.Check}}
	kind := map[group]string{groupFail: "failure", groupUnknown: "error"}[groupOf(f)]
	switch g := groupOf(f); {
	case kind != "":
		x.open(2, "testcase", attributes...)
		x.element(3, kind, details(f), attribute{"type", headings[g].word}, attribute{"message", statement(f)})
	case g == groupPass || g == groupDeclared:
		x.open(2, "testcase", attributes...)
		x.element(3, "system-out", headings[g].word+": "+statement(f))
	default:
		x.open(2, "testcase", attributes...)
		x.empty(3, "skipped", attribute{"message", headings[g].word + ": " + skipReason(f)})
	}
	x.end(2, "testcase")
}

// skipReason is why a check was not to be made, or what the channel is that none
// looks at.
func skipReason(f *audit.Finding) string {
	if f.Scope == audit.NotExamined {
		return about(f).proves
	}
	return f.Note
}

// details is everything about a finding that stands against the start, a line
// for each.
func details(f *audit.Finding) string {
	a := about(f)
	var text strings.Builder
	for _, line := range []fact{
		{"expected", f.Expected}, {"found", f.Found}, {"seen", seen(f)}, {"evidence", f.Source},
		{"proves", a.proves}, {"key", strings.TrimPrefix(a.key, "-")}, {"remedy", a.remedy},
	} {
		if line.value != "" {
			text.WriteString(line.name + ": " + line.value + "\n")
		}
	}
	return text.String()
}
