package report

import (
	"io"
	"strings"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/markup"
)

// WriteJUnit writes the report as JUnit XML: one suite, one test case for each
// finding. What failed is a failure, what could not be told an error, and what
// this run was not to tell is skipped, so that no reader counts it as passed.
func WriteJUnit(w io.Writer, r *Report) error {
	x := junit{}
	start, end := countCases(r.Counts(), len(r.Findings)), r.AtExit.cases()
	x.Raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.Open(0, "testsuites", append([]string{"name", "netjail audit"}, start.plus(end).attributes()...)...)
	x.Open(1, "testsuite", append([]string{"name", r.Profile.Name, "timestamp", stamp(r.Time)}, start.attributes()...)...)
	x.properties(r)
	for i := range r.Findings {
		x.testCase("netjail.", &r.Findings[i])
	}
	x.End(1, "testsuite")
	x.atExit(r.AtExit, end)
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

// testCase is one finding; class stands before the family of its check.
func (x *junit) testCase(class string, f *audit.Finding) {
	family, _, _ := strings.Cut(f.Check, ".")
	attributes := []string{"classname", class + family, "name", f.Check}
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
