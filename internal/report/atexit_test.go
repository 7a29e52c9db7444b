package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/audit"
)

// ended is a report with something of everything at the end.
func ended() *Report {
	r := started()
	r.Findings = append([]audit.Finding{{Check: "proc.threads", Verdict: audit.Pass, Found: "1 thread"}}, r.Findings...)
	r.AtExit = &AtExit{
		Made: true, Ended: "exit 0", Vanished: 2, Moving: "without a new pid namespace they are not the jail's alone to stop",
		Processes: []EndProcess{
			{PID: 71, Name: "make", Program: "/usr/bin/make", Command: true, Threads: 1, Findings: []audit.Finding{
				{Check: "ns.user", Verdict: audit.Pass, Side: audit.SideOutside, Found: "user:[4026532100]"},
				{Check: "escape.connect", Verdict: audit.Unknown, Scope: audit.NotObservable, Note: "cannot be known from outside"},
			}},
			{PID: 72, Name: "w|rk\x1b[2J", Program: "/srv/a b", Threads: 2, Findings: []audit.Finding{
				{Check: "ns.user", Verdict: audit.Fail, Side: audit.SideOutside, Found: "user:[4026531837]", Note: "it has got into netjail's own namespace", Thread: 73},
				{Check: "caps.effective", Verdict: audit.Declared, Side: audit.SideOutside, Found: "CAP_NET_RAW", Note: "nestedUserNamespaces is allow"},
			}},
			{PID: 74, Name: "gpg", Why: "the process changed while it was read: it executed \"b\""},
		},
	}
	return r
}

// TestAtExitForms holds every form to a golden file; none passes on a name's control
// characters.
func TestAtExitForms(t *testing.T) {
	for _, format := range Formats() {
		text := formOf(t, ended(), format)
		golden(t, testdata("ended."+format), text)
		if bytes.ContainsAny(text, "\x1b\x07") {
			t.Errorf("%s holds a control character", format)
		}
	}
	if err := validate(t, compile(t), jsonOf(t, ended())); err != nil {
		t.Error(err)
	}
}

func TestAtExitVerdict(t *testing.T) {
	command := EndProcess{PID: 1, Command: true, Threads: 1, Findings: []audit.Finding{{Check: "ns.user", Verdict: audit.Pass}}}
	with := func(f audit.Finding) EndProcess { return EndProcess{PID: 2, Threads: 1, Findings: []audit.Finding{f}} }
	for want, list := range map[string][]*AtExit{
		ExitNotAsked: {nil},
		ExitNotMade:  {{}, {Why: "killed"}},
		ExitPass: {
			{Made: true, Processes: []EndProcess{command}},
			{Made: true, Processes: []EndProcess{command, with(audit.Finding{Verdict: audit.Declared}), with(audit.Finding{Scope: audit.NotObservable})}},
		},
		ExitUnknown: {
			{Made: true},
			{Made: true, Processes: []EndProcess{command}, Why: "there are more"},
			{Made: true, Processes: []EndProcess{command, {PID: 2, Why: "EPERM"}}},
			{Made: true, Processes: []EndProcess{command, with(audit.Finding{Check: "fd.tun"})}},
			{Made: true, Processes: []EndProcess{with(audit.Finding{Verdict: audit.Pass})}},
		},
		ExitFail: {{Made: true, Why: "there are more", Processes: []EndProcess{command, with(audit.Finding{Verdict: audit.Fail})}}},
	} {
		for i, a := range list {
			if got := a.Verdict(); got != want {
				t.Errorf("%s %d: %s", want, i, got)
			}
		}
	}
}

// TestAtExitSARIF: a result at the end has its process as its place, and what was
// not read is an error.
func TestAtExitSARIF(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal(formOf(t, ended(), "sarif"), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	errs := 0
	for _, result := range run.Results {
		if run.Tool.Driver.Rules[result.RuleIndex].ID != result.RuleID {
			t.Errorf("%s leads to another rule", result.RuleID)
		}
		if !strings.HasPrefix(result.Message.Text, "at exit") {
			continue
		}
		if result.Level == "error" {
			errs++
		}
		if result.RuleID == "proc.threads" {
			continue
		}
		if len(result.Locations) != 1 || len(result.Locations[0].LogicalLocations) != 1 || !strings.HasPrefix(result.Locations[0].LogicalLocations[0].FullyQualifiedName, "process 7") {
			t.Errorf("%s: %+v", result.Message.Text, result.Locations)
		}
		if result.Level == "error" && (result.Locations[0].PhysicalLocation.ArtifactLocation.URI != "file:///srv/a%20b" || !strings.HasSuffix(result.Locations[0].LogicalLocations[0].FullyQualifiedName, "/thread 73")) {
			t.Errorf("%+v", result.Locations)
		}
	}
	if errs != 2 {
		t.Errorf("%d errors, want the failure and what was not read", errs)
	}
}

// TestAtExitJUnit counts what the suites say.
func TestAtExitJUnit(t *testing.T) {
	var all struct {
		Tests  int `xml:"tests,attr"`
		Errors int `xml:"errors,attr"`
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Cases    []struct {
				Failure *struct{} `xml:"failure"`
				Error   *struct{} `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(formOf(t, ended(), "junit"), &all); err != nil {
		t.Fatal(err)
	}
	tests, errs := 0, 0
	for _, s := range all.Suites {
		failures, broken := 0, 0
		for _, c := range s.Cases {
			if c.Failure != nil {
				failures++
			}
			if c.Error != nil {
				broken++
			}
		}
		if s.Tests != len(s.Cases) || s.Failures != failures || s.Errors != broken {
			t.Errorf("%+v", s)
		}
		tests, errs = tests+s.Tests, errs+s.Errors
	}
	if len(all.Suites) != 2 || all.Tests != tests || all.Errors != errs || errs != 1 {
		t.Errorf("%+v", all)
	}
}
