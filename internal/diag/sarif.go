package diag

import (
	"slices"
	"strconv"

	"github.com/netjail/netjail/internal/markup"
)

// AppendSARIF appends the list as a SARIF 2.1.0 log with one run, in which the
// codes are the rules. version is netjail's.
func AppendSARIF(dst []byte, l List, version string) []byte {
	dst = append(dst, `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"tool":{"driver":{"name":"netjail","version":`...)
	dst = append(AppendQuote(dst, version), `,"informationUri":"https://github.com/netjail/netjail","rules":[`...)
	codes := l.codes()
	for i, c := range codes {
		dst = appendRule(append(dst, separator(i)...), c)
	}
	// SARIF counts UTF-16 units unless it is told otherwise.
	dst = append(dst, "]}},\n\"columnKind\":\"unicodeCodePoints\",\"results\":["...)
	for i := range l {
		dst = l[i].appendResult(append(dst, separator(i)...), slices.Index(codes, l[i].Code))
	}
	return append(dst, "]}]}\n"...)
}

// separator stands before the item with this index.
func separator(i int) string {
	if i > 0 {
		return ",\n  "
	}
	return "\n  "
}

// codes are those that the list holds, each once.
func (l List) codes() []Code {
	var codes []Code
	for i := range l {
		if !slices.Contains(codes, l[i].Code) {
			codes = append(codes, l[i].Code)
		}
	}
	return codes
}

func appendRule(dst []byte, c Code) []byte {
	info, _ := Lookup(c)
	dst = AppendQuote(append(dst, `{"id":`...), string(c))
	dst = AppendQuote(append(dst, `,"shortDescription":{"text":`...), info.Title)
	dst = AppendQuote(append(dst, `},"fullDescription":{"text":`...), info.Explanation)
	return append(dst, "}}"...)
}

func (d *Diagnostic) appendResult(dst []byte, rule int) []byte {
	dst = AppendQuote(append(dst, `{"ruleId":`...), string(d.Code))
	dst = strconv.AppendInt(append(dst, `,"ruleIndex":`...), int64(rule), 10)
	dst = AppendQuote(append(dst, `,"level":`...), d.Severity.String())
	dst = AppendQuote(append(dst, `,"message":{"text":`...), d.advice())
	dst = append(appendPlace(append(dst, `},"locations":[`...), d.File, d.Span), ']')
	if d.Edit != nil {
		dst = append(dst, `,"fixes":[{"artifactChanges":[{"artifactLocation":{"uri":`...)
		dst = append(AppendQuote(dst, markup.URI(d.File)), `},"replacements":[{"deletedRegion":{`...)
		dst = append(appendRegion(dst, d.Edit.Span), `},"insertedContent":{"text":`...)
		dst = append(AppendQuote(dst, d.Edit.Text), "}}]}]}]"...)
	}
	return append(dst, '}')
}

// advice is the message with what to do.
func (d *Diagnostic) advice() string {
	if d.Help == "" {
		return d.Message
	}
	return d.Message + "; " + d.Help
}

func appendPlace(dst []byte, file string, s Span) []byte {
	dst = append(dst, `{"physicalLocation":{"artifactLocation":{"uri":`...)
	dst = append(AppendQuote(dst, markup.URI(file)), '}')
	if s.Start.Known() {
		dst = append(appendRegion(append(dst, `,"region":{`...), s), '}')
	}
	return append(dst, "}}"...)
}

func appendRegion(dst []byte, s Span) []byte {
	dst = strconv.AppendInt(append(dst, `"startLine":`...), int64(s.Start.Line), 10)
	dst = appendInt(dst, "startColumn", s.Start.Column)
	dst = appendInt(dst, "endLine", s.End.Line)
	return appendInt(dst, "endColumn", s.End.Column)
}
