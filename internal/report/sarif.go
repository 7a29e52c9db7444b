package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/markup"
)

// WriteSARIF writes the report as a SARIF 2.1.0 log with one run: the checks are
// its rules, each finding is a result at the profile's line that it belongs to.
//
// A finding that could not be told and stands against the start is an error as
// a failure is: a reader that counts errors must not take it for a pass. A
// channel that nobody looked at is `open`, which SARIF has for it.
func WriteSARIF(w io.Writer, r *Report) error {
	const perFinding = 900 // bytes, roughly
	s := sarif{text: make([]byte, 0, 1024+perFinding*len(r.Findings)), report: r}
	s.raw(`{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{`)
	s.tool()
	s.invocation()
	s.results()
	s.raw("]}]}\n")
	_, err := w.Write(s.text)
	return err
}

// sarif collects the log.
type sarif struct {
	text   []byte
	report *Report
}

func (s *sarif) raw(text string)    { s.text = append(s.text, text...) }
func (s *sarif) string(text string) { s.text = diag.AppendQuote(s.text, text) }

// member writes a name and a string behind what stands before.
func (s *sarif) member(before, name, value string) {
	s.raw(before)
	s.string(name)
	s.raw(":")
	s.string(value)
}

// tool names netjail and the checks, in the order of the findings.
func (s *sarif) tool() {
	s.member(`"tool":{"driver":{`, "name", "netjail")
	s.member(",", "version", s.report.Netjail)
	s.raw(`,"informationUri":"https://github.com/netjail/netjail","rules":[`)
	for i := range s.report.Findings {
		if i > 0 {
			s.raw(",")
		}
		s.rule(&s.report.Findings[i])
	}
	s.raw("]}},\n")
}

func (s *sarif) rule(f *audit.Finding) {
	a := about(f)
	s.member("\n  {", "id", f.Check)
	s.member(`,"shortDescription":{`, "text", a.proves)
	s.raw("}")
	if a.remedy != "" {
		s.member(`,"help":{`, "text", a.remedy)
		s.raw("}")
	}
	s.member(`,"properties":{`, "key", a.key)
	s.raw("}}")
}

// invocation holds the facts of the report. The tool succeeded unless it could
// not do the work: a refusal is its work.
func (s *sarif) invocation() {
	s.raw(`"invocations":[{"executionSuccessful":` + strconv.FormatBool(s.report.Outcome != Failed))
	s.member(",", "startTimeUtc", stamp(s.report.Time))
	s.raw(`,"properties":{`)
	for i, f := range s.report.facts() {
		s.member(comma(i), f.Name, f.Value)
	}
	s.raw("}}],\n")
}

func comma(i int) string {
	if i > 0 {
		return ","
	}
	return ""
}

func (s *sarif) results() {
	s.raw(`"results":[`)
	for i := range s.report.Findings {
		f := &s.report.Findings[i]
		s.raw(comma(i))
		s.result(i, f, message(f), s.locationOf(f))
	}
	s.atExit()
}

// atExit adds what was said of each process at the end, with the process as its
// place.
func (s *sarif) atExit() {
	if s.report.AtExit == nil {
		return
	}
	if why := s.report.AtExit.incomplete(); why != "" {
		s.endResult(&audit.Finding{Check: "proc.threads", Note: why}, "at exit: ", sarifLocation{})
	}
	for i := range s.report.AtExit.Processes {
		p := &s.report.AtExit.Processes[i]
		for k := range p.Findings {
			f := &p.Findings[k]
			if f.Scope == audit.Examined {
				s.endResult(f, "at exit, "+p.label()+": ", processLocation(p.PID, f.Thread, p.Name, p.Program))
			}
		}
	}
}

// endResult is a result of the look at the end, of a check that is among the
// rules.
func (s *sarif) endResult(f *audit.Finding, before string, at sarifLocation) {
	if i := s.ruleIndex(f.Check); i >= 0 {
		s.raw(",")
		s.result(i, f, before+message(f), at)
	}
}

// ruleIndex is the place of a check among the rules, which are those of the report's
// findings; below 0 where it is none of them.
func (s *sarif) ruleIndex(check string) int {
	return slices.IndexFunc(s.report.Findings, func(f audit.Finding) bool { return f.Check == check })
}

// result writes one result of the rule with that index.
func (s *sarif) result(rule int, f *audit.Finding, text string, at sarifLocation) {
	kind, level := judgement(f)
	s.member("\n  {", "ruleId", f.Check)
	s.raw(`,"ruleIndex":` + strconv.Itoa(rule))
	s.member(",", "kind", kind)
	s.member(",", "level", level)
	s.member(`,"message":{`, "text", text)
	s.raw("}")
	s.location(&at)
	s.member(`,"properties":{`, "verdict", f.Verdict.String())
	s.member(",", "scope", f.Scope.String())
	s.member(",", "side", f.Side.String())
	s.member(",", "basis", f.Basis)
	s.member(",", "source", f.Source)
	s.raw("}}")
}

// judgement is SARIF's kind and level: 3.27.9 and 3.27.10 of the standard.
func judgement(f *audit.Finding) (kind, level string) {
	switch groupOf(f) {
	case groupPass:
		return "pass", "none"
	case groupDeclared:
		return "informational", "none"
	case groupNotApplicable:
		return "notApplicable", "none"
	case groupClosed:
		return "pass", "none"
	case groupUnclosable:
		return "review", "none"
	case groupNotAttempted, groupNotExamined, groupNotObservable:
		return "open", "none"
	}
	return "fail", "error"
}

// message says what was found; a result must have one.
func message(f *audit.Finding) string {
	text := headings[groupOf(f)].word
	if more := statement(f); more != "" && f.Scope != audit.NotExamined {
		return text + ": " + more
	}
	return text + ": " + about(f).proves
}

// sarifLocation is where a result belongs: a line of a file, a process, or both.
type sarifLocation struct {
	file    string
	line    int    // 1-based; 0 for the whole file
	process string // such as "process 4711", and one of its threads behind a slash
	name    string // of the process
}

// processLocation is a process, with its program as the file. A path of netjail's
// own mount namespace need not lead to that.
func processLocation(pid, thread int, name, program string) sarifLocation {
	at := sarifLocation{process: "process " + strconv.Itoa(pid), name: name}
	if thread != 0 {
		at.process += "/thread " + strconv.Itoa(thread)
	}
	if strings.HasPrefix(program, "/") {
		at.file = program
	}
	return at
}

// locationOf is the line of the profile that the finding's key stands on; only the
// file, where the key has its default; and nothing for a built-in profile's
// default, which no line says. Without a profile it is the process.
func (s *sarif) locationOf(f *audit.Finding) sarifLocation {
	if !s.report.judged() {
		pid, _ := strconv.Atoi(s.report.fact("pid"))
		return processLocation(pid, f.Thread, s.report.fact("name"), s.report.Program)
	}
	p := &s.report.Profile
	at := p.Origins.Of(strings.TrimPrefix(about(f).key, "-"))
	file := at.File
	if at.Line == 0 && p.Source != BuiltIn {
		file = p.Source
	}
	if file == "" || file == "-" {
		return sarifLocation{}
	}
	return sarifLocation{file: file, line: at.Line}
}

// location writes a location: 3.28 of the standard.
func (s *sarif) location(at *sarifLocation) {
	if at.file == "" && at.process == "" {
		return
	}
	s.raw(`,"locations":[{`)
	if at.file != "" {
		s.member(`"physicalLocation":{"artifactLocation":{`, "uri", markup.URI(at.file))
		s.raw("}")
		if at.line > 0 {
			s.raw(`,"region":{"startLine":` + strconv.Itoa(at.line) + "}")
		}
		s.raw("}")
	}
	if at.process != "" {
		if at.file != "" {
			s.raw(",")
		}
		s.member(`"logicalLocations":[{`, "name", at.name)
		s.member(",", "fullyQualifiedName", at.process)
		s.member(",", "kind", "resource")
		s.raw("}]")
	}
	s.raw("}]")
}
