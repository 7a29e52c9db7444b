package trial

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/markup"
)

// AppendJUnit appends the results as JUnit XML: a suite for each profile.
func (l Results) AppendJUnit(b []byte) []byte {
	x := junit{markup.XML{Text: b}}
	x.Raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.Open(0, "testsuites", append([]string{"name", "netjail test"}, l.numbers()...)...)
	for _, suite := range l.Suites() {
		x.Open(1, "testsuite", append([]string{"name", suite[0].Profile}, suite.numbers()...)...)
		for i := range suite {
			x.testCase(&suite[i])
		}
		x.End(1, "testsuite")
	}
	x.End(0, "testsuites")
	return x.Text
}

// numbers are the counts of a suite, as attributes.
func (l Results) numbers() []string {
	milliseconds := int64(0)
	for i := range l {
		milliseconds += l[i].Milliseconds
	}
	return []string{
		"tests", strconv.Itoa(len(l)), "failures", strconv.Itoa(l.Count(Fail)), "errors", strconv.Itoa(l.Count(Error)),
		"skipped", strconv.Itoa(l.Count(Skipped)), "time", seconds(milliseconds),
	}
}

func seconds(milliseconds int64) string {
	return fmt.Sprintf("%d.%03d", milliseconds/1000, milliseconds%1000)
}

// junit collects the XML.
type junit struct{ markup.XML }

func (x *junit) testCase(r *Result) {
	x.Open(2, "testcase", "classname", "netjail.test."+r.Profile, "name", r.Test.Name, "time", seconds(r.Milliseconds))
	var details strings.Builder
	for _, f := range r.facts() {
		details.WriteString(f.name + ": " + f.value + "\n")
	}
	switch r.Outcome {
	case Pass:
		x.Element(3, "system-out", details.String())
	case Skipped:
		x.Empty(3, "skipped", "message", r.Why+": "+r.Outside)
	case Fail:
		x.Element(3, "failure", details.String(), "type", "fail", "message", r.Why)
	default:
		x.Element(3, "error", details.String(), "type", "error", "message", r.Why)
	}
	x.End(2, "testcase")
}
