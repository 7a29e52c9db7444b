package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/markup"
)

// WriteJUnit writes the report as JUnit XML: one suite, one test case for each
// finding. What failed is a failure, what could not be told an error, and what
// this run was not to tell is skipped, so that no reader counts it as passed.
func WriteJUnit(w io.Writer, r *Report) error {
	x := junit{}
	c := r.Counts()
	skipped := c.Unclosable + c.NotApplicable + c.NotAttempted + c.NotExamined + c.NotObservable
	numbers := []string{
		"tests", strconv.Itoa(len(r.Findings)), "failures", strconv.Itoa(c.Fail + c.Open),
		"errors", strconv.Itoa(c.Unknown), "skipped", strconv.Itoa(skipped),
	}
	x.Raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.Open(0, "testsuites", append([]string{"name", "netjail audit"}, numbers...)...)
	x.Open(1, "testsuite", append([]string{"name", r.Profile.Name, "timestamp", stamp(r.Time)}, numbers...)...)
	x.properties(r)
	for i := range r.Findings {
		x.testCase(&r.Findings[i])
	}
	x.End(1, "testsuite")
	x.End(0, "testsuites")
	_, err := w.Write(x.Text)
	return err
}

// junit collects the XML.
type junit struct{ markup.XML }

// properties are the facts of the report.
func (x *junit) properties(r *Report) {
	x.Open(2, "properties")
	for _, f := range r.facts() {
		x.Empty(3, "property", "name", f.Name, "value", f.Value)
	}
	x.End(2, "properties")
}

func (x *junit) testCase(f *audit.Finding) {
	family, _, _ := strings.Cut(f.Check, ".")
	attributes := []string{"classname", "netjail." + family, "name", f.Check}
	kind := map[group]string{groupFail: "failure", groupOpen: "failure", groupUnknown: "error"}[groupOf(f)]
	x.Open(2, "testcase", attributes...)
	switch g := groupOf(f); {
	case kind != "":
		x.Element(3, kind, details(f), "type", headings[g].word, "message", statement(f))
	case g == groupPass || g == groupDeclared || g == groupClosed:
		x.Element(3, "system-out", headings[g].word+": "+statement(f))
	default:
		x.Empty(3, "skipped", "message", headings[g].word+": "+skipReason(f))
	}
	x.End(2, "testcase")
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
	for _, line := range []Fact{
		{"expected", f.Expected},
		{"found", f.Found},
		{"seen", seen(f)},
		{"evidence", f.Source},
		{"proves", a.proves},
		{"key", strings.TrimPrefix(a.key, "-")},
		{"remedy", a.remedy},
	} {
		if line.Value != "" {
			text.WriteString(line.Name + ": " + line.Value + "\n")
		}
	}
	return text.String()
}
