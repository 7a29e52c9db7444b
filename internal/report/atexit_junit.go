package report

import "strconv"

// cases are the numbers of a suite.
type cases struct{ tests, failures, errors, skipped int }

func countCases(c Counts, tests int) cases {
	return cases{tests, c.Fail + c.Open, c.Unknown, c.Unclosable + c.NotApplicable + c.NotAttempted + c.NotExamined + c.NotObservable}
}

func (a cases) plus(b cases) cases {
	return cases{a.tests + b.tests, a.failures + b.failures, a.errors + b.errors, a.skipped + b.skipped}
}

func (a cases) attributes() []string {
	return []string{
		"tests", strconv.Itoa(a.tests), "failures", strconv.Itoa(a.failures),
		"errors", strconv.Itoa(a.errors), "skipped", strconv.Itoa(a.skipped),
	}
}

// cases are those of the look at the end: one for each finding, and one that says
// whether all was read.
func (a *AtExit) cases() (n cases) {
	if a == nil {
		return n
	}
	for i := range a.Processes {
		n.tests += len(a.Processes[i].Findings)
	}
	n = countCases(a.counts(), n.tests+1)
	if a.incomplete() != "" {
		n.errors++
	}
	return n
}

// incomplete says what was not read; empty where all was.
func (a *AtExit) incomplete() string {
	switch {
	case !a.Made || a.Why != "":
		return "nobody looked, or not at all of it: " + a.Why
	case a.unread() > 0:
		return plural(a.unread(), "process", "processes") + " could not be read"
	case !a.hasCommand():
		return "the command itself was gone"
	}
	return ""
}

// atExit writes the look at the end as a suite of its own.
func (x *junit) atExit(a *AtExit, n cases) {
	if a == nil {
		return
	}
	x.Open(1, "testsuite", append([]string{"name", "at exit"}, n.attributes()...)...)
	x.Open(2, "testcase", "classname", "netjail.at-exit", "name", "everything was read")
	if why := a.incomplete(); why != "" {
		x.Element(3, "error", why, "type", "unknown", "message", why)
	} else {
		x.Element(3, "system-out", plural(len(a.Processes), "process", "processes"))
	}
	x.End(2, "testcase")
	for i := range a.Processes {
		p := &a.Processes[i]
		for k := range p.Findings {
			x.testCase("netjail.at-exit."+strconv.Itoa(p.PID)+".", &p.Findings[k])
		}
	}
	x.End(1, "testsuite")
}
